import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * No system gives these ports away by itself, so that no other test comes upon one of them by chance. `fetch` refuses
 * none of them.
 */
const [FIRST, BEHIND_LAST] = [11_000, 30_000]

/** Finds a port that nobody listens on, and on which nobody will who does not ask for it. */
export async function findPort (): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, BEHIND_LAST)
    const probe = createServer().listen(port, '127.0.0.1')
    try {
      await once(probe, 'listening')
    } catch (error) {
      if ((error as { code?: string }).code === 'EADDRINUSE') continue
      throw error
    }
    await once(probe.close(), 'close')
    return port
  }
}
