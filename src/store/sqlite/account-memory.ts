import type { Account } from '../../domain/balance-update.js'
import type { Balances } from '../../domain/money.js'
import { makeInt64Map } from './int64-map.js'

/** What is remembered of an account. */
export interface RememberedAccount {
  readonly account: Account
  readonly clientId: number
  readonly lastChangeId: bigint
  readonly updatedAtMs: number
}

/** Accounts in memory, each in a slot of its own: 0 for the first, 1 for the next, and so on. */
export interface AccountMemory {
  /** How many accounts and tokens there are. */
  readonly size: () => number
  readonly slotOfAccount: (accountId: bigint) => number | undefined
  readonly slotOfToken: (token: bigint) => number | undefined
  readonly accountAt: (slot: number) => Account
  readonly clientAt: (slot: number) => number
  readonly read: (slot: number) => RememberedAccount
  /** @returns the slot of an account that was not there */
  readonly add: (remembered: RememberedAccount) => number
  readonly addToken: (token: bigint, slot: number) => void
  /** Sets what a change sets. @returns the account's newest change before */
  readonly change: (slot: number, balances: Balances, changeId: bigint, nowMs: number) => bigint
  readonly isBehind: (slot: number) => boolean
  /** Notes whether the account's row is still to be written. */
  readonly setBehind: (slot: number, isBehind: boolean) => void
  readonly clear: () => void
}

const FIRST_CAPACITY = 1024

/** The places of an account's numbers in its row. The first ones are whole numbers of 64 bits, the others doubles. */
const [ACCOUNT_ID, ACTUAL, BLOCKED, LAST_CHANGE_ID, UPDATED_AT_MS, CLIENT_ID, IS_BEHIND, CURRENCY] = [0, 1, 2, 3, 4, 5, 6, 7]

/** Rows of 64 bytes, so that what an update needs of an account comes with one line of the processor's cache, or two. */
const ROW_SHIFT = 3
const ROW_LENGTH = 1 << ROW_SHIFT

/**
 * Makes an empty memory of accounts. An account takes about 250 bytes at most, and most of them are numbers in one flat array: as
 * objects, a million accounts would keep the garbage collector busy and have it move what every update changes.
 */
export function makeAccountMemory (): AccountMemory {
  const byNumber = makeInt64Map()
  const byToken = makeInt64Map()
  /** The rows of all accounts, as whole numbers and as doubles. */
  let whole = new BigInt64Array(FIRST_CAPACITY * ROW_LENGTH)
  let real = new Float64Array(whole.buffer)
  /** The currencies that there are, which the accounts' rows name by their places. */
  const currencies: Array<Account['currency']> = []
  let externalReferences: Array<Account['externalReference']> = []

  function makeRoom (capacity: number): void {
    whole = new BigInt64Array(capacity * ROW_LENGTH)
    real = new Float64Array(whole.buffer)
  }

  function grow (): void {
    const old = whole
    makeRoom(old.length / ROW_LENGTH * 2)
    whole.set(old)
  }

  function clear (): void {
    byNumber.clear()
    byToken.clear()
    makeRoom(FIRST_CAPACITY)
    externalReferences = []
  }

  function placeOf (currency: Account['currency']): number {
    const place = currencies.indexOf(currency)
    return place < 0 ? currencies.push(currency) - 1 : place
  }

  function accountAt (slot: number): Account {
    const row = slot << ROW_SHIFT
    return {
      accountId: whole[row + ACCOUNT_ID] as bigint,
      currency: currencies[real[row + CURRENCY] as number] as Account['currency'],
      externalReference: externalReferences[slot],
      balances: { actual: whole[row + ACTUAL] as bigint, blocked: whole[row + BLOCKED] as bigint }
    }
  }

  const clientAt = (slot: number): number => real[(slot << ROW_SHIFT) + CLIENT_ID] as number

  /** @returns the newest change before */
  function change (slot: number, { actual, blocked }: Balances, changeId: bigint, nowMs: number): bigint {
    const row = slot << ROW_SHIFT
    const previousChangeId = whole[row + LAST_CHANGE_ID] as bigint
    whole[row + ACTUAL] = actual
    whole[row + BLOCKED] = blocked
    whole[row + LAST_CHANGE_ID] = changeId
    real[row + UPDATED_AT_MS] = nowMs
    return previousChangeId
  }

  return {
    size: () => byNumber.size() + byToken.size(),
    slotOfAccount: byNumber.get,
    slotOfToken: byToken.get,
    accountAt,
    clientAt,
    read: (slot) => ({
      account: accountAt(slot),
      clientId: clientAt(slot),
      lastChangeId: whole[(slot << ROW_SHIFT) + LAST_CHANGE_ID] as bigint,
      updatedAtMs: real[(slot << ROW_SHIFT) + UPDATED_AT_MS] as number
    }),
    add: ({ account: { accountId, currency, externalReference, balances }, clientId, lastChangeId, updatedAtMs }) => {
      const slot = byNumber.size()
      const row = slot << ROW_SHIFT
      if (row === whole.length) grow()
      byNumber.set(accountId, slot)
      whole[row + ACCOUNT_ID] = accountId
      real[row + CLIENT_ID] = clientId
      real[row + CURRENCY] = placeOf(currency)
      externalReferences[slot] = externalReference
      change(slot, balances, lastChangeId, updatedAtMs)
      return slot
    },
    addToken: byToken.set,
    change,
    isBehind: (slot) => real[(slot << ROW_SHIFT) + IS_BEHIND] === 1,
    setBehind: (slot, isBehind) => { real[(slot << ROW_SHIFT) + IS_BEHIND] = isBehind ? 1 : 0 },
    clear
  }
}
