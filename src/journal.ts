import type { FastifyBaseLogger } from 'fastify'
import { keptBytesOf, newestWithin, type JournalBounds, type JournalEntry } from './domain/journal.js'
import type { JournalStore } from './store/port/journal.js'
import { serveOthers } from './turns.js'

/** A request as it waits to be written. */
type Waiting<Answered> = Answered & { readonly recordedMs: number }

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
  /** Makes the entry that is written. */
  readonly describe: (answered: Answered) => JournalEntry
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  /** A clock that only goes forwards, in milliseconds. */
  readonly now: () => number
}

/** How long an answered request may wait until it is written. */
const DELAY_MS = 1000

const LARGE_BODY_BYTES = 64 * 1024

/**
 * Makes a journal. What waits is bounded as the table is. Under a load that pushes every request out within a second,
 * nothing is written until the load ends: all that the table would keep may be lost anyway.
 */
export function makeJournal<Answered extends Pick<JournalEntry, 'body' | 'answer'>> (
  { store, bounds, describe, log, now }: JournalOptions<Answered>
): Journal<Answered> {
  let waiting: Array<Waiting<Answered>> = []
  let waitingBytes = 0
  let timer: NodeJS.Timeout | undefined
  let written: Promise<void> = Promise.resolve()

  function keep (entries: ReadonlyArray<Waiting<Answered>>): void {
    waiting = newestWithin(bounds, entries)
    waitingBytes = waiting.reduce((sum, entry) => sum + keptBytesOf(entry), 0)
  }

  function lookLater (delayMs: number): void {
    timer ??= setTimeout(look, delayMs).unref()
  }

  /** Writes when the oldest request of those that are kept is due. */
  function look (): void {
    timer = undefined
    keep(waiting)
    const [oldest] = waiting
    if (oldest === undefined) return
    const dueInMs = oldest.recordedMs + DELAY_MS - now()
    if (dueInMs > 0) return lookLater(dueInMs)
    flush().catch((error: unknown) => {
      log.warn({ err: error }, 'the journal of requests could not be written, and is tried again')
    })
  }

  /** Large bodies are described one after the other, and others are served in between. */
  async function describeAll (entries: readonly Answered[]): Promise<JournalEntry[]> {
    const described: JournalEntry[] = []
    for (const entry of entries) {
      if ((entry.body?.length ?? 0) > LARGE_BODY_BYTES) await serveOthers()
      described.push(describe(entry))
    }
    return described
  }

  async function write (): Promise<void> {
    const newest = newestWithin(bounds, waiting)
    keep([])
    if (newest.length === 0) return
    try {
      await store.recordRequests(await describeAll(newest), bounds)
    } catch (error) {
      keep([...newest, ...waiting])
      lookLater(DELAY_MS)
      throw error
    }
  }

  async function flush (): Promise<void> {
    const writing = written.then(write)
    written = writing.catch(() => {})
    await writing
  }

  return {
    record: (answered) => {
      waiting.push({ ...answered, recordedMs: now() })
      waitingBytes += keptBytesOf(answered)
      // To drop many at once is cheaper than one at a time.
      if (waiting.length >= 2 * bounds.requests || waitingBytes > 2 * bounds.bytes) keep(waiting)
      lookLater(DELAY_MS)
    },
    flush
  }
}
