import { planBalanceUpdate, type BalanceUpdateItem } from '../../domain/balance-update.js'
import type { RateLookup } from '../../domain/exchange.js'
import { containedAsOf } from '../../domain/holds.js'
import { groupedChange, type Context } from '../engine.js'
import type { BalanceUpdate, BalanceUpdateOutcome, StoredAnswer } from '../port/balance-updates.js'
import { all, eachFirst, eachRun, int8, sql, statement, text, together, type Operation } from '../sql.js'
import { AccountMemory, ascending, loadAccounts, loadContainedHolds } from './account-memory.js'
import {
  changeOf, drawNumbers, insertChanges, insertOperations, numberChanges, setBalances, type NewOperation
} from './history-writing.js'
import type { KnownAccount } from './known-accounts.js'
import { findRatesFor } from './rate-lookup.js'

/** An answer that was stored for an identifier of a client. */
interface Answered {
  readonly fingerprint: Buffer
  readonly answer: StoredAnswer
}

interface AnsweredRow {
  fingerprint: Buffer
  answer_body: string
  answer_preference: string | null
}

const FIND_ANSWERED = statement`SELECT fingerprint, answer_body, answer_preference FROM operations
  WHERE client_id = ${int8} AND identifier = ${text} AND answer_body IS NOT NULL`

/**
 * Sets balances, for all updates that wait together. Each is all or nothing: balances, history and the answer to be
 * replayed are written in one transaction. The updates are planned in their order, in memory; each sees those before
 * it, the same account and the same identifier included. A dry run is planned and leaves nothing to those behind it.
 */
export const updateBalances = groupedChange<BalanceUpdate, BalanceUpdateOutcome, AccountMemory>(
  () => new AccountMemory(),
  function * (context, memory, sent) {
    const items = sent.flatMap((update) => update.items)
    yield * loadAccounts(memory, items, context)
    const updates = yield * loadWhatSendersKnow(sent, memory)
    // Behind the locks: of two that set the same accounts, the second sees what the first has answered.
    const [answered, findRate] = yield * together<[Map<string, Answered>, RateLookup]>(
      findAnswered(updates), findRatesFor(pairsOf(items, memory), context))
    const outcomes = updates.map((update) => {
      const outcome = decide(update, { memory, answered, findRate, context })
      if (isWritten(update, outcome)) settle(update, outcome, memory, answered)
      return outcome
    })
    yield * write(updates, outcomes, memory, context)
    return outcomes
  })

/**
 * Reads what senders may not know of who say what they know.
 *
 * @returns the updates. None says any more that it knows a message that there never was
 */
function * loadWhatSendersKnow (
  updates: readonly BalanceUpdate[], memory: AccountMemory
): Operation<readonly BalanceUpdate[]> {
  const saying = updates.filter(({ asOfRid }) => asOfRid !== undefined)
  if (saying.length === 0) return updates
  yield * loadContainedHolds(memory, ascending(saying.flatMap(({ items }) => items.flatMap(({ inputType, inputId }) =>
    memory.find(inputType, inputId)?.accountId ?? []))))
  const [{ last_number: newestRid }] = (yield * all(sql`SELECT last_number FROM sequences
    WHERE name = 'message'`)) as [{ last_number: bigint }]
  return updates.map((update) =>
    update.asOfRid !== undefined && update.asOfRid > newestRid ? { ...update, asOfRid: undefined } : update)
}

type Applied = Extract<BalanceUpdateOutcome, { kind: 'applied' }>

function isWritten ({ dryRun }: BalanceUpdate, outcome: BalanceUpdateOutcome | undefined): outcome is Applied {
  return outcome?.kind === 'applied' && !dryRun
}

function keyOf (clientId: number, identifier: string): string {
  return `${clientId} ${identifier}`
}

function * findAnswered (updates: readonly BalanceUpdate[]): Operation<Map<string, Answered>> {
  const asked = updates.flatMap(({ clientId, identity }) => identity === undefined ? [] : [{ clientId, identity }])
  const rows = yield * eachFirst<AnsweredRow>(
    FIND_ANSWERED, asked.map(({ clientId, identity }) => [BigInt(clientId), identity.identifier]))
  const answered = new Map<string, Answered>()
  asked.forEach(({ clientId, identity: { identifier } }, index) => {
    const row = rows[index]
    if (row !== undefined) answered.set(keyOf(clientId, identifier), answeredOf(row))
  })
  return answered
}

function answeredOf ({ fingerprint, answer_body: body, answer_preference: preference }: AnsweredRow): Answered {
  return { fingerprint, answer: { body, preferenceApplied: preference ?? undefined } }
}

