import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { readScenario } from '../../src/domain/scenario.js'
import type { IssuerOutcome, LateAnswer } from '../../src/domain/issuer-outcome.js'
import { Throttle } from '../../src/fast/throttle.js'
import { makeAuthorizer, type Authorizer } from '../../src/stand-in/authorizer.js'
import type { IssuerClient } from '../../src/stand-in/issuer-client.js'
import type { Store } from '../../src/store/port/store.js'
import { openSqliteStore } from '../../src/store/sqlite/store.js'
import { makeFolder, type Test } from '../support/folder.js'
import { answered, DECIDING, PAYMENT_SCENARIO, payment, SILENCE } from '../support/stored-payments.js'

const BEGINNING_MS = Date.parse('2027-02-03T14:05:09Z')

interface TestAuthorizer {
  readonly authorizer: Authorizer
  readonly store: Store
  readonly throttle: Throttle
  /** How often the issuer was asked. */
  readonly asked: () => number
  readonly warned: unknown[]
  /** Lets the issuer fail, and the time pass until one payment may probe it. */
  readonly throttleUntilProbe: () => void
}

/** Asking that lasts until it is ended. */
function askInVain (): ReturnType<IssuerClient['ask']> {
  let end: (reason: string) => void = () => {}
  const outcome = new Promise<IssuerOutcome>((resolve) => {
    end = (reason) => {
      resolve({ kind: 'connection', reason, httpStatus: undefined, elapsedMs: 7, body: undefined })
    }
  })
  return { outcome, late: outcome.then(() => undefined), end: (reason) => { end(reason) } }
}

/** An authorizer whose issuer is the test's. Its store is a real one, of which a test may break a part. */
async function makeTestAuthorizer (
  t: Test, breakStore: (store: Store) => Partial<Store>, outcome: IssuerOutcome | 'none' = answered('00'),
  late?: LateAnswer
): Promise<TestAuthorizer> {
  let ms = BEGINNING_MS
  let asked = 0
  const clock = (): Date => new Date(ms)
  const store = openSqliteStore({ path: join(makeFolder(t), 'test.sqlite'), pivotCurrency: '840', clock })
  t.teardown(async () => { await store.close() })
  await store.loadScenario(readScenario(PAYMENT_SCENARIO), false)
  await store.setIssuer(123, { throttle: { failures: 1, within_ms: 1000, for_ms: 1000 } })
  const throttle = new Throttle()
  const warned: unknown[] = []
  const authorizer = makeAuthorizer({
    ...DECIDING,
    store: { ...store, ...breakStore(store) },
    client: {
      ask: () => {
        asked += 1
        if (outcome === 'none') return askInVain()
        return { outcome: Promise.resolve(outcome), late: Promise.resolve(late), end: () => {} }
      }
    },
    throttle,
    clock,
    log: { warn: (...values: unknown[]) => { warned.push(values) } },
    onAdvised: () => {}
  })
  return {
    authorizer,
    store,
    throttle,
    asked: () => asked,
    warned,
    throttleUntilProbe: () => {
      const settings = { throttle: { failures: 1, within_ms: 1000, for_ms: 1000 }, throttle_on: ['timeout'] } as const
      throttle.admit(123, ms)?.report('timeout', settings, ms)
      ms += 1000
    }
  }
}

t.test('a probe that did not go out does not keep others from asking', async (t) => {
  let isLost = true
  const { authorizer, throttleUntilProbe, asked } = await makeTestAuthorizer(t, (store) => ({
    receivePayment: async (request) => {
      const reception = await store.receivePayment(request)
      if (isLost) throw new Error('the answer to the commit was lost')
      return reception
    }
  }))
  throttleUntilProbe()
  await t.rejects(authorizer.authorize(payment(), undefined), /was lost/)
  t.equal(asked(), 0)
  isLost = false
  t.match(await authorizer.authorize(payment(), undefined), { kind: 'decided', decided: { trace: { de39: '00' } } })
  t.equal(asked(), 1)
})

t.test('a payment that came to nothing ends no throttling that began meanwhile', async (t) => {
  const { authorizer, throttle, throttleUntilProbe } = await makeTestAuthorizer(t, (store) => ({
    receivePayment: async (request) => {
      await store.receivePayment(request)
      throttleUntilProbe()
      throw new Error('the answer to the commit was lost')
    }
  }))
  await t.rejects(authorizer.authorize(payment(), undefined), /was lost/)
  t.equal(throttle.stateOf(123, BEGINNING_MS + 999), 'throttled')
})

t.test('the leave to ask is kept while the database repeats the work', async (t) => {
  const { authorizer, throttleUntilProbe, asked } = await makeTestAuthorizer(t, (store) => ({
    receivePayment: async (request) => {
      request.isThrottled(123)
      return await store.receivePayment(request)
    }
  }))
  throttleUntilProbe()
  t.match(await authorizer.authorize(payment(), undefined), { decided: { trace: { issuer: { outcome: 'answered' } } } })
  t.equal(asked(), 1)
})

t.test('a payment that was abandoned while its issuer was asked is no decision', async (t) => {
  const { authorizer } = await makeTestAuthorizer(t, () => ({ decidePayment: async () => undefined }))
  t.same(await authorizer.authorize(payment(), undefined), { kind: 'abandoned', tid: 1n })
})

t.test('a payment that is reset before its issuer is asked waits for nobody', async (t) => {
  const made: TestAuthorizer = await makeTestAuthorizer(t, (store) => ({
    receivePayment: async (request) => {
      const reception = await store.receivePayment(request)
      await store.restoreSnapshot('scenario', false, undefined)
      await made.authorizer.endReset()
      return reception
    }
  }), 'none')
  t.same(await made.authorizer.authorize(payment(), undefined), { kind: 'abandoned', tid: 1n })
  t.equal(made.asked(), 1)
})

t.test('asking goes on where nobody can read whether its payment was reset, and ends where the payment is gone',
  async (t) => {
    let isAway = true
    const { authorizer, asked, warned } = await makeTestAuthorizer(t, () => ({
      readTransaction: async () => {
        if (isAway) throw new Error('the database is away')
        return undefined
      }
    }), 'none')
    const decided = authorizer.authorize(payment(), undefined)
    while (asked() === 0) await setImmediate()
    await authorizer.endReset()
    t.match(warned, [[{ err: /away/, tid: '1' }, /^whether a payment was ended could not be read/]])
    isAway = false
    await authorizer.endReset()
    t.match(await decided, { decided: { trace: { issuer: { outcome: 'connection' } } } })
    await authorizer.endReset()
    t.equal(warned.length, 1)
  })

t.test('a late answer that cannot be recorded is logged', async (t) => {
  const late = { afterMs: 3000, de39: '05', httpStatus: 200, body: '{}' }
  const { authorizer, store, warned } = await makeTestAuthorizer(t, () => ({
    recordLateAnswer: async () => { throw new Error('the database is away') }
  }), SILENCE, late)
  t.match(await authorizer.authorize(payment(), undefined), { decided: { transaction: { decidedBy: 'stand_in' } } })
  await authorizer.settled()
  t.match(warned, [[{ err: /away/ }, 'an answer that came after its deadline could not be recorded']])
  t.match(await store.readMessage(1n), { outcome: { late_answer: null } })
})
