import type { PlannedUpdate } from '../../domain/balance-update.js'
import type { Currency } from '../../domain/currency.js'
import { formatRate } from '../../domain/exchange.js'
import type { SetBeside } from '../../domain/holds.js'
import type { Balances } from '../../domain/money.js'
import type { OperationSource, StoredAnswer } from '../port/balance-updates.js'
import { bytes, draw, eachRun, int8, type Operation, statement, text, together } from '../sql.js'
import type { HistoryEnd } from './known-accounts.js'

/** One change of balances, with everything that a replay needs. */
export interface NewOperation {
  readonly source: OperationSource
  readonly clientId?: number | undefined
  readonly identifier?: string | undefined
  readonly fingerprint?: Buffer | undefined
  readonly answer?: StoredAnswer | undefined
  readonly userId?: string | undefined
  readonly remarks?: string | undefined
  readonly reason?: string | undefined
  readonly jobId?: number | undefined
  /** The payment's. */
  readonly tid?: bigint | undefined
}

/** A change as it is written. Its number and its place follow from the end of the account's history. */
export interface NewChange {
  readonly accountId: bigint
  readonly incarnation: number
  readonly currency: Currency
  readonly operationId: bigint
  /** The place in the operation's list, from 0; of a balance file, the line in it. */
  readonly itemIndex: number
  /** The balance file's. */
  readonly recordId?: string | undefined
  /** Undefined for the balances that an account begins with. */
  readonly previous: Balances | undefined
  readonly next: Balances
  /** As sent, in minor units of `sentCurrency`. */
  readonly sent: Balances
  readonly sentCurrency: Currency
  /** The exact rate, as `formatRate` writes it. */
  readonly rate: string
  /** From when on it holds, milliseconds since 1970. Undefined without a conversion. */
  readonly rateEffectiveAtMs?: number | undefined
  /** What it does with holds that the sender may not know of. */
  readonly beside?: SetBeside | undefined
}

const INSERT_OPERATION = statement`INSERT INTO operations (operation_id, source, client_id, identifier, fingerprint,
    answer_body, answer_preference, user_id, remarks, reason, job_id, tid, created_at_ms)
  VALUES (${int8}, ${text}, ${int8}, ${text}, ${bytes},
    ${text}, ${text}, ${text}, ${text}, ${text}, ${int8}, ${int8}, ${int8})`

const INSERT_CHANGE = statement`INSERT INTO balance_changes (change_id, account_id, incarnation, position,
    previous_change_id, operation_id, item_index, record_id, currency, previous_actual, previous_blocked,
    actual, blocked, sent_actual, sent_blocked, sent_currency, rate, rate_effective_at_ms,
    lost_holds)
  VALUES (${int8}, ${int8}, ${int8}, ${int8},
    ${int8}, ${int8}, ${int8}, ${text}, ${text}, ${int8}, ${int8},
    ${int8}, ${int8}, ${int8}, ${int8}, ${text}, ${text}, ${int8}, ${text})`

const SET_BALANCES = statement`UPDATE balances
  SET actual = ${int8}, blocked = ${int8}, last_change_id = ${int8}, position = ${int8}, updated_at_ms = ${int8}
  WHERE account_id = ${int8}`

/**
 * Writes operations whose numbers were drawn, `firstId` and those behind it. They are written in the order of their
 * identifiers: so two who write some of the same at once never wait for each other.
 */
export function * insertOperations (
  operations: readonly NewOperation[], firstId: bigint, nowMs: number
): Operation<void> {
  const numbered = operations.map((operation, index) =>
    ({ operation, operationId: firstId + BigInt(index), order: orderOf(operation) }))
  numbered.sort((left, right) => left.order < right.order ? -1 : Number(left.order > right.order))
  yield * eachRun(INSERT_OPERATION, numbered.map(({ operation, operationId }) => {
    const { source, clientId, identifier, fingerprint, answer, userId, remarks, reason, jobId, tid } = operation
    return [operationId, source, numberOf(clientId), identifier, fingerprint,
      answer?.body, answer?.preferenceApplied, userId, remarks, reason, numberOf(jobId), tid,
      BigInt(nowMs)]
  }))
}

/** Clients may use the same identifiers. */
function orderOf ({ identifier, clientId }: NewOperation): string {
  return `${String(identifier)} ${String(clientId)}`
}

/** Numbers that were drawn for operations and their changes. */
export interface DrawnOperation {
  readonly operationId: bigint
  readonly firstChangeId: bigint
}

/**
 * Draws numbers for operations and their changes, both at once: so of two operations, the one with the greater number
 * has the changes with greater numbers. To be called when the accounts are locked.
 */
