import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Clock } from '../clock.js'
import type { Store } from '../store/port/store.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** How many days the clock may stand ahead of the newest operation before it counts as wrong. */
const REST_DAYS_MAX = 90

const CLOCK_FAR_AHEAD = `nothing is removed while this service runs: its clock stands more than ${REST_DAYS_MAX} ` +
  'days ahead of the newest operation, and may be wrong. If it is right, restart the service after the next update, ' +
  'or run "stip-sandbox prune"'

/** What retention needs. */
export interface RetentionOptions {
  readonly store: Store
  readonly clock: Clock
  /** 0 to keep everything. */
  readonly retentionDays: number
}

/**
 * Removes what has become older than it is to be kept: once when the service starts, and once a day after that, as
 * `POST /sandbox/v1/prune` does. What cannot be removed now is removed the next day.
 */
export const retention = fastifyPlugin(async (app: FastifyInstance, options: RetentionOptions) => {
  if (options.retentionDays === 0) return
  const prune = makeRetention(options, app.log)
  let timer: NodeJS.Timeout | undefined
  app.addHook('onReady', async () => {
    await prune()
    timer = setInterval(prune, DAY_MS).unref()
  })
  app.addHook('preClose', async () => { clearInterval(timer) })
}, { name: 'retention' })

/**
 * Prunes once a day. A clock that was far ahead once is not trusted again: updates of that time make it
 * look right.
 */
export function makeRetention (
  { store, clock, retentionDays }: RetentionOptions, log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
): () => Promise<void> {
  let isClockWrong = false

  /** A database without operations has nothing to lose. */
  async function doubtClock (nowMs: number): Promise<void> {
    const newestMs = await store.readNewestOperation()
    isClockWrong ||= newestMs !== undefined && nowMs - newestMs > REST_DAYS_MAX * DAY_MS
  }

  return async () => {
    const nowMs = clock().getTime()
    const beforeMs = nowMs - retentionDays * DAY_MS
    const before = new Date(beforeMs).toISOString()
    try {
      await doubtClock(nowMs)
      if (isClockWrong) log.warn({ before }, CLOCK_FAR_AHEAD)
      else {
        log.info(
          { before, removed: await store.prune(beforeMs, false) }, 'removed everything older than RETENTION_DAYS'
        )
      }
    } catch (error) {
      log.error({ err: error, before }, 'could not remove everything older than RETENTION_DAYS')
    }
  }
}
