import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { presentPruneReport } from '../api/sandbox/present.js'
import type { Clock } from '../clock.js'
import type { Store } from '../store/store.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** How much older than `RETENTION_DAYS` the newest operation may be, before the clock counts as wrong. */
const REST_DAYS = 31

/** A clock that is far ahead would remove everything. After a long rest nothing is lost by waiting, either. */
const CLOCK_FAR_AHEAD = 'nothing was removed, because the newest operation is more than ' +
  `${REST_DAYS} days older than RETENTION_DAYS: the clock may be wrong. If it is right, run "stip-sandbox prune"`

/**
 * Removes what has become older than it is to be kept: once when the service starts, and once a day after that, as
 * `POST /sandbox/v1/prune` does. What cannot be removed now is removed the next day.
 *
 * @param retentionDays 0 to keep everything
 */
export const retention = fastifyPlugin(async (app: FastifyInstance, { store, clock, retentionDays }: { store: Store, clock: Clock, retentionDays: number }) => {
  if (retentionDays === 0) return

  async function prune (): Promise<void> {
    const beforeMs = clock().getTime() - retentionDays * DAY_MS
    try {
      const newestMs = await store.readNewestOperation()
      if (newestMs !== undefined && newestMs < beforeMs - REST_DAYS * DAY_MS) {
        app.log.warn({ newest: new Date(newestMs).toISOString(), before: new Date(beforeMs).toISOString() }, CLOCK_FAR_AHEAD)
        return
      }
      app.log.info(presentPruneReport(beforeMs, await store.prune(beforeMs, false)), 'what is older than RETENTION_DAYS was removed')
    } catch (error) {
      app.log.error({ err: error }, 'what is older than RETENTION_DAYS could not be removed')
    }
  }

  let timer: NodeJS.Timeout | undefined
  app.addHook('onReady', async () => {
    await prune()
    timer = setInterval(prune, DAY_MS).unref()
  })
  app.addHook('preClose', async () => { clearInterval(timer) })
}, { name: 'retention' })
