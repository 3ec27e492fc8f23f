import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { verifyDatabase } from '../../src/store/sqlite/verify.js'
import { startBuiltService } from '../support/built-service.js'
import { makeFolder, type Test } from '../support/folder.js'
import { decide, startIssuer, stayAway, type Received, type TestIssuer } from '../support/issuer.js'
import { ADMIN_TOKEN, AUTHORIZATION } from '../support/service.js'

/** How many payments stand-in decides before a kill: each leaves an advice. */
const ADVICES = 100

/** How many payments wait for the issuer at a kill. */
const WAITING = 8

/** How many payments are sent at once. */
const LINES = 10

/** How often an advice is waited for, 20 seconds each time. */
const WAITS_MAX = 9

/** One account, and an issuer that is asked by nobody at first. */
function scenarioWith ({ url }: TestIssuer): object {
  return {
    clients: [{
      client_id: 123,
      name: 'First Bank',
      api_key: 'key-of-123',
      stand_in: { manual: true },
      issuer: { url, deadline_ms: 30_000, throttle: { failures: 1000 } }
    }],
    accounts: [{
      client_id: 123,
      account_id: '1001',
      currency: '404',
      actual_balance: '1000000.00',
      blocked_balance: '0.00',
      tokens: ['12345']
    }],
    rules: [{ rule_id: 'any', client_id: 123, name: 'Any payment' }]
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

/** What a decision answers, as far as it is looked at. */
interface Transaction {
  readonly tid: string
  readonly rid: string
  readonly status: string
  readonly hold: { readonly remaining: string, readonly known: boolean } | null
}

/** Calls a service until it is killed. */
class Caller {
  constructor (readonly address: string) {}

  async call (method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.address}/sandbox/v1${path}`, {
      method,
      headers: { ...AUTHORIZATION, ...body && { 'content-type': 'application/json' } },
      ...body && { body: JSON.stringify(body) }
    })
    return { status: response.status, text: await response.text() }
  }

  async pay (key: string): Promise<Answer> {
    return await this.call('POST', '/simulations/authorizations', {
      token: '12345', amount: '1.00', currency: 'KES', idempotency_key: key
    })
  }

  async read<Answer> (path: string): Promise<Answer> {
    return JSON.parse((await this.call('GET', path)).text)
  }
}

/**
 * Kills a service in the middle of a hundred advices, while payments wait for their issuer, again and again at moments
 * that the seed decides.
 *
 * @returns what is wrong; nothing when each advice arrives, and each payment that waited is abandoned
 */
export async function crashStandIn (
  t: Test, { kills, seed }: { kills: number, seed: number }, log: (line: string) => void
): Promise<string[]> {
  const folder = makeFolder(t)
  const issuer = await startIssuer(t)
  const environment = {
    DATABASE_PATH: join(folder, 'test.sqlite'),
    SCENARIO_FILE: join(folder, 'scenario.json'),
    ADMIN_TOKEN,
    RATE_LIMIT: '0'
  }
  writeFileSync(environment.SCENARIO_FILE, JSON.stringify(scenarioWith(issuer)))
  const moments = fc.sample(fc.noBias(fc.integer({ min: 0, max: ADVICES - 1 })), { seed, numRuns: kills })
  const faults: string[] = []
  for (const [index, moment] of moments.entries()) {
    const name = `k${index}`
    const service = startBuiltService(t, { environment })
    const life = await live(new Caller(await service.address), issuer, name, moment)
    service.child.kill('SIGKILL')
    await service.exitCode
    await life.waiting
    issuer.behaviour = decide('00')

    const next = startBuiltService(t, { environment })
    faults.push(...await findFaults(new Caller(await next.address), issuer, name, life))
    next.child.kill('SIGKILL')
    await next.exitCode
    faults.push(...verifyDatabase(environment.DATABASE_PATH))
    const repeated = repeatsIn(issuer)
    log(`kill ${index + 1} after ${moment} advices: ${repeated} sent again so far, ${faults.length} faults`)
    if (repeated === 0) faults.push('no advice was under way when the service was killed')
    if (faults.length > 0) break
  }
  return faults
}

/** One life of a service: what it has answered, and the payments that it has not. */
interface Life {
  readonly answers: ReadonlyMap<string, string>
  readonly waiting: Promise<unknown>
}

/** Lets an issuer acknowledge so many advices, then no more, and lets payments wait for it. */
async function live (caller: Caller, issuer: TestIssuer, name: string, moment: number): Promise<Life> {
  let acknowledged = 0
  issuer.behaviour = (response, received) => {
    const isTaken = received.kind !== 'request' && acknowledged < moment
    if (isTaken) acknowledged += 1
    return (isTaken ? decide('00') : stayAway)(response, received)
  }
  const before = issuer.received.length
  await caller.call('PUT', '/clients/123/stand-in', { manual: true })
  const keys = Array.from({ length: ADVICES }, (_, number) => `${name}-${number}`)
  const answers = new Map(await inLines(keys, async (key) => [key, (await caller.pay(key)).text] as const))
  await caller.call('PUT', '/clients/123/stand-in', { manual: false })
  const waiting = Promise.allSettled(
    Array.from({ length: WAITING }, async (_, number) => await caller.pay(`${name}-waiting-${number}`)))
  // Some that nobody acknowledges are under way.
  const isDue = (): boolean => {
    const received = issuer.received.slice(before)
    const requests = received.filter(({ kind }) => kind === 'request').length
    return requests === WAITING && received.length - requests > moment
  }
  while (!isDue()) await issuer.hasReceived(issuer.received.length + 1)
  return { answers, waiting }
}

/** Looks at what became of a life once the next one has begun. */
async function findFaults (caller: Caller, issuer: TestIssuer, name: string, { answers }: Life): Promise<string[]> {
  const replays = await inLines([...answers], async ([key, answer]) => ({ key, answer, ...await caller.pay(key) }))
  const faults = replays.filter(({ answer, text }) => answer !== text).map(({ key, answer, text }) =>
    `payment ${key} was answered ${answer}, and now ${text}`)
  const { transactions } = await caller.read<{ transactions: Array<Transaction & { idempotency_key: string }> }>(
    '/transactions?limit=1000')
  const ours = transactions.filter(({ idempotency_key: key }) => key.startsWith(`${name}-`))
  const waited = ours.filter(({ idempotency_key: key }) => !answers.has(key))
  if (waited.length !== WAITING) faults.push(`${waited.length} of ${WAITING} payments that waited are there`)
  faults.push(...(await inLines(ours, async ({ tid }) => await findAdviceFaults(caller, issuer, tid))).flat())
  for (const { tid, rid, status, hold, idempotency_key: key } of waited) {
    if (status !== 'abandoned' || hold !== null) faults.push(`payment ${tid} is ${status}, and must be abandoned`)
    const [reversal] = toldOf(issuer, tid)
    const { SUMMARY: summary } = reversal?.message ?? {}
    const isRight = reversal?.kind === 'reversal' && isDeepStrictEqual(summary, { ...summary, original_RID: rid })
    if (!isRight) faults.push(`payment ${tid} has no 0420 that names its request`)
    const again = await caller.pay(key)
    if (again.status !== 409 || !/was ended while its issuer was asked/.test(again.text)) {
      faults.push(`payment ${key}, sent again, is answered ${again.text}`)
    }
  }
  return faults
}

/** Does something for each value, for some of them at once. */
async function inLines<Value, Result> (
  values: readonly Value[], work: (value: Value) => Promise<Result>
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < values.length; at += LINES) {
    results.push(...await Promise.all(values.slice(at, at + LINES).map(work)))
  }
  return results
}

/** What an issuer was told of a payment, as often as it was told. */
function toldOf ({ received }: TestIssuer, tid: string): Received[] {
  return received.filter(({ kind, message }) => kind !== 'request' && message.SUMMARY.TID === tid)
}

/** Each payment has one advice. It arrives, once or more often, and is the same each time. */
async function findAdviceFaults (caller: Caller, issuer: TestIssuer, tid: string): Promise<string[]> {
  const wait = async (): Promise<Transaction & { reached: boolean }> =>
    await caller.read(`/transactions/${tid}?wait_for=advice_acknowledged&timeout_ms=20000`)
  let { reached, hold } = await wait()
  // Only one that is lost takes minutes.
  for (let waits = 1; !reached && waits < WAITS_MAX; waits += 1) ({ reached, hold } = await wait())
  if (!reached) return [`the advice of payment ${tid} is lost`]
  const [first, ...others] = toldOf(issuer, tid)
  if (first === undefined) return [`the advice of payment ${tid} never arrived`]
  const differs = others.some(({ message }) => !isDeepStrictEqual(message, first.message))
  return [
    ...differs ? [`the advice of payment ${tid} came again, and was another`] : [],
    ...hold?.known === false ? [`the hold of payment ${tid} is not known, and its advice was acknowledged`] : []
  ]
}

/** How many advices an issuer got more than once. */
function repeatsIn ({ received }: TestIssuer): number {
  const told = received.filter(({ kind }) => kind !== 'request').map(({ message }) => message.SUMMARY.RID)
  return told.length - new Set(told).size
}
