import type { FastifyBaseLogger } from 'fastify'
import { keptBytesOf, newestWithin, type JournalBounds, type JournalEntry } from './domain/journal.js'
import type { JournalStore } from './store/port/journal.js'

/** Takes requests that were answered, and writes them behind the answers. */
export interface Journal<Answered> {
  /** Adds a request. It is in the database a second later at most, unless newer ones have pushed it out. */
  record (answered: Answered): void
  /**
   * Writes the requests that wait, so that a list has all that were answered before.
   *
   * @throws StoreUnavailableError when the database cannot take them for now. They wait on
   */
  flush (): Promise<void>
}

/** What the journal needs. */
export interface JournalOptions<Answered> {
  readonly store: Pick<JournalStore, 'recordRequests'>
  readonly bounds: JournalBounds
  /** Makes an entry of a record. Most are pushed out before, under load. */
  readonly describe: (answered: Answered) => JournalEntry
  readonly log: Pick<FastifyBaseLogger, 'warn'>
}

/** How long an answered request may wait until it is written. */
const DELAY_MS = 1000

/**
 * Makes a journal. What waits is bounded as the table is: under load, only the newest requests are written at all.
 */
export function makeJournal<Answered extends Pick<JournalEntry, 'body' | 'answer'>> (
  { store, bounds, describe, log }: JournalOptions<Answered>
): Journal<Answered> {
  let waiting: Answered[] = []
  let waitingBytes = 0
  let timer: NodeJS.Timeout | undefined
  let written: Promise<void> = Promise.resolve()

  function keep (entries: readonly Answered[]): void {
    waiting = newestWithin(bounds, entries)
    waitingBytes = waiting.reduce((sum, entry) => sum + keptBytesOf(entry), 0)
  }

  function writeLater (): void {
    timer ??= setTimeout(() => {
      flush().catch((error: unknown) => {
        log.warn({ err: error }, 'the journal of requests could not be written, and is tried again')
        writeLater()
      })
    }, DELAY_MS).unref()
  }

  async function write (): Promise<void> {
    const newest = newestWithin(bounds, waiting)
    keep([])
    if (newest.length === 0) return
    try {
      await store.recordRequests(newest.map(describe), bounds)
    } catch (error) {
      keep([...newest, ...waiting])
      throw error
    }
  }

  async function flush (): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const writing = written.then(write)
    written = writing.catch(() => {})
    await writing
  }

  return {
    record: (answered) => {
      waiting.push(answered)
      waitingBytes += keptBytesOf(answered)
      // To drop many at once is cheaper than one at a time.
      if (waiting.length >= 2 * bounds.requests || waitingBytes > 2 * bounds.bytes) keep(waiting)
      writeLater()
    },
    flush
  }
}
