import { UNOBSERVED, type StoreObserver } from '../../../src/store/port/observer.js'
import type { AdviceRecord, DueAdvice } from '../../../src/store/port/advices.js'
import type { Reception } from '../../../src/store/port/payments.js'
import type { Store } from '../../../src/store/port/store.js'
import { decimal } from '../../support/arbitraries.js'
import { rule } from '../../support/rules.js'
import {
  ACCOUNT, answered, ask, DECIDING, PAYMENT_SCENARIO, payInStandIn, payment, receive, settle
} from '../../support/stored-payments.js'
import { makeUpdate } from '../../support/updates.js'
import { contract, type Place } from './engines.js'

const BEGINNING_MS = Date.parse('2027-02-03T14:05:09Z')
const EVERY_ADVICE = { clientId: undefined, tid: undefined, state: undefined }
const EVERY_TRANSACTION = {
  clientId: undefined, accountId: undefined, token: undefined, state: undefined, decidedBy: undefined
}
const PAGE = { from: undefined, limit: 1000 }

/** A store whose clock the test sets, in milliseconds from the beginning on. */
async function openTimed (
  { open }: Place, observer: StoreObserver = UNOBSERVED
): Promise<{ readonly store: Store, readonly at: (ms: number) => void, readonly clock: () => Date }> {
  let ms = BEGINNING_MS
  const clock = (): Date => new Date(ms)
  const store = await open({ scenario: PAYMENT_SCENARIO, clock, observer })
  return { store, clock, at: (offsetMs) => { ms = BEGINNING_MS + offsetMs } }
}

async function balancesOf (store: Store): Promise<unknown> {
  const account = await store.readAccount(ACCOUNT)
  return [account?.balances.actual, account?.balances.blocked]
}

async function advicesOf (store: Store): Promise<readonly AdviceRecord[]> {
  return (await store.listAdvices(EVERY_ADVICE, PAGE)).items.toReversed()
}

/** What events say of a payment of {@link ACCOUNT}. */
function toldOf (tid: bigint): object {
  return { tid: String(tid), token: '12345', account_id: String(ACCOUNT) }
}

/** Gives a way to read the events that were written since it was used last. */
async function hearEvents (store: Store): Promise<() => Promise<readonly object[]>> {
  let after = (await store.findEventEnds()).events.numbers.at(-1) ?? 0n
  return async () => {
    const position = { after: 0n, missing: [] }
    const { events, newest } = await store.readEvents({ operations: position, events: { after, missing: [] } }, 1000)
    after = newest.events
    return events.map(({ type, clientId, data }) => ({ type, clientId, ...JSON.parse(data) }))
  }
}

contract('a payment is received, decided, and read with its hold, messages and advices', async (t, place) => {
  const { store } = await openTimed(place)
  const asking = await ask(store, {}, 'k')
  const { thread: { tid }, rid } = asking
  t.match(await store.readTransaction(tid), {
    tid, rid, state: 'received', decidedBy: undefined, de39: undefined, decidedAt: undefined, hold: undefined
  })
  t.match(await store.readMessage(rid), { rid, tid, originalRid: undefined, outcome: undefined, body: asking.body })
  t.same(await balancesOf(store), [100_000n, 1000n], 'nothing is held before the decision')
  const settled = await settle(store, asking)
  t.match(settled?.decided, { advised: true, lostHolds: 0, transaction: { state: 'approved', decidedBy: 'stand_in' } })
  t.same(settled?.decided.transaction, await store.readTransaction(tid), 'it is answered as it is read')
  t.same(await balancesOf(store), [100_000n, 11_000n])
  t.match(await store.readTransaction(tid), {
    idempotencyKey: 'k', hold: { amount: 10_000n, remaining: 10_000n, counted: true, known: false }
  })
  t.match(await store.listMessages(tid), [
    { rid, feed: 'active', messageType: '0100', outcome: { outcome: 'timeout', late_answer: null } },
    { originalRid: rid, feed: 'active', messageType: '0120' },
    { originalRid: rid, feed: 'passive', messageType: '0100' }
  ])
  t.match(await advicesOf(store), [
    { tid, clientId: 123, originalRid: rid, feed: 'active', state: 'waiting', attempts: 0 },
    { feed: 'passive', state: 'waiting', lastError: undefined }
  ])
  t.equal(await store.readMessage(9999n), undefined)
  t.equal(await store.readTransaction(9999n), undefined)
  t.same(await place.verify(store), [])
})

