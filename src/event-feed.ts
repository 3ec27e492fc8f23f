import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { availableBalance, formatAmount } from './domain/money.js'
import { Tail } from './event-tail.js'
import type { EventRecord, EventStore, OperationRecord, TailEnd, TailRows } from './store/port/events.js'

/** Something that was committed, as it is sent. */
export interface FeedEvent {
  readonly id: string
  readonly type: string
  /** Undefined for what concerns every client. */
  readonly clientId: number | undefined
  /** A JSON object. */
  readonly data: string
}

/** Somebody who listens. */
export interface Listener {
  /** Called when it has heard what it missed: it hears all that is committed behind the id. */
  readonly ready: (id: string) => void
  /** Takes events in the order of their ids. */
  readonly take: (events: readonly FeedEvent[]) => void
  /** Takes all that it missed, before `ready`. It goes on behind the id. */
  readonly catchUp: (missed: readonly FeedEvent[], id: string) => void
  /** Told that events were missed: whatever it shows is to be read anew. It goes on behind the id. */
  readonly resync: (id: string) => void
  /** Called now and then, so that the connection is used. */
  readonly beat: () => void
  /** The feed ends. */
  readonly end: () => void
}

export interface EventFeed {
  /**
   * Adds a listener, which hears all that is committed from now on, or behind the event that it has heard last.
   *
   * @returns how to leave
   */
  listen (listener: Listener, lastId: string | undefined): Promise<() => void>
  /** How many listen. */
  readonly size: number
  /** Ends all listeners. */
  close (): void
}

export interface EventFeedOptions {
  readonly store: EventStore
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  /** A clock that only goes forwards, in milliseconds. */
  readonly now: () => number
  /** How often the tables are looked at while somebody listens. */
  readonly pollMs?: number
}

const POLL_MS = 100
const BEAT_MS = 15_000

/** How many rows of a table are read at a time. A listener must not take the machine from those who write. */
const ROWS = 100

/** How many events are kept for those who come back, and how far the reading may lag behind. */
const KEPT = 10_000

/** How long the feed goes on without a listener, for one that comes back. */
const LINGER_MS = 60_000

/**
 * Makes the feed of what is committed, by whatever process. It reads the tables behind each other's commits, and only
 * while somebody listens: what is written costs nothing more for it.
 */
export function makeEventFeed (options: EventFeedOptions): EventFeed {
  const listeners = new Set<Listener>()
  let running: Promise<Run> | undefined
  let isClosed = false

  async function start (): Promise<Run> {
    const run = new Run(options, listeners, () => { running = undefined })
    await run.begin()
    return run
  }

  /** Gives the feed as it runs, or starts it. */
  async function goingOn (): Promise<Run> {
    running ??= start().catch((error: unknown) => {
      running = undefined
      throw error
    })
    const run = await running
    // It may have ended meanwhile, because nobody listened.
    return run.isStopped ? await goingOn() : run
  }

  return {
    listen: async (listener, lastId) => {
      const run = await goingOn()
      if (isClosed) {
        run.stop()
        listener.end()
        return () => {}
      }
      listeners.add(listener)
      run.catchUp(listener, lastId)
      listener.ready(run.newestId)
      return () => { listeners.delete(listener) }
    },
    get size () { return listeners.size },
    close: () => {
      isClosed = true
      for (const { end } of listeners) end()
      listeners.clear()
      running?.then((run) => { run.stop() }, () => {})
    }
  }
}

/** The feed while somebody listens. Its events have ids of its own: another one knows nothing of them. */
class Run {
  readonly #name = randomUUID().slice(0, 8)
  #kept: FeedEvent[] = []
  /** How many events there were. */
  #count = 0
  #operations: Tail
  #events: Tail
  #timer: NodeJS.Timeout | undefined
  isStopped = false
  #isFailing = false
  #beatenMs: number
  #heardMs: number

  constructor (
    readonly options: EventFeedOptions, readonly listeners: ReadonlySet<Listener>, readonly ended: () => void
  ) {
    this.#beatenMs = this.#heardMs = options.now()
    this.#operations = this.#events = this.#tailOf({ after: 0n, numbers: [] })
  }

  get newestId (): string {
    return `${this.#name}.${this.#count}`
  }

  async begin (): Promise<void> {
    await this.#goToEnd()
    this.#lookLater()
  }

