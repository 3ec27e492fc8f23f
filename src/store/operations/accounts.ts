import { newCard, type CardWish, type TokenCard } from '../../domain/card.js'
import { findAccountConflicts, type NewAccount } from '../../domain/new-account.js'
import { change, type Context } from '../engine.js'
import type { AccountCreation, AccountCreationOutcome, AccountRecord, TokenAttachment } from '../port/accounts.js'
import {
  eachFirst, eachRun, first, FOR_UPDATE, int8, lock, locking, run, sql, statement, text, together, type Operation
} from '../sql.js'
import { ascending } from './account-memory.js'
import { findAccounts } from './account-reading.js'
import { insertChanges, insertOperation, numberChanges, type DrawnOperation } from './history-writing.js'

const FIND_CLIENT = statement`SELECT client_id FROM clients WHERE client_id = ${int8}`
/** Locked against those who set its balances, and those who give it a token. */
const ACCOUNT_EXISTS = locking(
  statement`SELECT account_id FROM accounts JOIN balances USING (account_id) WHERE account_id = ${int8}`)
const FIND_REFERENCE =
  statement`SELECT account_id FROM accounts WHERE client_id = ${int8} AND external_reference = ${text}`
const FIND_HOLDER = statement`SELECT account_id FROM tokens WHERE token = ${int8}`

/** Snapshots, balance files and reports may know an account whose past was pruned. */
const FIND_INCARNATIONS = statement`SELECT incarnation FROM deleted_accounts WHERE account_id = ${int8}
  UNION ALL SELECT incarnation FROM pruned_accounts WHERE account_id = ${int8}
  ORDER BY incarnation DESC LIMIT 1`

const INSERT_ACCOUNT = statement`INSERT INTO accounts (account_id, incarnation, client_id, currency, external_reference)
  VALUES (${int8}, ${int8}, ${int8}, ${text}, ${text})`
const SET_INCARNATION = statement`UPDATE accounts SET incarnation = ${int8} WHERE account_id = ${int8}`
const INSERT_BALANCES = statement`INSERT INTO balances
    (account_id, actual, blocked, last_change_id, position, updated_at_ms)
  VALUES (${int8}, ${int8}, ${int8}, ${int8}, ${int8}, ${int8})`
const INSERT_CARD = statement`INSERT INTO tokens (token, account_id, state, expiry)
  VALUES (${int8}, ${int8}, ${text}, ${text})`

/** Makes all of the accounts, or none. The balances that they begin with are the first of their history. */
export const createAccounts = change(function * (
  context, wanted: readonly NewAccount[]
): Operation<AccountCreationOutcome> {
  const accountIds = wanted.map(({ accountId }) => accountId)
  // Nobody deletes one of those that are there, or gives it a token, before this has answered.
  yield * eachFirst(ACCOUNT_EXISTS, ascending(accountIds).map((accountId) => [accountId]))
  const existing = yield * findAccounts(accountIds, context)
  const conflicts = yield * findConflicts(wanted, existing)
  if (conflicts.length > 0) return { kind: 'refused', conflicts }
  const items = wanted.flatMap((account, itemIndex) =>
    existing[itemIndex] === undefined ? [{ account, itemIndex }] : [])
  if (items.length > 0) {
    const operation = yield * insertOperation({ source: 'sandbox' }, items.length, context.nowMs)
    yield * insertAccounts(items, operation, context)
  }
  const created = yield * findAccounts(items.map(({ account: { accountId } }) => accountId), context)
  const creations = existing.map((account): AccountCreation => account === undefined
    ? { status: 'created', account: created.shift() as AccountRecord }
    : { status: 'unchanged', account })
  return { kind: 'carried-out', creations }
})

function * findConflicts (
  wanted: readonly NewAccount[], existing: ReadonlyArray<NewAccount | undefined>
): Operation<ReturnType<typeof findAccountConflicts>> {
  type Held = { account_id: bigint }
  const [clients, references, holders] = yield * together<[
    readonly unknown[], ReadonlyArray<Held | undefined>, ReadonlyArray<Held | undefined>
  ]>(
    eachFirst(FIND_CLIENT, wanted.map(({ clientId }) => [BigInt(clientId)])),
    eachFirst<Held>(
      FIND_REFERENCE, wanted.map(({ clientId, externalReference }) => [BigInt(clientId), externalReference])
    ),
    eachFirst<Held>(FIND_HOLDER, wanted.flatMap(({ cards }) => cards.map(({ token }) => [token]))))
  const tokenHolders = holders.values()
  return wanted.flatMap((account, index) => findAccountConflicts(account, index, {
    existing: existing[index],
    isClientKnown: clients[index] !== undefined,
    referenceHolder: references[index]?.account_id,
    tokenHolders: account.cards.map(() => tokenHolders.next().value?.account_id)
  }))
}

/** An account that is to be made, and its place in the operation's list. */
export interface AccountItem {
  readonly account: NewAccount
  readonly itemIndex: number
}

/**
 * Makes accounts with their tokens, as a part of an operation that was written. Nothing may stand against them.
 *
 * Those that had their numbers before are looked for when the accounts are there: from then on nobody else makes or
 * deletes one under these numbers.
 *
 * @param firstChangeId the first of the numbers that were drawn for their changes
 */