contract('what becomes of a payment without a card, a rate or an issuer is decided at once', async (t, place) => {
  const { store } = await openTimed(place)
  const unknown = await receive(store, { token: 999n }, 'k') as Extract<Reception, { kind: 'decided' }>
  t.match(unknown, {
    kind: 'decided',
    decided: { transaction: { rid: undefined, clientId: undefined, accountId: undefined, de39: '14' } }
  })
  const { transaction } = unknown.decided
  t.same(transaction, await store.readTransaction(transaction.tid), 'it is answered as it is read')
  await store.attachToken(2001n, 778n, { expiry: '2020-01' })
  t.match(await receive(store, { token: 778n }), { decided: { transaction: { de39: '54' }, advised: false } })
  t.match(await receive(store, { token: 777n }), {
    decided: { transaction: { clientId: 456, de39: '05' }, trace: { issuer: { outcome: 'not_configured' } } }
  })
  t.match(await receive(store, {}, undefined, { isThrottled: () => true }), {
    decided: { transaction: { de39: '00' }, trace: { issuer: { outcome: 'throttled', deadline_ms: null } } }
  })
  t.same(await place.verify(store), [])
})

contract('transactions are listed by what they are, and an evaluation leaves none', async (t, place) => {
  const { store } = await openTimed(place)
  const { trace } = await store.evaluatePayment({
    ...DECIDING, payment: payment(), asIf: { kind: 'timeout', reason: 'as if' }
  })
  t.match(trace, { decision: 'approved', balance_change: { blocked_after: '110.00' } })
  t.same((await store.listTransactions(EVERY_TRANSACTION, PAGE)).items, [])
  t.same(await balancesOf(store), [100_000n, 1000n])
  const { thread: { tid } } = await payInStandIn(store)
  await receive(store, { token: 999n })
  for (const filter of [
    { clientId: 123 }, { accountId: ACCOUNT }, { token: 12345n }, { state: 'approved' as const },
    { decidedBy: 'stand_in' as const }
  ]) {
    const { items } = await store.listTransactions({ ...EVERY_TRANSACTION, ...filter }, PAGE)
    t.same(items.map((one) => one.tid), [tid])
  }
  t.equal((await store.listTransactions(EVERY_TRANSACTION, { from: undefined, limit: 1 })).items.length, 1)
})

contract('the same key gives one decision, at one store and at two', async (t, place) => {
  const { store, clock } = await openTimed(place)
  const other = await place.open({ clock })
  const asking = await ask(store, {}, 'k')
  t.match(await receive(other, {}, 'k'), { kind: 'under-way', tid: asking.thread.tid })
  t.match(await receive(other, { amount: 1n }, 'k'), { kind: 'key-reused', tid: asking.thread.tid })
  const settled = await settle(store, asking)
  t.match(await receive(other, {}, 'k'), { kind: 'replayed', answer: settled?.answer })
  await store.setStandIn(123, { manual: true })
  const stores = Array.from({ length: 8 }, (_, index) => index % 2 === 0 ? store : other)
  const receptions = await Promise.all(stores.map(async (each) => await receive(each, {}, 'at once')))
  t.same(receptions.map(({ kind }) => kind).sort(), ['decided', ...Array.from({ length: 7 }, () => 'replayed')])
  t.equal(new Set(receptions.map((one) => 'answer' in one ? one.answer : '')).size, 1)
  t.same(await balancesOf(store), [100_000n, 21_000n], 'each key has one hold')
  t.same(await place.verify(store), [])
})

contract('of payments at once at two stores, no more are approved than a rule or the listing allows', async (
  t, place
) => {
  const { store, clock } = await openTimed(place)
  const other = await place.open({ clock })
  const limits = { count: { max: 2, window: 'PT1H' } }
  await store.storeRules([rule({ rule_id: 'any', client_id: 123, limits })], { replaces: true, max: 9 }, false)
  const payAtOnce = async (amount: bigint): Promise<unknown[]> => {
    const asked = await Promise.all(Array.from({ length: 8 }, async () => await ask(store, { amount })))
    const settled = await Promise.all(asked.map(async (asking, index) =>
      await settle(index % 2 === 0 ? store : other, asking)))
    return settled.map((one) => one?.decided.transaction.de39).sort()
  }
  t.same(await payAtOnce(10_000n), ['00', '00', '00', '65', '65', '65', '65', '65'])
  t.same(await balancesOf(other), [100_000n, 31_000n])
  await store.storeRules([rule({ rule_id: 'any', client_id: 123 })], { replaces: true, max: 9 }, false)
  t.same(await payAtOnce(30_000n), ['00', '00', '51', '51', '51', '51', '51', '51'])
  t.same(await balancesOf(other), [100_000n, 91_000n])
  t.same(await place.verify(store), [])
})

