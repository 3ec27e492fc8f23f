import type { BalanceUpdateItem, InputType } from '../../domain/balance-update.js'
import { unawareAfter, type Contains, type Hold, type SetBeside, type UnawareHolds } from '../../domain/holds.js'
import type { Balances } from '../../domain/money.js'
import type { Context, Memory } from '../engine.js'
import { eachAll, eachFirst, int8, lock, locking, sql, statement, type Operation } from '../sql.js'
import { findStandInSettings } from './client-settings.js'
import { knownAccountOf, type AccountRow, type HistoryEnd, type KnownAccount } from './known-accounts.js'

const FIND_BY_TOKEN = locking(statement`SELECT account_id FROM tokens WHERE token = ${int8}`)

/**
 * Who sets balances locks them alone. Their account stays as it is meanwhile: who deletes it locks its balances, too.
 */
const FIND_BY_NUMBER = locking(statement`SELECT account_id, incarnation, client_id, currency, external_reference,
    actual, blocked, last_change_id, position, unaware_holds
  FROM accounts JOIN balances USING (account_id) WHERE account_id = ${int8}`, 'balances')

/** Who changes a hold locks the account's balances. */
const FIND_UNAWARE = statement`SELECT tid, remaining, counted, known, rid FROM holds
  WHERE account_id = ${int8} AND remaining > 0 AND (known = 0 OR counted = 0) ORDER BY tid`

/** The others, which the sender of balances is taken to know. */
const FIND_CONTAINED = statement`SELECT tid, remaining, counted, known, rid FROM holds
  WHERE account_id = ${int8} AND remaining > 0 AND known = 1 AND counted = 1 ORDER BY tid`

interface HoldRow {
  tid: bigint
  remaining: bigint
  counted: bigint
  known: bigint
  rid: bigint
}

/** The accounts that updates have read or set. All of them are in the database, or will be in this transaction. */
export class AccountMemory implements Memory {
  readonly #accounts = new Map<bigint, KnownAccount>()
  readonly #accountOfToken = new Map<bigint, bigint>()
  /** Where the history of each account ends. */
  readonly ends = new Map<bigint, HistoryEnd>()

  get size (): number {
    return this.#accounts.size + this.#accountOfToken.size
  }

  find (inputType: InputType, inputId: bigint): KnownAccount | undefined {
    const accountId = inputType === 'account' ? inputId : this.#accountOfToken.get(inputId)
    return accountId === undefined ? undefined : this.#accounts.get(accountId)
  }

  /** Finds an account of a client; another client's account is not found. */
  findOf (clientId: number, inputType: InputType, inputId: bigint): KnownAccount | undefined {
    const account = this.find(inputType, inputId)
    return account?.clientId === clientId ? account : undefined
  }

  addToken (token: bigint, accountId: bigint): void {
    this.#accountOfToken.set(token, accountId)
  }

  /** @param end where its history ends */
  add (account: KnownAccount, end: HistoryEnd): void {
    this.#accounts.set(account.accountId, account)
    this.ends.set(account.accountId, end)
  }

  /** Adds holds of an account that is in the memory to those that it has there. */
  addHolds (accountId: bigint, { holds, setting }: UnawareHolds): void {
    const account = this.#accounts.get(accountId) as KnownAccount
    const all = new Map([...account.unaware?.holds ?? [], ...holds].map((hold) => [hold.tid, hold]))
    this.#accounts.set(accountId, { ...account, unaware: { holds: [...all.values()], setting } })
  }

  /**
   * Sets the balances of an account that is in the memory.
   *
   * @param beside what became of the holds that the sender may not know of
   */
  setBalances (accountId: bigint, balances: Balances, beside?: SetBeside): void {
    const account = this.#accounts.get(accountId) as KnownAccount
    this.#accounts.set(accountId, { ...account, balances, unaware: unawareAfter(account.unaware, beside) })
  }
}

/**
 * Locks the balances of an account. Everybody does so before they lock anything else about it, so that nobody waits for
 * another for ever.
 */
export function * lockBalances (accountId: bigint): Operation<void> {
  yield * lock(sql`SELECT account_id FROM balances WHERE account_id = ${accountId} FOR UPDATE`)
}

/**
 * Reads the accounts of items that are not in the memory yet. Tokens, and then accounts, are locked in ascending order
 * of their numbers, so that two who need some of the same never wait for each other. Later reads stay true.
 */
