/* Makes each sync of the process that it is preloaded into slower, as on a cloud disk: SYNC_DELAY_US says by how much. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_as_told(void) {
  const char *text = getenv("SYNC_DELAY_US");
  long us = text == NULL ? 0 : atol(text);
  struct timespec delay = { us / 1000000, us % 1000000 * 1000 };
  if (us > 0) clock_nanosleep(CLOCK_MONOTONIC, 0, &delay, NULL);
}

int fsync(int fd) {
  int result = ((int (*)(int)) dlsym(RTLD_NEXT, "fsync"))(fd);
  wait_as_told();
  return result;
}

int fdatasync(int fd) {
  int result = ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(fd);
  wait_as_told();
  return result;
}