contract('a payment that was decided before counts for rules, also where its clock was ahead', async (t, place) => {
  const { store, at } = await openTimed(place)
  for (const window of ['PT1H', 'day'] as const) {
    const limits = { currency: '404', count: { max: 1, window }, cumulative: { max: '250.00', window } }
    await store.storeRules([rule({ rule_id: 'any', client_id: 123, limits })], { replaces: true, max: 9 }, false)
    await store.restoreSnapshot('scenario', false)
    const outcomes: unknown[] = []
    // As at two processes: who waits for the account has begun before those who had it.
    for (const ms of [1000, 900, 800]) {
      at(ms)
      outcomes.push((await settle(store, await ask(store)))?.decided.transaction.de39)
    }
    t.same(outcomes, ['00', '00', '65'], window)
  }
})

contract('no rule counts what came before a restore, declines included', async (t, place) => {
  const { store } = await openTimed(place)
  const limits = { count: { max: 1, window: 'PT1H' } }
  const counts = { what: 'all' } as const
  await store.storeRules([rule({ rule_id: 'any', client_id: 123, limits, counts })], { replaces: true, max: 9 }, false)
  const pay = async (): Promise<unknown> =>
    (await settle(store, await ask(store, { amount: 1_000_000n })))?.decided.transaction.de39
  t.same([await pay(), await pay(), await pay()], ['51', '51', '65'])
  await store.restoreSnapshot('scenario', false)
  t.match((await store.listTransactions(EVERY_TRANSACTION, PAGE)).items, [
    { state: 'reset', de39: '65' }, { state: 'reset', de39: '51' }, { state: 'reset', de39: '51' }
  ])
  t.equal(await pay(), '51')
  t.same(await place.verify(store), [])
})

contract('advices are taken once, and again when their time has passed', async (t, place) => {
  const { store, at, clock } = await openTimed(place)
  const other = await place.open({ clock })
  const take = async (taker: Store, limit: number): Promise<readonly DueAdvice[]> =>
    await taker.claimAdvices([{ clientId: 123, limit }], 60_000)
  for (let count = 0; count < 6; count += 1) await payInStandIn(store, { amount: 1n })
  t.same(await take(store, 64), [], 'they wait a while first')
  t.match(await store.nextDueIn(), { advicesInMs: new Map([[123, 500]]), abandonInMs: undefined })
  at(500)
  const takers = [store, other, store, other]
  const takeAtOnce = async (): Promise<DueAdvice[]> =>
    (await Promise.all(takers.map(async (taker) => await take(taker, 5)))).flat()
  const taken: DueAdvice[] = []
  // One that waits for another's may take fewer.
  for (let more = await takeAtOnce(); more.length > 0; more = await takeAtOnce()) taken.push(...more)
  t.equal(taken.length, 12, 'no advice is taken twice')
  t.equal(new Set(taken.map(({ rid }) => rid)).size, 12)
  t.match(taken.find(({ feed }) => feed === 'passive'), { clientId: 123, attempts: 0, issuer: { deadline_ms: 2000 } })
  t.same(await take(store, 64), [])
  at(60_500)
  t.equal((await take(other, 64)).length, 12, 'a process that took them may have ended')
})

contract('advices wait while their issuer is off, and are taken for each client apart', async (t, place) => {
  const { store, at } = await openTimed(place)
  await store.setIssuer(456, { url: 'http://127.0.0.1:9/fast' })
  await payInStandIn(store)
  await payInStandIn(store, { token: 777n })
  at(500)
  const dueInMs = async (): Promise<unknown> => (await store.nextDueIn()).advicesInMs
  const bothNow = new Map([[123, 0], [456, 0]])
  t.same(await dueInMs(), bothNow)
  await store.switchIssuer(123, { state: 'off', reason: undefined, userId: undefined })
  t.same(await dueInMs(), new Map([[456, 0]]))
  await store.switchIssuer(123, { state: 'on', reason: undefined, userId: undefined })
  t.same(await dueInMs(), bothNow)
  t.match(await store.claimAdvices([{ clientId: 456, limit: 64 }], 60_000), [{ clientId: 456 }])
  t.same(await dueInMs(), new Map([[123, 0], [456, 60_000]]))
})

contract('an advice of a client whose issuer was removed is taken without one', async (t, place) => {
  const { store, at } = await openTimed(place)
  const { thread: { tid } } = await payInStandIn(store)
  await store.removeIssuer(123)
  at(500)
  t.match(await store.claimAdvices([{ clientId: 123, limit: 1 }], 1000), [{ tid, issuer: undefined }])
})