export function * loadAccounts (
  memory: AccountMemory, items: ReadonlyArray<Pick<BalanceUpdateItem, 'inputType' | 'inputId'>>, context: Context
): Operation<void> {
  const [numbers, tokens] = [new Set<bigint>(), new Set<bigint>()]
  for (const { inputType, inputId } of items) {
    if (memory.find(inputType, inputId) === undefined) (inputType === 'account' ? numbers : tokens).add(inputId)
  }
  const asked = ascending(tokens)
  const holders = yield * eachFirst<{ account_id: bigint }>(FIND_BY_TOKEN, asked.map((token) => [token]))
  holders.forEach((holder, index) => {
    if (holder === undefined) return
    memory.addToken(asked[index] as bigint, holder.account_id)
    if (memory.find('account', holder.account_id) === undefined) numbers.add(holder.account_id)
  })
  const asking = ascending(numbers)
  const rows = yield * eachFirst<LockedRow>(FIND_BY_NUMBER, asking.map((accountId) => [accountId]))
  const found = rows.filter((row) => row !== undefined)
  const unaware = yield * findUnaware(found)
  for (const row of found) {
    const account = { ...knownAccountOf(row, context), unaware: unaware.get(row.account_id) }
    memory.add(account, { changeId: row.last_change_id, position: row.position })
  }
}

interface LockedRow extends AccountRow {
  unaware_holds: bigint
}

/** Reads the holds that issuers do not know of, or that listings do not contain, where there are any. */
function * findUnaware (rows: readonly LockedRow[]): Operation<ReadonlyMap<bigint, UnawareHolds>> {
  const concerned = rows.filter((row) => row.unaware_holds > 0n)
  const found = yield * eachAll<HoldRow>(FIND_UNAWARE, concerned.map((row) => [row.account_id]))
  const unaware = new Map<bigint, UnawareHolds>()
  for (const [index, { account_id: accountId, client_id: clientId }] of concerned.entries()) {
    const { unaware_updates: setting } = yield * findStandInSettings(Number(clientId))
    unaware.set(accountId, { holds: (found[index] as readonly HoldRow[]).map(holdOf), setting })
  }
  return unaware
}

/**
 * Reads the holds that balances contain already, for senders who say what they know: they may know of less. The
 * accounts are in the memory, and locked.
 */
export function * loadContainedHolds (memory: AccountMemory, accountIds: readonly bigint[]): Operation<void> {
  const found = yield * eachAll<HoldRow>(FIND_CONTAINED, accountIds.map((accountId) => [accountId]))
  for (const [index, accountId] of accountIds.entries()) {
    yield * addHolds(memory, accountId, found[index] as readonly HoldRow[])
  }
}

function * addHolds (memory: AccountMemory, accountId: bigint, rows: readonly HoldRow[]): Operation<void> {
  if (rows.length === 0) return
  const { clientId } = memory.find('account', accountId) as KnownAccount
  const { unaware_updates: setting } = yield * findStandInSettings(clientId)
  memory.addHolds(accountId, { holds: rows.map(holdOf), setting })
}

/** Those whose advices the issuer acknowledged when a message, or a newer one, had been written. */
const FIND_LEARNED = statement`SELECT tid, remaining, counted, known, rid FROM holds
  WHERE account_id = ${int8} AND remaining > 0 AND learned_behind_rid >= ${int8} ORDER BY tid`

/**
 * Reads the holds of an account of which its issuer learned behind a message: what it answers to that may be older than
 * them. The account is in the memory, and locked.
 */
export function * loadHoldsLearnedBehind (rid: bigint, memory: AccountMemory, accountId: bigint): Operation<Contains> {
  const [rows = []] = yield * eachAll<HoldRow>(FIND_LEARNED, [[accountId, rid]])
  yield * addHolds(memory, accountId, rows)
  const learned = new Set(rows.map(({ tid }) => tid))
  return ({ known, tid }) => known && !learned.has(tid)
}

function holdOf ({ tid, remaining, counted, known, rid }: HoldRow): Hold {
  return { tid, remaining, counted: counted === 1n, known: known === 1n, rid }
}

/** Gives each number once. */
export function ascending (numbers: Iterable<bigint>): bigint[] {
  return [...new Set(numbers)].sort((left, right) => left < right ? -1 : 1)
}
