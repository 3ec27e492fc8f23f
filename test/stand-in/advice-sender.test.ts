import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { readScenario } from '../../src/domain/scenario.js'
import { fastMessages } from '../../src/fast/issuer-messages.js'
import { Throttle } from '../../src/fast/throttle.js'
import {
  ATTEMPTS_MAX, makeAdviceSender, pauseBefore, waitBehind, type AdviceSender
} from '../../src/stand-in/advice-sender.js'
import type { IssuerClient, SentMessage } from '../../src/stand-in/issuer-client.js'
import type { AdviceRecord } from '../../src/store/port/advices.js'
import type { Store } from '../../src/store/port/store.js'
import { openSqliteStore } from '../../src/store/sqlite/store.js'
import { makeFolder, type Test } from '../support/folder.js'
import { ask, PAYMENT_SCENARIO, payInStandIn } from '../support/stored-payments.js'

const BEGINNING_MS = Date.parse('2027-02-03T14:05:09Z')

type Delivered = Awaited<ReturnType<IssuerClient['deliver']>>

/** A sender whose clock and issuer are the test's. Its store is a real one. */
interface TestSender {
  readonly sender: AdviceSender
  readonly store: Store
  readonly throttle: Throttle
  /** `settled`, `abandoned`, `warned` and `sent` tell of what has happened. */
  readonly events: EventEmitter
  readonly sent: SentMessage[]
  /** Sets the clock, in milliseconds from the beginning on. */
  readonly at: (ms: number) => void
  /** Wakes the sender, and waits for an event. */
  readonly wakeUntil: (event: string) => Promise<unknown[]>
  readonly advices: () => Promise<readonly AdviceRecord[]>
}

async function makeSender (
  t: Test, deliver: (message: SentMessage) => Promise<Delivered>, broken: Partial<Store> = {}
): Promise<TestSender> {
  let ms = BEGINNING_MS
  const clock = (): Date => new Date(ms)
  const store = openSqliteStore({ path: join(makeFolder(t), 'test.sqlite'), pivotCurrency: '840', clock })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario(PAYMENT_SCENARIO), false)
  await store.setIssuer(123, { passive_url: null })
  const events = new EventEmitter()
  const sent: SentMessage[] = []
  const throttle = new Throttle()
  const sender = makeAdviceSender({
    store: {
      ...store,
      nextDueIn: async () => {
        setImmediate(() => { events.emit('looked') })
        return await store.nextDueIn()
      },
      settleAdvice: async (rid, delivery) => {
        await store.settleAdvice(rid, delivery)
        events.emit('settled')
      },
      abandonPayments: async (messages) => {
        const count = await store.abandonPayments(messages)
        events.emit('abandoned')
        return count
      },
      ...broken
    },
    client: {
      deliver: async (_settings, _url, message) => {
        sent.push(message)
        events.emit('sent')
        return await deliver(message)
      }
    },
    throttle,
    messages: fastMessages,
    clock,
    log: { warn: (...values: unknown[]) => { events.emit('warned', ...values) } }
  })
  t.teardown(async () => { await sender.stop() })
  return {
    sender,
    store,
    throttle,
    events,
    sent,
    at: (offsetMs) => { ms = BEGINNING_MS + offsetMs },
    wakeUntil: async (event) => {
      const happened = once(events, event)
      sender.wake()
      return await happened
    },
    advices: async () => (await store.listAdvices(
      { clientId: undefined, tid: undefined, state: undefined }, { from: undefined, limit: 1000 })).items.toReversed()
  }
}

const REFUSED: Delivered = { delivered: false, failure: 'error', reason: 'HTTP status 503 in place of 2xx' }
const DELIVERED: Delivered = { delivered: true }

t.test('the wait doubles from one second on, and the tenth attempt is the last', async (t) => {
  t.same([1, 2, 3, 9, 10, 11].map(waitBehind), [1000, 2000, 4000, 256_000, undefined, undefined])
})