contract('what came of an advice is written, and one that was ended meanwhile stays as it is', async (t, place) => {
  const { store, at } = await openTimed(place)
  const { thread: { tid } } = await payInStandIn(store)
  const [{ rid }, passive] = await advicesOf(store) as [AdviceRecord, AdviceRecord]
  const adviceNow = async (): Promise<unknown> => (await advicesOf(store))[0]
  await store.settleAdvice(rid, { kind: 'postponed', waitMs: 1000 })
  t.match(await adviceNow(), { state: 'waiting', attempts: 0, nextAt: new Date(BEGINNING_MS + 1000) })
  await store.settleAdvice(rid, { kind: 'failed', reason: 'HTTP status 503', waitMs: 2000 })
  t.match(await adviceNow(), { state: 'retrying', attempts: 1, lastError: 'HTTP status 503' })
  await store.settleAdvice(rid, { kind: 'failed', reason: 'refused', waitMs: undefined })
  t.match(await adviceNow(), { state: 'parked', attempts: 2, nextAt: undefined })
  for (const delivery of [
    { kind: 'acknowledged' } as const, { kind: 'postponed', waitMs: 0 } as const,
    { kind: 'failed', reason: 'late', waitMs: 0 } as const
  ]) {
    await store.settleAdvice(rid, delivery)
    t.match(await adviceNow(), { state: 'parked', attempts: 2, lastError: 'refused' }, delivery.kind)
  }
  at(5000)
  t.match(await store.retryAdvice(rid), { state: 'retrying', attempts: 0, nextAt: new Date(BEGINNING_MS + 5000) })
  t.match(await store.cancelAdvice(rid), { state: 'cancelled', nextAt: undefined })
  t.match(await store.retryAdvice(rid), { state: 'waiting' })
  await store.settleAdvice(passive.rid, { kind: 'acknowledged' })
  t.match(await store.readTransaction(tid), { hold: { known: false } }, 'the passive feed does not know for the active')
  await store.settleAdvice(rid, { kind: 'acknowledged' })
  t.match(await adviceNow(), { state: 'acknowledged', attempts: 1, acknowledgedAt: new Date(BEGINNING_MS + 5000) })
  t.match(await store.readTransaction(tid), { hold: { known: true, counted: true } })
  t.match(await store.cancelAdvice(rid), { state: 'acknowledged' })
  t.match(await store.retryAdvice(rid), { state: 'acknowledged', nextAt: undefined })
  for (const change of [store.retryAdvice, store.cancelAdvice]) t.equal(await change(9999n), undefined)
  for (const filter of [{ clientId: 123 }, { tid }, { state: 'acknowledged' as const }]) {
    t.equal((await store.listAdvices({ ...EVERY_ADVICE, ...filter }, PAGE)).items.length, 2)
  }
  t.match(await store.listAdvices(EVERY_ADVICE, { from: undefined, limit: 1 }), { next: rid })
  t.match(await store.listAdvices(EVERY_ADVICE, { from: rid, limit: 1 }), { items: [{ rid }], next: undefined })
  t.same(await place.verify(store), [])
})

contract('an acknowledged advice of a payment that has nothing to hold any more changes no account', async (
  t, place
) => {
  const { store } = await openTimed(place)
  const declined = await ask(store, { amount: 100_000n })
  t.match(await settle(store, declined), { decided: { transaction: { de39: '51', hold: undefined } } })
  const held = await payInStandIn(store)
  await store.restoreSnapshot('scenario', false)
  for (const { rid } of await advicesOf(store)) {
    await store.retryAdvice(rid)
    await store.settleAdvice(rid, { kind: 'acknowledged' })
  }
  t.match(await store.readTransaction(held.thread.tid), { state: 'reset', hold: { remaining: 0n, known: true } })
  t.same(await balancesOf(store), [100_000n, 1000n])
  t.same(await place.verify(store), [])
})

contract('a payment that nobody decides is abandoned, and its issuer is told', async (t, place) => {
  const { store, at } = await openTimed(place)
  const asking = await ask(store, {}, 'k')
  const { thread: { tid }, rid } = asking
  t.match(await store.nextDueIn(), { advicesInMs: new Map(), abandonInMs: 32_000 })
  t.equal(await store.abandonPayments(DECIDING.messages), 0)
  at(32_000)
  const eventsBehind = await hearEvents(store)
  t.equal(await store.abandonPayments(DECIDING.messages), 1)
  t.match(await store.readTransaction(tid), {
    state: 'abandoned',
    decidedBy: undefined,
    de39: undefined,
    reasonCode: '900',
    hold: undefined,
    trace: {
      decision: 'abandoned',
      reason_code: '900',
      issuer: { outcome: 'timeout', rid: String(rid), reason: 'nobody decided the payment in time', late_answer: null }
    }
  })
  t.same(await eventsBehind(), [{
    type: 'transaction', clientId: 123, ...toldOf(tid), change: 'abandoned', advised: true
  }])
  const [, reversal] = await store.listMessages(tid)
  t.match(reversal, { messageType: '0420', originalRid: rid, feed: 'active' })
  t.match(JSON.parse(reversal?.body ?? ''), {
    MESSAGE_TYPE: { Message_Type: '0420' },
    SUMMARY: { original_RID: String(rid) },
    ISO_MSG: { DE60_1: 'issuer time-out' }
  })
  t.match(await advicesOf(store), [{ tid, state: 'waiting', nextAt: new Date(BEGINNING_MS + 32_500) }])
  t.equal(await settle(store, asking, answered('00')), undefined, 'the decision comes too late')
  t.match(await store.readMessage(rid), { outcome: { outcome: 'answered', answer: /"DE39":"00"/ } })
  t.match(await receive(store, {}, 'k'), { kind: 'abandoned', tid })
  t.same(await balancesOf(store), [100_000n, 1000n])
  t.same(await place.verify(store), [])
})

