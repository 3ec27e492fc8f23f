import fc from 'fast-check'
import t from 'tap'
import { currency, decimal } from '../../support/arbitraries.js'
import { allOf } from '../../support/all-of.js'
import { holdsAsync } from '../../support/property.js'
import { makeUpdate } from '../../support/updates.js'
import type { ChangeRecord } from '../../../src/store/port/history.js'
import type { BalanceUpdateOutcome } from '../../../src/store/port/balance-updates.js'
import type { Store } from '../../../src/store/port/store.js'
import { verifyPostgres } from '../../../src/store/postgres/store.js'
import { openAt, placeFor } from './places.js'

const ACCOUNTS = [1002n, 1003n, 1004n]
const TOKENS = [771n, 772n]

const accountId = fc.constantFrom(...ACCOUNTS)
const target = fc.oneof(
  fc.record({ inputType: fc.constant('account' as const), inputId: accountId }),
  fc.record({ inputType: fc.constant('token' as const), inputId: fc.constantFrom(...TOKENS) }))
const token = fc.constantFrom(...TOKENS)
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      targets: fc.array(target, { minLength: 1, maxLength: 4 }),
      identifier: fc.nat(20),
      amount: fc.nat(3)
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('create' as const), accountId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), accountId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('attach' as const), accountId, token }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('detach' as const), accountId, token }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restore' as const }) })
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never

/** What became of an update, with what it was asked. */
interface Told {
  readonly identifier: string
  readonly fingerprint: string
  readonly outcome: BalanceUpdateOutcome
}

async function act (store: Store, next: Action, round: string): Promise<Told | undefined> {
  switch (next.kind) {
    case 'update': {
      const { targets, amount } = next
      const identifier = `${round}-${next.identifier}`
      const fingerprint = JSON.stringify([amount, targets.map(({ inputId }) => String(inputId))])
      const balances = { actual: decimal(String(amount)), blocked: decimal('0'), currency: '840' }
      const items = targets.map((item) => ({ ...item, ...balances }))
      const outcome = await store.updateBalances(makeUpdate(0, {
        items: items as never,
        identity: { identifier, fingerprint: Buffer.from(fingerprint) },
        answer: (planned) => ({
          body: JSON.stringify({ body: { results: planned.map(({ status }) => ({ status })) } }),
          preferenceApplied: undefined
        })
      }))
      return { identifier, fingerprint, outcome }
    }
    case 'create':
      await store.createAccounts([{
        accountId: next.accountId,
        clientId: 123,
        currency: currency('840'),
        externalReference: undefined,
        balances: { actual: 0n, blocked: 0n },
        cards: []
      }], false)
      return undefined
    case 'delete': await store.deleteAccount(next.accountId, false); return undefined
    case 'attach': await store.attachToken(next.accountId, next.token); return undefined
    case 'detach': await store.detachToken(next.accountId, next.token); return undefined
    case 'restore': await store.restoreSnapshot('scenario', false); return undefined
  }
}

/** Reads all that was ever done to an account number: its accounts in their order, each from its first change. */
async function readAll (store: Store, id: bigint): Promise<ChangeRecord[]> {
  const changes: ChangeRecord[] = []
  for (let incarnation = 1; ; incarnation += 1) {
    const history = await store.readHistory(id, { from: undefined, limit: 10_000 }, incarnation)
    if (typeof history === 'string') return changes
    changes.push(...[...history.items].reverse())
  }
}

/** One update of each identifier was applied, all its replays mean the same, and any other content was refused. */
function isAnsweredOnce (told: readonly Told[]): boolean {
  const applied = new Map<string, Told>()
  for (const entry of told) {
    if (entry.outcome.kind !== 'applied') continue
    if (applied.has(entry.identifier)) return false
    applied.set(entry.identifier, entry)
  }
  return told.every(({ identifier, fingerprint, outcome }) => {
    const first = applied.get(identifier)
    if (outcome.kind === 'applied') return true
    const isSame = first?.fingerprint === fingerprint
    return outcome.kind === 'replayed' ? isSame : outcome.kind === 'identifier-reused' && !isSame
  })
}

for (const isolation of ['READ COMMITTED', 'SERIALIZABLE'] as const) {
  t.test(`${isolation}: several stores at once leave each history one chain and every answer true`, async (t) => {
    const place = await placeFor(t)
    // Each has pools of connections of its own, and knows nothing of the others.
    const stores: Store[] = []
    while (stores.length < 3) stores.push(await openAt(t, place, { isolation }))
    let rounds = 0

    await holdsAsync(t, fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 40 }), async (actions) => {
      const round = String(rounds += 1)
      const settled = await Promise.allSettled(actions.map(async (next, index) =>
        await act(stores[index % stores.length] as Store, next, round)))
      const failed = settled.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as Error)
      // Under SERIALIZABLE what meets others again and again is given up.
      const fault = failed.find(({ name }) => isolation === 'READ COMMITTED' || name !== 'StoreUnavailableError')
      if (fault !== undefined) throw new Error(fault.message, { cause: fault })
      const told = settled.flatMap((outcome) =>
        outcome.status === 'fulfilled' && outcome.value !== undefined ? [outcome.value] : [])
      if (!isAnsweredOnce(told)) return false
      const [store] = stores as [Store]
      for (const id of ACCOUNTS) {
        const changes = await readAll(store, id)
        const account = await store.readAccount(id)
        if (account !== undefined && account.balances.actual !== changes.at(-1)?.next.actual) return false
        const isChain = changes.every(({ previous }, index) =>
          previous === undefined || previous.actual === changes[index - 1]?.next.actual)
        if (!isChain) return false
      }
      return (await allOf(verifyPostgres(place))).length === 0
    }), { numRuns: 12 })
  })
}
