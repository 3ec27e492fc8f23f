import t from 'tap'
import { makeEventFeed, type FeedEvent, type Listener } from '../src/event-feed.js'
import type { EventRecord, EventStore, OperationRecord, TailRows } from '../src/store/port/events.js'

const NOTHING: TailRows = { operations: [], events: [], newest: { operations: 0n, events: 0n } }

const record = (number: bigint): EventRecord => ({ number, type: 'rule', clientId: undefined, atMs: 0, data: '{}' })

const operation = (number: bigint, atMs: number): OperationRecord => ({
  number, source: 'sandbox', clientId: 123, identifier: undefined, tid: undefined, atMs, changes: [], hasMore: false
})

/** A store whose answers a test gives one by one. */
function makeStore () {
  const answers: Array<TailRows | Error> = []
  let waiting: (() => void) | undefined
  let reads = 0
  let begins = 0
  const store: EventStore = {
    isNumberedInOrder: false,
    findEventEnds: async () => {
      begins += 1
      const end = { after: 0n, numbers: [] }
      return { operations: end, events: end }
    },
    readEvents: async () => {
      reads += 1
      const answer = answers.shift()
      if (answer === undefined) waiting?.()
      if (answer instanceof Error) throw answer
      return answer ?? NOTHING
    }
  }
  /** Waits until all answers were taken. */
  const taken = async (...next: ReadonlyArray<TailRows | Error>): Promise<void> => {
    answers.push(...next)
    await new Promise<void>((resolve) => { waiting = resolve })
  }
  return { store, taken, reads: () => reads, begins: () => begins }
}

/** Remembers what it hears. */
function makeListener () {
  const heard: string[] = []
  const take = (events: readonly FeedEvent[]): void => {
    heard.push(...events.map(({ id, data }) => `${id.split('.')[1]} ${data}`))
  }
  const listener: Listener = {
    ready: () => { heard.push('ready') },
    take,
    catchUp: take,
    resync: () => { heard.push('resync') },
    beat: () => { heard.push('beat') },
    end: () => { heard.push('end') }
  }
  return { heard, listener }
}

function makeFeed (t: { teardown: (work: () => void) => unknown }) {
  const clock = { nowMs: 0 }
  const warnings: unknown[] = []
  const store = makeStore()
  const log = { warn: (warning: unknown) => { warnings.push(warning) } }
  const feed = makeEventFeed({ store: store.store, log, now: () => clock.nowMs, pollMs: 1 })
  t.teardown(() => { feed.close() })
  return { feed, clock, warnings, ...store }
}

t.test('nothing is read while nobody listens, nor a minute after the last one has left', async (t) => {
  const { feed, clock, taken, begins, reads } = makeFeed(t)
  t.same([begins(), reads()], [0, 0])
  const { listener, heard } = makeListener()
  const leave = await feed.listen(listener, undefined)
  await taken()
  t.equal(feed.size, 1)
  leave()
  t.equal(feed.size, 0)
  clock.nowMs = 59_999
  await taken()
  const leaveAgain = await feed.listen(listener, undefined)
  t.equal(begins(), 1, 'it went on')
  leaveAgain()
  clock.nowMs = 200_000
  while (begins() === 1) {
    await new Promise(setImmediate)
    const leave = await feed.listen(listener, undefined)
    leave()
  }
  t.ok(heard.every((event) => event === 'ready'))
})