t.test('a sender looks away until something is due, and never runs without a pause beside what is taken', async (t) => {
  const pause = (advicesInMs: readonly number[], abandonInMs?: number): number =>
    pauseBefore({ advicesInMs: new Map(advicesInMs.map((inMs, index) => [index, inMs])), abandonInMs })
  t.equal(pause([]), 1000)
  t.equal(pause([300]), 300)
  t.equal(pause([-1000, 300]), 300, 'one client has its next advice while another is throttled')
  t.equal(pause([300], 200), 200)
  t.equal(pause([], -1000), 0, 'more payments may be abandoned')
  t.equal(pause([-1000]), 1000)
})

t.test('an advice that is refused again and again is parked, and can be sent by hand', async (t) => {
  const { sender, store, at, sent, advices, wakeUntil } = await makeSender(t, async () => REFUSED)
  await payInStandIn(store)
  sender.start()
  let ms = 500
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    at(ms)
    await wakeUntil('settled')
    const [advice] = await advices()
    t.match(advice, { attempts: attempt, lastError: REFUSED.reason })
    ms = Number(advice?.nextAt) - BEGINNING_MS
  }
  t.match(await advices(), [{ state: 'parked', nextAt: undefined }])
  t.same(sent.map(({ attempt }) => attempt), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  await store.retryAdvice(sent[0]?.rid ?? 0n)
  await wakeUntil('settled')
  t.match(await advices(), [{ state: 'retrying', attempts: 1 }])
})

/** One timeout leaves an issuer alone for two seconds. */
const THROTTLING = { throttle: { failures: 1, within_ms: 1000, for_ms: 2000 } }

/** A sender with advices to an issuer that is left alone since the beginning. */
async function makeThrottled (
  t: Test, count: number, deliver: (message: SentMessage) => Promise<Delivered>, broken: Partial<Store> = {},
  issuer: object = {}
): Promise<TestSender & { readonly isFree: () => boolean }> {
  const made = await makeSender(t, deliver, broken)
  const { store, throttle } = made
  await store.setIssuer(123, { ...THROTTLING, ...issuer })
  for (let paid = 0; paid < count; paid += 1) {
    const { issuer: settings } = await payInStandIn(store, { amount: 1n })
    if (paid === 0) throttle.admit(123, BEGINNING_MS)?.report('timeout', settings, BEGINNING_MS)
  }
  return {
    ...made,
    isFree: () => {
      const admission = throttle.admit(123, BEGINNING_MS + 2000)
      admission?.release()
      return admission !== undefined
    }
  }
}

t.test('an advice waits while its issuer is left alone, and that is no attempt', async (t) => {
  const { sender, at, sent, advices, wakeUntil } = await makeThrottled(t, 1, async () => DELIVERED)
  at(1999)
  sender.start()
  await wakeUntil('looked')
  await sender.stop()
  t.match(await advices(), [{ state: 'waiting', attempts: 0, nextAt: new Date(BEGINNING_MS + 500) }])
  t.same(sent, [])
  at(2000)
  sender.start()
  await wakeUntil('settled')
  t.match(await advices(), [{ state: 'acknowledged', attempts: 1 }])
})

t.test('behind a throttle one advice probes the issuer, and the others wait for what comes of it', async (t) => {
  const answers: Array<(delivered: Delivered) => void> = []
  const { sender, throttle, at, events, sent, advices, isFree, wakeUntil } = await makeThrottled(t, 3, async () =>
    await new Promise((resolve) => { answers.push(resolve) }))
  const lookTwice = async (): Promise<void> => {
    // The second look begins behind the first.
    for (const event of ['looked', 'looked']) await wakeUntil(event)
  }
  const untilSent = async (count: number): Promise<void> => {
    while (sent.length < count) await once(events, 'sent')
    await lookTwice()
    t.equal(sent.length, count)
  }
  at(2000)
  sender.start()
  await untilSent(1)
  t.notOk(isFree(), 'no payment asks beside it')
  const settled = once(events, 'settled')
  answers[0]?.({ delivered: false, failure: 'timeout', reason: 'no complete answer within 2000 ms' })
  await settled
  t.equal(throttle.stateOf(123, BEGINNING_MS + 2000), 'throttled')
  at(3999)
  await untilSent(1)
  at(4000)
  await wakeUntil('sent')
  await untilSent(2)
  answers[1]?.(DELIVERED)
  await untilSent(4)
  t.equal(throttle.stateOf(123, BEGINNING_MS + 4000), 'on')
  for (const answer of answers.slice(2)) answer(DELIVERED)
  while ((await advices()).some(({ state }) => state !== 'acknowledged')) await wakeUntil('looked')
})