  stop (): void {
    this.isStopped = true
    clearTimeout(this.#timer)
    this.ended()
  }

  /** Gives a listener what it has missed, or tells it to read anew. */
  catchUp ({ catchUp, resync }: Listener, lastId: string | undefined): void {
    if (lastId === undefined) return
    const [name, count = ''] = lastId.split('.')
    const missed = /^\d{1,15}$/.test(count) ? this.#count - Number(count) : -1
    if (name !== this.#name || missed < 0 || missed > this.#kept.length) resync(this.newestId)
    else if (missed > 0) catchUp(this.#kept.slice(-missed), this.newestId)
  }

  async #goToEnd (): Promise<void> {
    const ends = await this.options.store.findEventEnds()
    this.#operations = this.#tailOf(ends.operations)
    this.#events = this.#tailOf(ends.events)
  }

  #tailOf (end: TailEnd): Tail {
    return new Tail(end, this.options.now(), { isOrdered: this.options.store.isNumberedInOrder })
  }

  #lookLater (): void {
    if (this.isStopped) return
    this.#timer = setTimeout(() => { this.#look().catch(() => {}) }, this.options.pollMs ?? POLL_MS)
  }

  async #look (): Promise<void> {
    const nowMs = this.options.now()
    if (this.listeners.size > 0) this.#heardMs = nowMs
    else if (nowMs - this.#heardMs >= LINGER_MS) return this.stop()
    try {
      await this.#read(nowMs)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.options.log.warn({ err: error }, 'the events could not be read, and are tried again')
      this.#isFailing = true
    }
    if (nowMs - this.#beatenMs >= BEAT_MS) {
      this.#beatenMs = nowMs
      for (const { beat } of this.listeners) beat()
    }
    this.#lookLater()
  }

  async #read (nowMs: number): Promise<void> {
    const rows = await this.options.store.readEvents(
      { operations: this.#operations.position(nowMs), events: this.#events.position(nowMs) }, ROWS)
    if (this.#isBeside(rows)) return await this.#resyncAll()
    this.#operations.take(rows.operations.map(({ number }) => number), nowMs)
    this.#events.take(rows.events.map(({ number }) => number), nowMs)
    if (this.#operations.hasGivenUp || this.#events.hasGivenUp) return await this.#resyncAll()
    const told = [...inOrder(rows.operations.map(tellOperation)), ...inOrder(rows.events.map(tellEvent))]
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ type, clientId, data }, index) =>
        ({ id: `${this.#name}.${this.#count + index + 1}`, type, clientId, data }))
    if (told.length === 0) return
    this.#count += told.length
    this.#kept = [...this.#kept, ...told].slice(-KEPT)
    for (const { take } of this.listeners) take(told)
  }

  /** Tells whether the tables were set back to an earlier state, or so much has changed that events cannot tell it. */
  #isBeside ({ events, newest }: TailRows): boolean {
    if (events.some(({ type }) => type === 'resync')) return true
    return [[newest.operations, this.#operations], [newest.events, this.#events]].some(([end, tail]) => {
      const lag = (end as bigint) - (tail as Tail).after
      return lag < 0n || lag > BigInt(KEPT)
    })
  }

  async #resyncAll (): Promise<void> {
    await this.#goToEnd()
    this.#kept = []
    this.#count += 1
    for (const { resync } of this.listeners) resync(this.newestId)
  }
}

/** An event without its id, and the time by which it is sorted among the rows of the other table. */
type Told = Omit<FeedEvent, 'id'> & { readonly atMs: number }

/**
 * Keeps what was read of one table in the order of its numbers, which is the order of each account's changes. Times
 * may fall: an operation has its time before it waits for its accounts, and processes have clocks of their own.
 */
function inOrder (told: readonly Told[]): Told[] {
  let latestMs = -Infinity
  return told.map((one) => {
    latestMs = Math.max(latestMs, one.atMs)
    return { ...one, atMs: latestMs }
  })
}

function tellOperation (operation: OperationRecord): Told {
  const { number, source, clientId, identifier, tid, atMs, changes, hasMore } = operation
  return {
    type: 'balances',
    clientId,
    atMs,
    data: JSON.stringify({
      operation_id: number.toString(),
      source,
      client_id: clientId ?? null,
      identifier: identifier ?? null,
      tid: tid?.toString() ?? null,
      at: new Date(atMs).toISOString(),
      changes: changes.map(({ accountId, currency, balances }) => ({
        account_id: accountId.toString(),
        currency: currency.numericCode,
        actual_balance: formatAmount(balances.actual, currency),
        blocked_balance: formatAmount(balances.blocked, currency),
        available_balance: formatAmount(availableBalance(balances), currency)
      })),
      has_more_changes: hasMore
    })
  }
}

function tellEvent ({ type, clientId, atMs, data }: EventRecord): Told {
  return {
    type,
    clientId,
    atMs,
    data: JSON.stringify({ client_id: clientId ?? null, at: new Date(atMs).toISOString(), ...JSON.parse(data) })
  }
}