t.test('a failure is logged once, and nothing is lost by it', async (t) => {
  const { feed, taken, warnings } = makeFeed(t)
  const { listener, heard } = makeListener()
  await feed.listen(listener, undefined)
  await taken(new Error('locked'), new Error('locked'),
    { ...NOTHING, events: [record(1n)], newest: { operations: 0n, events: 1n } },
    { ...NOTHING, newest: { operations: 0n, events: 1n } }, { ...NOTHING, newest: { operations: 0n, events: 1n } })
  t.equal(warnings.length, 1)
  t.match(heard, ['ready', /^1 \{"client_id":null,"at":"1970/])
})

t.test('listeners read anew when the database was set back, or reading lags too far behind', async (t) => {
  const { feed, taken } = makeFeed(t)
  const { listener, heard } = makeListener()
  await feed.listen(listener, undefined)
  await taken({ ...NOTHING, newest: { operations: 10_001n, events: 0n } })
  t.same(heard, ['ready', 'resync'])
  await taken({ ...NOTHING, events: [record(1n)], newest: { operations: 0n, events: 1n } }, NOTHING)
  t.match(heard, ['ready', 'resync', /^2 /, 'resync'])
  const newest = { operations: 1n, events: 2n }
  const events = [record(1n), { ...record(2n), type: 'resync' }]
  await taken({ events, operations: [operation(1n, 0)], newest }, { ...NOTHING, newest }, NOTHING)
  t.match(heard.slice(4), ['resync'], 'an event says so, and what was read with it is not told')
})

t.test('listeners read anew when more numbers are missing than are looked for, in either table', async (t) => {
  const { feed, store, taken } = makeFeed(t)
  const { listener, heard } = makeListener()
  await feed.listen(listener, undefined)
  await taken({ ...NOTHING, events: [record(1001n)], newest: { operations: 0n, events: 1001n } }, NOTHING)
  t.match(heard.splice(0), ['ready', /^1 /, 'resync'], 'a thousand may still come, and then the table was set back')
  await taken({ ...NOTHING, events: [record(1002n)], newest: { operations: 0n, events: 1002n } }, NOTHING)
  t.same(heard.splice(0), ['resync'])
  const { findEventEnds } = store
  let failures = 0
  store.findEventEnds = async () => {
    store.findEventEnds = findEventEnds
    failures += 1
    throw new Error('locked')
  }
  const newest = { operations: 1002n, events: 0n }
  await taken({ ...NOTHING, operations: [operation(1002n, 0)], newest }, { ...NOTHING, newest }, NOTHING)
  t.same([failures, heard], [1, ['resync']], 'also when it cannot at once')
})

t.test('operations keep the order of their numbers where times fall, and events stand between by their time', async (
  t
) => {
  const { feed, taken } = makeFeed(t)
  const { listener, heard } = makeListener()
  await feed.listen(listener, undefined)
  const events = [4, 1, 9].map((atMs, index) => ({ ...record(BigInt(index + 1)), atMs, data: `{"rule":${index + 1}}` }))
  const operations = [operation(10n, 3), operation(11n, 0), operation(12n, 5)]
  const newest = { operations: 12n, events: 3n }
  await taken({ operations, events, newest }, { ...NOTHING, newest }, { ...NOTHING, newest })
  const names = heard.slice(1).map((text) => /"operation_id":"(\d+)"|"rule":(\d)/.exec(text)?.slice(1).join(''))
  t.same(names, ['10', '11', '1', '2', '12', '3'])
  t.match(heard[2], /"operation_id":"11".*"at":"1970-01-01T00:00:00.000Z"/, 'the time is the operation\'s own')
})

t.test('a quiet connection is used now and then', async (t) => {
  const { feed, clock, taken } = makeFeed(t)
  const { listener, heard } = makeListener()
  await feed.listen(listener, undefined)
  clock.nowMs = 14_999
  await taken()
  t.same(heard, ['ready'])
  clock.nowMs = 15_000
  await taken(NOTHING, NOTHING)
  t.same(heard, ['ready', 'beat'])
})

t.test('a feed that cannot begin tells its listener, and begins with the next one', async (t) => {
  const { feed, store } = makeFeed(t)
  const { findEventEnds } = store
  store.findEventEnds = async () => { throw new Error('locked') }
  const { listener, heard } = makeListener()
  await t.rejects(feed.listen(listener, undefined), new Error('locked'))
  store.findEventEnds = findEventEnds
  await feed.listen(listener, undefined)
  feed.close()
  t.same(heard, ['ready', 'end'])
  await feed.listen(listener, undefined)
  t.same(heard, ['ready', 'end', 'end'])
  t.equal(feed.size, 0)
})