t.test('what comes of an advice that probes is told to the throttle', async (t) => {
  for (const [delivered, state] of [
    [DELIVERED, 'on'],
    [{ delivered: false, failure: 'timeout', reason: 'no complete answer within 2000 ms' }, 'throttled'],
    [REFUSED, 'on'],
    [{ delivered: false, failure: 'connection', reason: 'the service stops', isOurs: true }, 'probing']
  ] as const) {
    const { sender, throttle, at, isFree, wakeUntil } = await makeThrottled(t, 1, async () => delivered)
    at(2000)
    sender.start()
    await wakeUntil('settled')
    t.equal(throttle.stateOf(123, BEGINNING_MS + 2000), state, JSON.stringify(delivered))
    t.equal(isFree(), state !== 'throttled')
  }
})

t.test('a passive feed of another address is no probe, and keeps no payment from asking', async (t) => {
  for (const [path, whileSent, behind] of [['passive', true, 'probing'], ['fast', false, 'on']] as const) {
    let release: (delivered: Delivered) => void = () => {}
    const { sender, store, throttle, at, events, advices, isFree } = await makeThrottled(t, 1, async () =>
      await new Promise((resolve) => { release = resolve }), {}, { passive_url: `http://127.0.0.1:9/${path}` })
    const [active] = await advices()
    await store.cancelAdvice(active?.rid ?? 0n)
    at(2000)
    const sent = once(events, 'sent')
    sender.start()
    await sent
    t.equal(isFree(), whileSent, path)
    const settled = once(events, 'settled')
    release(DELIVERED)
    await settled
    t.equal(throttle.stateOf(123, BEGINNING_MS + 2000), behind)
  }
})

t.test('a probe for which no advice was taken, or none was sent, leaves the issuer to the next message', async (t) => {
  const away = await makeThrottled(t, 1, async () => DELIVERED, {
    claimAdvices: async () => { throw new Error('the database is away') }
  })
  away.at(2000)
  const warned = once(away.events, 'warned')
  away.sender.start()
  await warned
  t.ok(away.isFree())
  const taken = await makeThrottled(t, 1, async () => DELIVERED, { claimAdvices: async () => [] })
  taken.at(2000)
  taken.sender.start()
  await taken.wakeUntil('looked')
  await taken.sender.stop()
  t.ok(taken.isFree())
  const removed = await makeThrottled(t, 1, async () => DELIVERED)
  await removed.store.removeIssuer(123)
  removed.at(2000)
  removed.sender.start()
  await removed.wakeUntil('settled')
  t.match(await removed.advices(), [{ state: 'parked' }])
  t.ok(removed.isFree())
  t.same([...away.sent, ...taken.sent, ...removed.sent], [])
})

t.test('a delivery that the sandbox itself ended is no attempt', async (t) => {
  const ended: Delivered = { delivered: false, failure: 'connection', reason: 'the service stops', isOurs: true }
  const { sender, store, at, advices, wakeUntil } = await makeSender(t, async () => ended)
  await payInStandIn(store)
  at(500)
  sender.start()
  await wakeUntil('settled')
  t.match(await advices(), [
    { state: 'waiting', attempts: 0, lastError: undefined, nextAt: new Date(BEGINNING_MS + 1500) }
  ])
})

