import type { Currency } from './currency.js'
import { Faults } from './faults.js'
import { readAmount, readCurrency, readIdentifier } from './fields.js'
import { TIMESTAMP_RULE, parseTimestamp } from './timestamp.js'
import type { Balances } from './money.js'

/** The snapshot that `reset` restores: the balances of the scenario that the database was started from. */
export const SCENARIO_SNAPSHOT = 'scenario'

/** An account's balances as they were saved. The client and the currency tell whether it is still the same account. */
export interface SavedAccount {
  readonly accountId: bigint
  readonly clientId: number
  readonly currency: Currency
  readonly balances: Balances
}

/** The content of a snapshot. */
export interface SnapshotContent {
  readonly savedAtMs: number
  /** Whether every account of its time is in it, so that any other account is new since. */
  readonly coversAll: boolean
  readonly accounts: readonly SavedAccount[]
}

/**
 * How an account differs from what a snapshot has of it:
 *
 * - `changed`: its balances are others. Only this can be restored.
 * - `deleted`: it is in the snapshot and no longer there.
 * - `replaced`: the account that has its number now belongs to another client or is in another currency.
 * - `new`: it is there and not in the snapshot, which covers all accounts of its time.
 */
export type Difference = 'changed' | 'deleted' | 'replaced' | 'new'

/** An account in a snapshot's file. */
export interface SavedAccountDocument {
  readonly account_id: string
  readonly client_id: number
  readonly currency: string
  readonly actual_balance: string
  readonly blocked_balance: string
}

/** A snapshot's file. */
export interface SnapshotDocument {
  readonly saved_at: string
  readonly covers: 'all' | 'chosen'
  readonly accounts: readonly SavedAccountDocument[]
}

/**
 * Reads a snapshot's file: checks what a schema cannot. Accounts that this service does not have are no fault; a
 * restore names them.
 *
 * @throws InputError with the places that are wrong
 */
export function readSnapshotDocument ({ saved_at: savedAt, covers, accounts }: SnapshotDocument): SnapshotContent {
  const faults = new Faults()
  const savedAtMs = parseTimestamp(savedAt)
  if (savedAtMs === undefined) faults.add('saved_at', TIMESTAMP_RULE)
  const content = accounts.flatMap((account, index) => readSavedAccount(account, `accounts[${index}]`, faults))
  faults.refuse()
  return { savedAtMs: Number(savedAtMs), coversAll: covers === 'all', accounts: content }
}

function readSavedAccount (account: SavedAccountDocument, place: string, faults: Faults): SavedAccount[] {
  const accountId = readIdentifier('account_id', `${place}.account_id`, account.account_id, faults)
  const currency = readCurrency(`${place}.currency`, account.currency, faults)
  if (currency === undefined) return []
  const balances = {
    actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
    blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
  }
  if (balances.blocked < 0n) faults.add(`${place}.blocked_balance`, 'must not be negative')
  return [{ accountId, clientId: account.client_id, currency, balances }]
}