contract('a payment of a client without an issuer is abandoned, and nobody is told', async (t, place) => {
  const { store, at } = await openTimed(place)
  await ask(store)
  await store.removeIssuer(123)
  at(32_000)
  const eventsBehind = await hearEvents(store)
  t.equal(await store.abandonPayments(DECIDING.messages), 1)
  t.same(await advicesOf(store), [])
  t.match(await eventsBehind(), [{ change: 'abandoned', advised: false }])
})

contract('a restore tells each payment that it ends, and each advice that it cancels', async (t, place) => {
  const { store } = await openTimed(place)
  const { thread: { tid: held } } = await payInStandIn(store)
  const { thread: { tid: undecided } } = await ask(store)
  const { thread: { tid: declined } } = await payInStandIn(store, { amount: 200_000n })
  const acknowledged = (await advicesOf(store))[0]?.rid ?? 0n
  await store.settleAdvice(acknowledged, { kind: 'acknowledged' })
  const eventsBehind = await hearEvents(store)
  await store.restoreSnapshot('scenario', true)
  t.same(await eventsBehind(), [], 'a dry run is silent')
  await store.restoreSnapshot('scenario', false)
  const advices = (await advicesOf(store)).filter(({ rid }) => rid !== acknowledged)
  t.match(advices, [{ tid: held }, { tid: declined }, { tid: declined }])
  t.same(await eventsBehind(), [
    ...[held, undecided, declined].map((tid) =>
      ({ type: 'transaction', clientId: 123, ...toldOf(tid), change: 'reset' })),
    ...advices.map(({ rid, tid, feed }) =>
      ({ type: 'advice', clientId: 123, rid: String(rid), tid: String(tid), feed, state: 'cancelled' }))
  ])
  await store.restoreSnapshot('scenario', false)
  t.same(await eventsBehind(), [], 'they are ended already')
})

contract('a restore that ends more than it tells lets those who listen read anew', async (t, place) => {
  const { store } = await openTimed(place)
  const throttled = { isThrottled: () => true }
  for (let index = 0; index < 13; index += 1) await receive(store, { amount: 1n }, undefined, throttled)
  const eventsBehind = await hearEvents(store)
  await store.restoreSnapshot('scenario', false)
  t.same(await eventsBehind(), [{ type: 'resync', clientId: undefined }], '26 advices')
  await store.removeIssuer(123)
  for (let index = 0; index < 26; index += 1) await receive(store, { amount: 1n })
  await eventsBehind()
  await store.restoreSnapshot('scenario', false)
  t.same(await eventsBehind(), [{ type: 'resync', clientId: undefined }], '26 payments')
  t.same(await place.verify(store), [])
})

contract('a late answer is recorded beside its message, and changes nothing', async (t, place) => {
  const { store, at } = await openTimed(place)
  const decided = await payInStandIn(store)
  const late = { afterMs: 3120, de39: '05', httpStatus: 200, body: '{}' }
  await store.recordLateAnswer(decided.thread.tid, decided.rid, late)
  t.match(await store.readMessage(decided.rid), {
    outcome: { late_answer: { after_ms: 3120, de39: '05', http_status: 200, answer: '{}' } }
  })
  t.match(await store.readTransaction(decided.thread.tid), {
    de39: '00', trace: { issuer: { late_answer: { after_ms: 3120, de39: '05', applied: false } } }
  })
  const unreadable = await payInStandIn(store)
  await store.recordLateAnswer(unreadable.thread.tid, unreadable.rid, { ...late, de39: undefined })
  t.match(await store.readTransaction(unreadable.thread.tid), { trace: { issuer: { late_answer: { de39: null } } } })
  const abandoned = await ask(store)
  await store.recordLateAnswer(abandoned.thread.tid, abandoned.rid, late)
  t.match(await store.readMessage(abandoned.rid), { outcome: undefined }, 'nothing is late before the deadline')
  at(32_000)
  await store.abandonPayments(DECIDING.messages)
  const reset = await ask(store)
  await store.restoreSnapshot('scenario', false)
  for (const { thread: { tid }, rid } of [abandoned, reset]) {
    await settle(store, { ...abandoned, thread: { ...abandoned.thread, tid }, rid })
    await store.recordLateAnswer(tid, rid, late)
    t.match(await store.readMessage(rid), { outcome: { late_answer: { after_ms: 3120 } } })
  }
  t.match(await store.readTransaction(abandoned.thread.tid), {
    trace: {
      decision: 'abandoned', issuer: { outcome: 'timeout', late_answer: { after_ms: 3120, de39: '05' } }
    }
  })
  await store.recordLateAnswer(9999n, 9999n, late)
})

