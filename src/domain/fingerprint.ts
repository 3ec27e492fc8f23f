import { createHash } from 'node:crypto'
import type { BalanceUpdateItem } from './balance-update.js'
import type { Decimal } from './decimal.js'

/** The parts of a balance update that decide what it means. */
export interface UpdateMeaning {
  readonly items: readonly BalanceUpdateItem[]
  readonly userId: string | undefined
  readonly remarks: string | undefined
}

/**
 * Hashes what a balance update means, so that a repeated identifier can be told from a reused one.
 *
 * Numbers count by their value (200 and 200.00 are the same), the order of the items counts, and whatever
 * the contract does not know was left out before.
 *
 * @returns SHA-256, 32 bytes
 */
export function fingerprintOf ({ items, userId, remarks }: UpdateMeaning): Buffer {
  const meaning = [userId ?? null, remarks ?? null, ...items.map((item) => [
    item.inputType,
    item.inputId.toString(),
    textOf(item.actual),
    textOf(item.blocked),
    item.currency,
    item.externalReference ?? null
  ])]
  return createHash('sha256').update(JSON.stringify(meaning)).digest()
}

/** The normal form of a decimal has one text a value, also for numbers too long to be written in full. */
function textOf ({ coefficient, exponent }: Decimal): string {
  return `${coefficient}e${exponent}`
}
