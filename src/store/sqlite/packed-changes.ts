import type { Currency } from '../../domain/currency.js'
import { setInt64 } from '../../domain/int64.js'
import type { Balances } from '../../domain/money.js'
import type { CurrencyOf } from './currencies.js'

/** How many bytes a packed change has. What they are is said where their table is made, in migration 10. */
export const PACKED_BYTES = 52

/** How many changes stand together in a row, in SQL. */
export const PACKED_COUNT = `length(changes) / ${PACKED_BYTES}`

/** So many changes stand together at most: as many as the table `places` has rows. */
export const PACKED_MAX = 256

/** The greatest place in an operation's list that a packed change has room for. */
export const PACKED_INDEX_MAX = 65_535

/** A change that can be packed: it converts nothing, and what was sent is what was set. */
export interface PackableChange {
  readonly accountId: bigint
  readonly currency: Currency
  readonly itemIndex: number
  /** Undefined where none is kept. */
  readonly previousChangeId: bigint | undefined
  readonly previous: Balances
  readonly next: Balances
}

const NO_CHANGE = 0n

const [ACTUAL_AT, BLOCKED_AT, PREVIOUS_CHANGE_AT] = [8, 16, 28]

/** Packs 1 to {@link PACKED_MAX} changes of one operation. */
export function packChanges (changes: readonly PackableChange[]): Buffer {
  const packed = Buffer.allocUnsafe(changes.length * PACKED_BYTES)
  const view = viewOf(packed)
  let at = 0
  for (const { accountId, currency, itemIndex, previousChangeId, previous, next } of changes) {
    setInt64(view, at, accountId)
    setInt64(view, at + ACTUAL_AT, next.actual)
    setInt64(view, at + BLOCKED_AT, next.blocked)
    view.setUint16(at + 24, Number(currency.numericCode))
    view.setUint16(at + 26, itemIndex)
    setInt64(view, at + PREVIOUS_CHANGE_AT, previousChangeId ?? NO_CHANGE)
    setInt64(view, at + 36, previous.actual)
    setInt64(view, at + 44, previous.blocked)
    at += PACKED_BYTES
  }
  return packed
}

/** Unpacks the changes of one operation. */
export function unpackChanges (packed: Buffer, currencyOf: CurrencyOf): PackableChange[] {
  const view = viewOf(packed)
  return Array.from({ length: packed.length / PACKED_BYTES }, (_, place) => {
    const at = place * PACKED_BYTES
    const previousChangeId = view.getBigInt64(at + PREVIOUS_CHANGE_AT)
    return {
      accountId: view.getBigInt64(at),
      currency: currencyOf(String(view.getUint16(at + 24)).padStart(3, '0')),
      itemIndex: view.getUint16(at + 26),
      previousChangeId: previousChangeId === NO_CHANGE ? undefined : previousChangeId,
      previous: { actual: view.getBigInt64(at + 36), blocked: view.getBigInt64(at + 44) },
      next: balancesAt(packed, place)
    }
  })
}

/** Goes through the accounts of packed changes, from the last change to the first. */
export function visitAccounts (packed: Buffer, visit: (accountId: bigint, place: number) => void): void {
  const view = viewOf(packed)
  for (let place = packed.length / PACKED_BYTES - 1; place >= 0; place -= 1) visit(view.getBigInt64(place * PACKED_BYTES), place)
}

/** Gives what the packed change at a place has set. */
export function balancesAt (packed: Buffer, place: number): Balances {
  const view = viewOf(packed)
  const at = place * PACKED_BYTES
  return { actual: view.getBigInt64(at + ACTUAL_AT), blocked: view.getBigInt64(at + BLOCKED_AT) }
}

/**
 * Takes off the numbers of previous changes that are gone: those before a number.
 *
 * @returns undefined when none is
 */
export function withoutPrevious (packed: Buffer, firstKept: bigint): Buffer | undefined {
  const cut = Buffer.from(packed)
  const view = viewOf(cut)
  let isCut = false
  for (let at = PREVIOUS_CHANGE_AT; at < cut.length; at += PACKED_BYTES) {
    const previousChangeId = view.getBigInt64(at)
    if (previousChangeId === NO_CHANGE || previousChangeId >= firstKept) continue
    view.setBigInt64(at, NO_CHANGE)
    isCut = true
  }
  return isCut ? cut : undefined
}

function viewOf ({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}