contract('of an account that was deleted while its issuer was asked, nothing is held or set', async (t, place) => {
  const { store } = await openTimed(place)
  const [silent, stated] = [await ask(store), await ask(store)]
  await store.deleteAccount(ACCOUNT, false)
  t.match(await settle(store, silent), {
    decided: { transaction: { de39: '14', state: 'declined' }, balances: undefined }
  })
  const shadow = {
    kind: 'balances', balances: [{ actual: decimal('1'), blocked: decimal('0'), currency: 'KES' }]
  } as const
  t.match(await settle(store, stated, answered('00', shadow)), {
    decided: {
      transaction: { de39: '00' },
      trace: {
        issuer: { shadow: { applied: false, reason: 'the account was deleted while the issuer was asked' } },
        balance_change: null
      }
    }
  })
  t.same(await place.verify(store), [])
})

contract('balances that an issuer states beside holds that it does not know wipe them, and say so', async (
  t, place
) => {
  const lost: unknown[] = []
  const { store } = await openTimed(place, { ...UNOBSERVED, holdsLost: (...values) => { lost.push(values) } })
  const held = await payInStandIn(store)
  const stating = await ask(store)
  const shadow = {
    kind: 'balances', balances: [{ actual: decimal('900'), blocked: decimal('20'), currency: '404' }]
  } as const
  const outcome = answered('00', shadow)
  const lostTid = String(held.thread.tid)
  t.match(await settle(store, stating, outcome), {
    decided: { lostHolds: 1, trace: { issuer: { shadow: { applied: true, lost_holds: [lostTid] } } } }
  })
  t.same(lost, [['shadow', 1]])
  t.match(await store.readHistory(ACCOUNT, { from: undefined, limit: 1 }), {
    items: [{ lostHolds: [held.thread.tid], operation: { source: 'shadow', tid: stating.thread.tid } }]
  })
  t.match(await store.readTransaction(held.thread.tid), { hold: { counted: false, known: false } })
  t.match(await settle(store, await ask(store), outcome), { decided: { lostHolds: 0 } }, 'a hold is lost once')
  t.same(await place.verify(store), [])
})

contract('a SHADOW does not contain a hold of which the issuer learned while it was asked', async (t, place) => {
  const { store, at } = await openTimed(place)
  const acknowledge = async (tid: bigint): Promise<void> => {
    const advice = (await advicesOf(store)).find((one) => one.tid === tid && one.feed === 'active')
    await store.settleAdvice(advice?.rid ?? 0n, { kind: 'acknowledged' })
  }
  const state = answered('00', {
    kind: 'balances', balances: [{ actual: decimal('900'), blocked: decimal('20'), currency: '404' }]
  })
  const { thread: { tid: before } } = await payInStandIn(store)
  await acknowledge(before)
  const { thread: { tid: meanwhile } } = await payInStandIn(store)
  at(500)
  const [first, second, third] = [await ask(store), await ask(store), await ask(store)]
  at(900)
  await acknowledge(meanwhile)
  const lostHolds = [String(meanwhile)]
  t.match(await settle(store, first, state), {
    decided: { lostHolds: 1, trace: { issuer: { shadow: { applied: true, lost_holds: lostHolds } } } }
  })
  t.same(await balancesOf(store), [90_000n, 2000n])
  t.match(await store.readTransaction(meanwhile), { hold: { counted: false, known: true } })
  t.same(await place.verify(store), [])
  await store.setStandIn(123, { unaware_updates: 'keep_holds' })
  await settle(store, second, state)
  t.same(await balancesOf(store), [90_000n, 12_000n], 'the hold is kept beside what the issuer did not know')
  await settle(store, third, answered('00'))
  t.match(await settle(store, await ask(store), state), { decided: { lostHolds: 0 } })
  t.same(await balancesOf(store), [90_000n, 2000n], 'what it answers to a later request contains the hold')
  t.same(await place.verify(store), [])
})