/** Gives the currencies that items are converted between: as sent, and the account's. Each pair once. */
export function pairsOf (
  items: readonly BalanceUpdateItem[], memory: AccountMemory
): Array<readonly [from: string, to: string]> {
  const pairs = new Map<string, readonly [from: string, to: string]>()
  for (const { inputType, inputId, currency } of items) {
    const to = memory.find(inputType, inputId)?.currency.numericCode
    if (to !== undefined && to !== currency) pairs.set(`${currency} ${to}`, [currency, to])
  }
  return [...pairs.values()]
}

interface Deciding {
  readonly memory: AccountMemory
  readonly answered: ReadonlyMap<string, Answered>
  readonly findRate: RateLookup
  readonly context: Context
}

/** Decides what becomes of one update. Changes nothing. */
function decide (
  update: BalanceUpdate, { memory, answered, findRate, context }: Deciding
): BalanceUpdateOutcome {
  const { clientId, identity, items, allOrNothing, asOfRid } = update
  const earlier = identity && answered.get(keyOf(clientId, identity.identifier))
  if (identity !== undefined && earlier !== undefined) {
    const isSame = earlier.fingerprint.equals(identity.fingerprint)
    return isSame ? { kind: 'replayed', answer: earlier.answer } : { kind: 'identifier-reused' }
  }
  const planned = planBalanceUpdate(items, {
    findAccount: (inputType, inputId) => memory.findOf(clientId, inputType, inputId),
    findRate,
    pivotCurrency: context.pivotCurrency,
    contains: containedAsOf(asOfRid)
  })
  if (allOrNothing && planned.some(({ status }) => status === 'failed')) return { kind: 'refused', items: planned }
  return { kind: 'applied', answer: update.answer(planned), items: planned }
}

/** Lets the updates behind see what this one has set and answered. */
function settle (
  { clientId, identity }: BalanceUpdate,
  { answer, items }: Applied,
  memory: AccountMemory,
  answered: Map<string, Answered>
): void {
  if (identity !== undefined) {
    answered.set(keyOf(clientId, identity.identifier), { fingerprint: identity.fingerprint, answer })
  }
  for (const item of items) {
    if (item.status === 'updated') {
      memory.setBalances(item.account.accountId, item.next, item.beside)
    }
  }
}

function * write (
  updates: readonly BalanceUpdate[],
  outcomes: readonly BalanceUpdateOutcome[],
  memory: AccountMemory,
  { nowMs }: Context
): Operation<void> {
  const written = updates.flatMap((update, index) => {
    const outcome = outcomes[index]
    return isWritten(update, outcome) ? [{ update, outcome }] : []
  })
  if (written.length === 0) return
  const updatedItems = written.flatMap(({ update: { asOfRid }, outcome }, operationIndex) =>
    outcome.items.flatMap((planned, itemIndex) =>
      planned.status === 'updated' ? [{ planned, asOfRid, operationIndex, itemIndex }] : []))
  const { operationId, firstChangeId } = yield * drawNumbers(written.length, updatedItems.length)
  const changes = updatedItems.map(({ planned, operationIndex, itemIndex }) => {
    const { incarnation } = memory.find('account', planned.account.accountId) as KnownAccount
    return changeOf(planned, incarnation, operationId + BigInt(operationIndex), itemIndex)
  })
  const numbered = numberChanges(changes, firstChangeId, memory.ends)
  yield * together(
    insertOperations(written.map(({ update, outcome }) => operationOf(update, outcome)), operationId, nowMs),
    insertChanges(numbered),
    setBalances(numbered, nowMs),
    setAsOf(updatedItems.map(({ planned: { account: { accountId } }, asOfRid }) => ({ accountId, asOfRid }))))
}

/** Balances as of an older message say nothing of newer ones. */
const SET_AS_OF = statement`UPDATE balances
  SET shadow_rid = CASE WHEN shadow_rid > ${int8} THEN shadow_rid ELSE ${int8} END WHERE account_id = ${int8}`

/** Remembers the newest message that balances were sent as of: a SHADOW of an older one comes too late for them. */
function * setAsOf (
  sent: ReadonlyArray<{ readonly accountId: bigint, readonly asOfRid: bigint | undefined }>
): Operation<void> {
  const newest = new Map<bigint, bigint>()
  for (const { accountId, asOfRid = 0n } of sent) {
    if (asOfRid > (newest.get(accountId) ?? 0n)) newest.set(accountId, asOfRid)
  }
  yield * eachRun(SET_AS_OF, [...newest].map(([accountId, rid]) => [rid, rid, accountId]))
}

/** Without an identifier there is nothing to replay, and the answer is not stored. */
function operationOf (
  { source, clientId, identity, userId, remarks, reason }: BalanceUpdate, { answer }: Applied
): NewOperation {
  const { identifier, fingerprint } = identity ?? {}
  return { source, clientId, identifier, fingerprint, answer: identity && answer, userId, remarks, reason }
}