export function * drawNumbers (operations: number, changes: number): Operation<DrawnOperation> {
  const [operationId, firstChangeId] = yield * together<[bigint, bigint]>(
    draw('operation', operations), draw('change', changes))
  return { operationId, firstChangeId }
}

/** Writes one operation. @returns its number, to which its changes refer, and the first of theirs */
export function * insertOperation (
  operation: NewOperation, changes: number, nowMs: number
): Operation<DrawnOperation> {
  const drawn = yield * drawNumbers(1, changes)
  yield * insertOperations([operation], drawn.operationId, nowMs)
  return drawn
}

/** A change with its number, and its place in the account's history. */
export interface NumberedChange {
  readonly change: NewChange
  readonly changeId: bigint
  /** From 1. */
  readonly position: bigint
  /** The account's change before this one; undefined for the first. */
  readonly previousChangeId: bigint | undefined
}

/** Makes the change of a planned update. */
export function changeOf (
  { account: { accountId, currency }, previous, next, sent, sentCurrency, conversion, beside }: PlannedUpdate,
  incarnation: number, operationId: bigint, itemIndex: number, recordId?: string
): NewChange {
  const [rate, rateEffectiveAtMs] = [formatRate(conversion), conversion.effectiveAtMs]
  return {
    accountId,
    incarnation,
    currency,
    operationId,
    itemIndex,
    recordId,
    previous,
    next,
    sent,
    sentCurrency,
    rate,
    rateEffectiveAtMs,
    beside
  }
}

/**
 * Numbers changes in their order. An account may stand among them more than once.
 *
 * @param firstId the number that was drawn for the first
 * @param ends where each account's history ends so far; nothing for an account that begins. They are moved on
 */
export function numberChanges (
  changes: readonly NewChange[], firstId: bigint, ends: Map<bigint, HistoryEnd>
): NumberedChange[] {
  let changeId = firstId - 1n
  return changes.map((change) => {
    const before = ends.get(change.accountId)
    changeId += 1n
    const position = before === undefined ? 1n : before.position + 1n
    ends.set(change.accountId, { changeId, position })
    return { change, changeId, position, previousChangeId: before?.changeId }
  })
}

/** Writes changes into the history. The accounts' balances must be set in the same transaction. */
export function * insertChanges (numbered: readonly NumberedChange[]): Operation<void> {
  yield * eachRun(INSERT_CHANGE, numbered.map(({ change, changeId, position, previousChangeId }) => {
    const { accountId, incarnation, operationId, itemIndex, recordId, currency, previous, next, sent } = change
    return [
      changeId, accountId, BigInt(incarnation), position,
      previousChangeId, operationId, BigInt(itemIndex), recordId, currency.numericCode,
      previous?.actual, previous?.blocked, next.actual, next.blocked, sent.actual, sent.blocked,
      change.sentCurrency.numericCode, change.rate, numberOf(change.rateEffectiveAtMs), lostOf(change)
    ]
  }))
}

function lostOf ({ beside }: NewChange): string | undefined {
  return beside === undefined || beside.lost.length === 0 ? undefined : beside.lost.join()
}

/** Sets the balances of accounts to what their newest change among these has set, each once. */
export function * setBalances (numbered: readonly NumberedChange[], nowMs: number): Operation<void> {
  const newest = new Map(numbered.map((entry) => [entry.change.accountId, entry]))
  const updatedAtMs = BigInt(nowMs)
  yield * eachRun(SET_BALANCES, [...newest.values()].map(({ change: { accountId, next }, changeId, position }) =>
    [next.actual, next.blocked, changeId, position, updatedAtMs, accountId]))
  yield * judgeHolds(numbered)
}

const JUDGE_HOLD = statement`UPDATE holds SET counted = ${int8}, known = ${int8} WHERE tid = ${int8}`
const COUNT_APART =
  statement`UPDATE balances SET unaware_holds = unaware_holds + ${int8} WHERE account_id = ${int8}`

/** Writes what changes say of holds, in their order. */
function * judgeHolds (numbered: readonly NumberedChange[]): Operation<void> {
  const judged = numbered.flatMap(({ change: { accountId, beside } }) =>
    beside === undefined ? [] : [{ accountId, beside }])
  yield * eachRun(JUDGE_HOLD, judged.flatMap(({ beside: { holds } }) =>
    holds.map(({ tid, counted, known }) => [flagOf(counted), flagOf(known), tid])))
  yield * eachRun(COUNT_APART, judged.map(({ accountId, beside: { apart } }) => [BigInt(apart), accountId]))
}

function flagOf (value: boolean): bigint {
  return value ? 1n : 0n
}

function numberOf (value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value)
}