contract('which holds a SHADOW contains does not depend on the clocks of the processes', async (t, place) => {
  const { store } = await openTimed(place)
  const ahead = await place.open({ clock: () => new Date(BEGINNING_MS + 60_000) })
  const behind = await place.open({ clock: () => new Date(BEGINNING_MS - 60_000) })
  await store.setStandIn(123, { unaware_updates: 'keep_holds' })
  const state = answered('00', {
    kind: 'balances', balances: [{ actual: decimal('900'), blocked: decimal('20'), currency: '404' }]
  })
  for (const [asks, acknowledges] of [[ahead, behind], [behind, ahead], [store, store]] as const) {
    const { thread: { tid } } = await payInStandIn(store)
    const [asked, askedToo] = [await ask(asks), await ask(asks)]
    const advice = (await advicesOf(store)).find((one) => one.tid === tid && one.feed === 'active')
    await acknowledges.settleAdvice(advice?.rid ?? 0n, { kind: 'acknowledged' })
    for (const early of [asked, askedToo]) {
      await settle(asks, early, state)
      t.same(await balancesOf(store), [90_000n, 12_000n], 'what was asked before the acknowledgement')
    }
    await settle(asks, await ask(asks), state)
    t.same(await balancesOf(store), [90_000n, 2000n], 'what was asked behind it')
  }
  t.same(await place.verify(store), [])
})

contract('a SHADOW contains a hold that balances contained before the issuer acknowledged it', async (t, place) => {
  const { store } = await openTimed(place)
  const { rid } = await payInStandIn(store)
  const item = {
    inputType: 'account', inputId: ACCOUNT, actual: decimal('1000'), blocked: decimal('110'), currency: '404'
  } as const
  await store.updateBalances(makeUpdate(1, { items: [item], asOfRid: rid }))
  const asking = await ask(store)
  const [advice] = await advicesOf(store)
  await store.settleAdvice(advice?.rid ?? 0n, { kind: 'acknowledged' })
  t.match(await settle(store, asking, answered('00', { kind: 'balances', balances: [item] })), {
    decided: { lostHolds: 0, trace: { issuer: { shadow: { applied: true } } } }
  })
  t.same(await balancesOf(store), [100_000n, 11_000n])
  t.same(await place.verify(store), [])
})

contract('a SHADOW that an answer to a newer message has overtaken is dropped', async (t, place) => {
  const { store } = await openTimed(place)
  const state = (actual: string, blocked = '0') => answered('00', {
    kind: 'balances', balances: [{ actual: decimal(actual), blocked: decimal(blocked), currency: '404' }]
  })
  const [first, second, third] = [await ask(store), await ask(store), await ask(store)]
  await settle(store, third, state('700', '-1'))
  t.match(await settle(store, second, state('800')), { decided: { trace: { issuer: { shadow: { applied: true } } } } })
  const reason = `SHADOW of an older message: balances as of RID ${second.rid} were set already`
  t.match(await settle(store, first, state('900')), {
    decided: {
      transaction: { de39: '00' }, trace: { issuer: { shadow: { applied: false, reason } }, balance_change: null }
    }
  })
  t.same(await balancesOf(store), [80_000n, 0n])
  await settle(store, await ask(store), state('600'))
  t.same(await balancesOf(store), [60_000n, 0n])
  t.same(await place.verify(store), [])
})

contract('a SHADOW of an older message than a client has sent balances as of is dropped', async (t, place) => {
  const { store } = await openTimed(place)
  const [first, second] = [await ask(store), await ask(store)]
  const item = {
    inputType: 'account', inputId: ACCOUNT, actual: decimal('700'), blocked: decimal('0'), currency: '404'
  } as const
  const send = async (asOfRid: bigint): Promise<void> => {
    await store.updateBalances(makeUpdate(1, { items: [item, { ...item, inputId: 404n }], asOfRid }))
  }
  const state = answered('00', {
    kind: 'balances', balances: [{ actual: decimal('900'), blocked: decimal('0'), currency: '404' }]
  })
  await send(second.rid)
  // An older one, and one that there never was, say nothing of newer messages.
  await send(first.rid)
  await send(second.rid + 1n)
  const reason = `SHADOW of an older message: balances as of RID ${second.rid} were set already`
  t.match(await settle(store, first, state), { decided: { trace: { issuer: { shadow: { applied: false, reason } } } } })
  t.same(await balancesOf(store), [70_000n, 0n])
  t.match(await settle(store, second, state), { decided: { trace: { issuer: { shadow: { applied: true } } } } })
  t.same(await balancesOf(store), [90_000n, 0n])
  t.same(await place.verify(store), [])
})

contract('balances that come together as of two messages count as of the newer, in either order', async (t, place) => {
  const { store } = await openTimed(place)
  const state = answered('00', {
    kind: 'balances', balances: [{ actual: decimal('700'), blocked: decimal('0'), currency: '404' }]
  })
  for (const isNewerFirst of [false, true]) {
    const [first, late, last] = [await ask(store), await ask(store), await ask(store)]
    const updates = [first.rid, last.rid].map((asOfRid) => makeUpdate(1, {
      items: [{
        inputType: 'account', inputId: ACCOUNT, actual: decimal('900'), blocked: decimal('0'), currency: '404'
      }],
      asOfRid
    }))
    const sent = isNewerFirst ? updates.toReversed() : updates
    await Promise.all(sent.map(async (update) => await store.updateBalances(update)))
    const reason = `SHADOW of an older message: balances as of RID ${last.rid} were set already`
    t.match((await settle(store, late, state))?.decided.trace.issuer?.shadow, { applied: false, reason })
    t.same(await balancesOf(store), [90_000n, 0n])
  }
  t.same(await place.verify(store), [])
})

