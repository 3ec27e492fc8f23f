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

/**
 * Makes an empty memory of accounts. An account takes about 120 bytes, and most of them are numbers in flat arrays: as
 * objects, a million accounts would keep the garbage collector busy and have it move what every update changes.
 */
export function makeAccountMemory (): AccountMemory {
  const byNumber = makeInt64Map()
  const byToken = makeInt64Map()
  let columns = makeColumns(FIRST_CAPACITY)

  function clear (): void {
    byNumber.clear()
    byToken.clear()
    columns = makeColumns(FIRST_CAPACITY)
  }

  const accountAt = (slot: number): Account => ({
    accountId: columns.accountId[slot] as bigint,
    currency: columns.currency[slot] as Account['currency'],
    externalReference: columns.externalReference[slot],
    balances: { actual: columns.actual[slot] as bigint, blocked: columns.blocked[slot] as bigint }
  })

  const clientAt = (slot: number): number => columns.clientId[slot] as number

  return {
    size: () => byNumber.size() + byToken.size(),
    slotOfAccount: byNumber.get,
    slotOfToken: byToken.get,
    accountAt,
    clientAt,
    read: (slot) => ({
      account: accountAt(slot),
      clientId: clientAt(slot),
      lastChangeId: columns.lastChangeId[slot] as bigint,
      updatedAtMs: columns.updatedAtMs[slot] as number
    }),
    add: ({ account: { accountId, currency, externalReference, balances: { actual, blocked } }, clientId, lastChangeId, updatedAtMs }) => {
      const slot = byNumber.size()
      if (slot === columns.accountId.length) columns = grown(columns)
      byNumber.set(accountId, slot)
      columns.accountId[slot] = accountId
      columns.currency[slot] = currency
      columns.externalReference[slot] = externalReference
      columns.actual[slot] = actual
      columns.blocked[slot] = blocked
      columns.clientId[slot] = clientId
      columns.lastChangeId[slot] = lastChangeId
      columns.updatedAtMs[slot] = updatedAtMs
      return slot
    },
    addToken: byToken.set,
    change: (slot, { actual, blocked }, changeId, nowMs) => {
      const previousChangeId = columns.lastChangeId[slot] as bigint
      columns.actual[slot] = actual
      columns.blocked[slot] = blocked
      columns.lastChangeId[slot] = changeId
      columns.updatedAtMs[slot] = nowMs
      return previousChangeId
    },
    isBehind: (slot) => columns.isBehind[slot] === 1,
    setBehind: (slot, isBehind) => { columns.isBehind[slot] = isBehind ? 1 : 0 },
    clear
  }
}

/** One array a field, with a value a slot. */
interface Columns {
  readonly accountId: BigInt64Array
  readonly actual: BigInt64Array
  readonly blocked: BigInt64Array
  readonly lastChangeId: BigInt64Array
  readonly updatedAtMs: Float64Array
  readonly clientId: Int32Array
  readonly isBehind: Uint8Array
  readonly currency: Array<Account['currency']>
  readonly externalReference: Array<Account['externalReference']>
}

function makeColumns (capacity: number): Columns {
  return {
    accountId: new BigInt64Array(capacity),
    actual: new BigInt64Array(capacity),
    blocked: new BigInt64Array(capacity),
    lastChangeId: new BigInt64Array(capacity),
    updatedAtMs: new Float64Array(capacity),
    clientId: new Int32Array(capacity),
    isBehind: new Uint8Array(capacity),
    currency: [],
    externalReference: []
  }
}

/** Gives columns with room for twice as many accounts. */
function grown (columns: Columns): Columns {
  const { accountId, actual, blocked, lastChangeId, updatedAtMs, clientId, isBehind, currency, externalReference } = columns
  const wider = makeColumns(accountId.length * 2)
  wider.accountId.set(accountId)
  wider.actual.set(actual)
  wider.blocked.set(blocked)
  wider.lastChangeId.set(lastChangeId)
  wider.updatedAtMs.set(updatedAtMs)
  wider.clientId.set(clientId)
  wider.isBehind.set(isBehind)
  return { ...wider, currency, externalReference }
}
