/**
 * Adds to a database's URL that work waits for a connection as long as a busy machine needs, unless the URL says how
 * long it waits. The default is made for a service, whose clients do not wait.
 */
export function patient (url: string): string {
  if (/[?&]connect_timeout=/.test(url)) return url
  return `${url}${url.includes('?') ? '&' : '?'}connect_timeout=120`
}