export function * insertAccounts (
  items: readonly AccountItem[], { operationId, firstChangeId }: DrawnOperation, { nowMs }: Context
): Operation<void> {
  yield * eachRun(INSERT_ACCOUNT, items.map(({ account: { accountId, clientId, currency, externalReference } }) =>
    [accountId, 1n, BigInt(clientId), currency.numericCode, externalReference]))
  const earlier = yield * eachFirst<{ incarnation: bigint }>(
    FIND_INCARNATIONS, items.map(({ account: { accountId } }) => [accountId, accountId]))
  const changes = numberChanges(items.map(({ account: { accountId, currency, balances }, itemIndex }, index) => ({
    accountId,
    incarnation: Number(earlier[index]?.incarnation ?? 0n) + 1,
    currency,
    operationId,
    itemIndex,
    previous: undefined,
    next: balances,
    sent: balances,
    sentCurrency: currency,
    rate: '1'
  })), firstChangeId, new Map())
  yield * together(
    eachRun(SET_INCARNATION, changes.flatMap(({ change: { accountId, incarnation } }) =>
      incarnation === 1 ? [] : [[BigInt(incarnation), accountId]])),
    eachRun(INSERT_BALANCES, changes.map(({ change: { accountId, next: { actual, blocked } }, changeId, position }) =>
      [accountId, actual, blocked, changeId, position, BigInt(nowMs)])),
    insertChanges(changes),
    insertCards(items.flatMap(({ account: { accountId, cards } }) => cards.map((card) => ({ accountId, card })))))
}

function * insertCards (
  items: ReadonlyArray<{ readonly accountId: bigint, readonly card: TokenCard }>
): Operation<void> {
  yield * eachRun(INSERT_CARD, items.map(({ accountId, card: { token, state, expiry } }) =>
    [token, accountId, state, expiry]))
}

/**
 * Deletes an account with its tokens. What it did stays in the history, and a row says where that ends. An account
 * that is made under its number later begins a history of its own.
 *
 * @returns the account as it was, or undefined when there is none
 */
export const deleteAccount = change(function * (context, accountId: bigint): Operation<AccountRecord | undefined> {
  // Tokens before their account, as updates lock them: so neither waits for the other for ever.
  yield * lock(sql`SELECT token FROM tokens WHERE account_id = ${accountId} ORDER BY token FOR UPDATE`)
  // An account that is made anew while this waits for the lock is another one, and is not locked.
  const locked = yield * first(sql`SELECT account_id FROM accounts JOIN balances USING (account_id)
    WHERE account_id = ${accountId} ${FOR_UPDATE}`)
  if (locked === undefined) return undefined
  const [account] = yield * findAccounts([accountId], context)
  yield * run(sql`INSERT INTO deleted_accounts
      (account_id, incarnation, client_id, currency, last_change_id, position, deleted_at_ms)
    SELECT account_id, incarnation, client_id, currency, last_change_id, position, ${BigInt(context.nowMs)}
    FROM accounts JOIN balances USING (account_id) WHERE account_id = ${accountId}`)
  yield * run(sql`UPDATE holds SET remaining = 0, counted = 0 WHERE account_id = ${accountId} AND remaining > 0`)
  yield * run(sql`DELETE FROM tokens WHERE account_id = ${accountId}`)
  yield * run(sql`DELETE FROM balances WHERE account_id = ${accountId}`)
  yield * run(sql`DELETE FROM accounts WHERE account_id = ${accountId}`)
  return account
})

/** Attaches a token, where it is not on the account already, and sets what is wished of its card. */
export const attachToken = change(function * (
  context, accountId: bigint, token: bigint, wish: CardWish
): Operation<TokenAttachment> {
  const [account] = yield * findAccounts([accountId], context)
  if (account === undefined) return { kind: 'account-unknown' }
  // Locked, so that it is on no other account once its card is set.
  const holder = yield * first<{ account_id: bigint }>(
    sql`SELECT account_id FROM tokens WHERE token = ${token} ${FOR_UPDATE}`)
  if (holder !== undefined && holder.account_id !== accountId) return { kind: 'taken', accountId: holder.account_id }
  if (holder === undefined) yield * insertCards([{ accountId, card: newCard(token, wish) }])
  else yield * setCard(token, wish)
  const [changed] = (yield * findAccounts([accountId], context)) as [AccountRecord]
  return { kind: 'attached', account: changed }
})

/** Each member is set by itself, so that one that another sets at the same time stays. */
function * setCard (token: bigint, { state, expiry }: CardWish): Operation<void> {
  if (state !== undefined) yield * run(sql`UPDATE tokens SET state = ${state} WHERE token = ${token}`)
  if (expiry !== undefined) yield * run(sql`UPDATE tokens SET expiry = ${expiry} WHERE token = ${token}`)
}

/** @returns the account without the token; undefined when there is no such token on it */
export const detachToken = change(function * (
  context, accountId: bigint, token: bigint
): Operation<AccountRecord | undefined> {
  const detached = yield * run(sql`DELETE FROM tokens WHERE token = ${token} AND account_id = ${accountId}`)
  if (detached === 0) return undefined
  const [account] = yield * findAccounts([accountId], context)
  return account
})
