import type { Currency } from './currency.js'
import { Faults } from './faults.js'
import { readAmount, readCurrency, readNumber } from './fields.js'
import { TIMESTAMP_RULE, parseTimestamp } from './timestamp.js'
import type { Balances } from './money.js'

/** The snapshot that `reset` restores: the balances of the scenario that the database was started from. */
export const SCENARIO_SNAPSHOT = 'scenario'

/** An account's balances as they were saved. */
export interface SavedAccount {
  readonly accountId: bigint
  readonly clientId: number
  readonly currency: Currency
  readonly balances: Balances
}

/** What a snapshot's file says of the snapshot itself. */
export interface SnapshotHead {
  /** When the balances were as they were saved. */
  readonly savedAt: Date
  /** Whether every account of its time is in it, so that any other account is new since. */
  readonly coversAll: boolean
}

/**
 * How an account differs from what a snapshot has of it:
 *
 * - `changed`: its balances are others. Only this can be restored.
 * - `deleted`: it is in the snapshot and no longer there.
 * - `replaced`: its number belongs to another account now. In a snapshot that was uploaded, that is one of another
 *   client or in another currency; it does not know more.
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

/** A saved account, and its place in the snapshot's file. */
export interface PlacedAccount {
  readonly index: number
  readonly account: SavedAccount
}

/**
 * Reads a snapshot's file part by part: checks what a schema cannot. Accounts that this service does not have are no
 * fault; a restore names them.
 */
export class SnapshotReader {
  readonly #faults = new Faults()
  readonly #accountIds = new NumberList()

  /**
   * @param documents the next accounts, which the schema has accepted
   * @returns those that are right
   */
  read (documents: readonly SavedAccountDocument[]): PlacedAccount[] {
    return documents.flatMap((document) => {
      const index = this.#accountIds.length
      const before = this.#faults.count
      const account = readSavedAccount(document, `accounts[${index}]`, this.#faults)
      this.#accountIds.push(account?.accountId ?? 0n)
      return account === undefined || this.#faults.count > before ? [] : [{ index, account }]
    })
  }

  /** Notes an account that stands in the file before. */
  refuseRepeated ({ index, account: { accountId } }: PlacedAccount): void {
    this.#faults.add(`accounts[${index}].account_id`, () =>
      `is the same as accounts[${this.#accountIds.indexOf(accountId)}].account_id, and must be unique`)
  }

  /** @throws InputError with the places that are wrong, the first 20 of very many */
  finish ({ saved_at: savedAt, covers }: {
    readonly saved_at: string
    readonly covers: 'all' | 'chosen'
  }): SnapshotHead {
    const savedAtMs = parseTimestamp(savedAt)
    if (savedAtMs === undefined) this.#faults.add('saved_at', TIMESTAMP_RULE)
    this.#faults.refuse()
    return { savedAt: new Date(Number(savedAtMs)), coversAll: covers === 'all' }
  }
}

function readSavedAccount (account: SavedAccountDocument, place: string, faults: Faults): SavedAccount | undefined {
  const accountId = readNumber(`${place}.account_id`, account.account_id, faults)
  const currency = readCurrency(`${place}.currency`, account.currency, faults)
  if (currency === undefined) return undefined
  const balances = {
    actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
    blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
  }
  if (balances.blocked < 0n) faults.add(`${place}.blocked_balance`, 'must not be negative')
  return { accountId, clientId: account.client_id, currency, balances }
}

/** Numbers of 64 bits in a row. They take eight bytes each: there may be millions. */
class NumberList {
  #numbers = new BigInt64Array(1024)
  #length = 0

  get length (): number {
    return this.#length
  }

  push (number: bigint): void {
    if (this.#length === this.#numbers.length) {
      const longer = new BigInt64Array(2 * this.#length)
      longer.set(this.#numbers)
      this.#numbers = longer
    }
    this.#numbers[this.#length] = number
    this.#length += 1
  }

  indexOf (number: bigint): number {
    return this.#numbers.indexOf(number)
  }
}