contract('balances to which kept holds cannot be added fail, and change nothing', async (t, place) => {
  const { store } = await openTimed(place)
  await payInStandIn(store)
  await store.setStandIn(123, { unaware_updates: 'keep_holds' })
  const item = {
    inputType: 'account',
    inputId: ACCOUNT,
    actual: decimal('1'),
    blocked: decimal('92233720368547758.07'),
    currency: '404'
  } as const
  t.match(await store.updateBalances(makeUpdate(1, {
    items: [item], answer: () => ({ body: '{}', preferenceApplied: undefined }), identity: undefined
  })), { items: [{ status: 'failed', failure: { code: 'converted-out-of-range', field: 'blocked' } }] })
  t.same(await balancesOf(store), [100_000n, 11_000n])
})

contract('an item that stands twice in an update judges each hold once', async (t, place) => {
  const lost: unknown[] = []
  const { store } = await openTimed(place, { ...UNOBSERVED, holdsLost: (...values) => { lost.push(values) } })
  const { rid, thread: { tid } } = await payInStandIn(store)
  const update = async (more: object): Promise<unknown> => {
    const item = {
      inputType: 'account', inputId: ACCOUNT, actual: decimal('500'), blocked: decimal('20'), currency: '404'
    } as const
    return await store.updateBalances(makeUpdate(1, {
      items: [item, item], answer: () => ({ body: '{}', preferenceApplied: undefined }), identity: undefined, ...more
    }))
  }
  t.match(await update({}), { kind: 'applied' })
  t.same(lost.map((values) => (values as unknown[])[1]), [1])
  const history = await store.readHistory(ACCOUNT, PAGE)
  t.match(history, { items: [{ lostHolds: [] }, { lostHolds: [tid] }] })
  t.match(await update({ asOfRid: rid }), { kind: 'applied' })
  t.match(await store.readTransaction(tid), { hold: { counted: true, known: true } })
  const [advice] = await advicesOf(store)
  await store.settleAdvice(advice?.rid ?? 0n, { kind: 'acknowledged' })
  t.match(await store.readTransaction(tid), { hold: { known: true } }, 'the issuer knew of it before')
  t.same(await place.verify(store), [])
})

contract('a prune takes old payments with all that is about them, but none that is still open', async (t, place) => {
  const { store, at } = await openTimed(place)
  const answeredOne = await ask(store)
  await settle(store, answeredOne, answered('05'))
  const held = await payInStandIn(store)
  const waiting = await ask(store)
  const waitingDeclined = await ask(store, { amount: 100_000_000n })
  await settle(store, waitingDeclined)
  for (const { rid, tid } of await advicesOf(store)) {
    if (tid !== waitingDeclined.thread.tid) await store.settleAdvice(rid, { kind: 'acknowledged' })
  }
  at(1000)
  const young = await receive(store, { token: 999n })
  const promised = await store.prune(BEGINNING_MS + 1000, true)
  t.match(promised, { transactions: 1 })
  t.same(await store.prune(BEGINNING_MS + 1000, false), promised)
  const { items } = await store.listTransactions(EVERY_TRANSACTION, PAGE)
  const youngTid = young.kind === 'decided' ? young.decided.transaction.tid : 0n
  t.same(items.map(({ tid }) => tid), [
    youngTid, waitingDeclined.thread.tid, waiting.thread.tid, held.thread.tid
  ])
  t.equal(await store.readMessage(answeredOne.rid), undefined)
  t.same(await store.listMessages(answeredOne.thread.tid), [])
  t.same(await place.verify(store), [])
})

contract('a prune keeps what a rule may count, also one that is off for now', async (t, place) => {
  const { store, at } = await openTimed(place)
  const limits = { count: { max: 1, window: 'PT1H' } }
  await store.storeRules(
    [rule({ rule_id: 'any', client_id: 123, active: false, limits })], { replaces: true, max: 9 }, false)
  await settle(store, await ask(store), answered('00'))
  for (const { rid } of await advicesOf(store)) await store.settleAdvice(rid, { kind: 'acknowledged' })
  await receive(store, { token: 999n })
  at(3_599_999)
  t.match(await store.prune(BEGINNING_MS + 1000, false), { transactions: 1 }, 'that of a card that nobody has')
  at(3_600_000)
  t.match(await store.prune(BEGINNING_MS + 1000, false), { transactions: 1 }, 'the hour has passed')
})