t.test('an advice to an address that is gone is parked', async (t) => {
  const { sender, store, at, advices, wakeUntil } = await makeSender(t, async () => DELIVERED)
  await store.setIssuer(123, { passive_url: 'http://127.0.0.1:9/passive' })
  await payInStandIn(store)
  await store.setIssuer(123, { passive_url: null })
  at(500)
  sender.start()
  await wakeUntil('settled')
  while ((await advices()).some(({ nextAt }) => nextAt !== undefined)) await wakeUntil('looked')
  t.match(await advices(), [
    { feed: 'active', state: 'acknowledged' },
    { feed: 'passive', state: 'parked', lastError: 'the client has no passive_url' }
  ])
})

t.test('a payment that nobody decides is abandoned by the sender, which tells the issuer', async (t) => {
  const { sender, store, at, events, sent, wakeUntil } = await makeSender(t, async () => DELIVERED)
  const { thread: { tid } } = await ask(store)
  at(33_000)
  sender.start()
  await once(events, 'abandoned')
  t.match(await store.readTransaction(tid), { state: 'abandoned' })
  at(34_000)
  await wakeUntil('settled')
  t.match(sent.map(({ body }) => JSON.parse(body).MESSAGE_TYPE.Message_Type), ['0420'])
})

t.test('a database that is away is waited for', async (t) => {
  let isAway = true
  const { sender, store, at, events, wakeUntil } = await makeSender(t, async () => DELIVERED, {
    nextDueIn: async () => {
      if (isAway) throw new Error('the database is away')
      return await store.nextDueIn()
    }
  })
  await payInStandIn(store)
  at(500)
  const warned = once(events, 'warned')
  sender.start()
  t.match(await warned, [{ err: /away/ }, 'the outbox could not be read, and is looked into again'])
  isAway = false
  await wakeUntil('settled')
})

t.test('payments that cannot be abandoned do not keep advices from being sent', async (t) => {
  const { sender, store, at, wakeUntil, advices } = await makeSender(t, async () => DELIVERED, {
    abandonPayments: async () => { throw new Error('a thread that cannot be read') }
  })
  await ask(store)
  await payInStandIn(store)
  at(33_000)
  sender.start()
  await wakeUntil('settled')
  t.match(await advices(), [{ state: 'acknowledged' }])
})

t.test('an advice whose end could not be written is sent again with the same RID', async (t) => {
  let isAway = true
  const { sender, store, at, events, sent, advices, wakeUntil } = await makeSender(t, async () => DELIVERED, {
    settleAdvice: async (rid, delivery) => {
      if (isAway) throw new Error('the database is away')
      await store.settleAdvice(rid, delivery)
      events.emit('settled')
    }
  })
  await payInStandIn(store)
  at(500)
  const warned = once(events, 'warned')
  sender.start()
  t.match(await warned, [{ err: /away/, rid: String(sent[0]?.rid) }, /^what came of an advice could not be written/])
  isAway = false
  at(60_500)
  await wakeUntil('settled')
  t.same(sent.map(({ rid }) => rid), [sent[0]?.rid, sent[0]?.rid])
  t.match(await advices(), [{ state: 'acknowledged', attempts: 1 }])
})

t.test('an issuer that says nothing takes 16 messages at once, and keeps no other client waiting', async (t) => {
  let release: (delivered: Delivered) => void = () => {}
  const held = new Promise<Delivered>((resolve) => { release = resolve })
  const { sender, store, at, events, sent, advices, wakeUntil } = await makeSender(t, async ({ body }) =>
    body.includes('"Client_Id":"456"') ? DELIVERED : await held)
  for (let count = 0; count < 17; count += 1) await payInStandIn(store, { amount: 1n })
  at(500)
  sender.start()
  while (sent.length < 16) await once(events, 'sent')
  await store.setIssuer(456, { url: 'http://127.0.0.1:9/fast' })
  await payInStandIn(store, { token: 777n })
  at(1000)
  await wakeUntil('settled')
  t.match((await advices()).map(({ clientId, state }) => `${clientId} ${state}`), [
    ...Array.from({ length: 17 }, () => '123 waiting'), '456 acknowledged'
  ])
  await wakeUntil('looked')
  t.equal(sent.length, 17)
  release(DELIVERED)
  while ((await advices()).some(({ state }) => state !== 'acknowledged')) await wakeUntil('looked')
  t.equal(sent.length, 18)
})
