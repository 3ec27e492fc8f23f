import { createHash, hash } from 'node:crypto'
import type { BalanceUpdateItem } from './balance-update.js'
import type { Decimal } from './decimal.js'
import { ValueBytes } from './value-bytes.js'

/** The parts of a balance update that decide what it means. */
export interface UpdateMeaning {
  readonly items: readonly BalanceUpdateItem[]
  readonly userId: string | undefined
  readonly remarks: string | undefined
}

/** Stands in front of a hash, in hexadecimal, and says what was hashed. A fingerprint of the first form is the hash alone. */
const SECOND_FORM = '02'

const FIRST_FORM_BYTES = 32

const meaning = new ValueBytes()

/**
 * Hashes what a balance update means, so that a repeated identifier can be told from a reused one.
 *
 * Numbers count by their value (200 and 200.00 are the same), the order of the items counts, and whatever
 * the contract does not know was left out before.
 *
 * What is hashed is equal for two updates exactly when they mean the same. A decimal has one normal form a value; and the
 * values can be read back in one way only, because each shows where it ends, and the number of items, which stands in front of
 * them, says what each is.
 *
 * @returns 33 bytes: the form, 2, and a SHA-256. A stored one may be of the form before: compare by {@link isFingerprintOf}
 */
export function fingerprintOf ({ items, userId, remarks }: UpdateMeaning): Buffer {
  meaning.clear()
  meaning.text(userId)
  meaning.text(remarks)
  meaning.int32(items.length)
  for (const item of items) {
    meaning.byte(item.inputType === 'account' ? 0 : 1)
    meaning.int64(item.inputId)
    meaning.decimal(item.actual)
    meaning.decimal(item.blocked)
    meaning.text(item.currency)
    meaning.text(item.externalReference)
  }
  return Buffer.from(`${SECOND_FORM}${hash('sha256', meaning.end())}`, 'hex')
}

/**
 * Tells whether a stored fingerprint is that of an update, also one that was stored before the form changed: what was answered
 * then is still answered in the same way.
 *
 * @param fingerprint that of the update, which is at hand already
 */
export function isFingerprintOf (stored: Buffer, fingerprint: Buffer, meaning: UpdateMeaning): boolean {
  return stored.equals(stored.length === FIRST_FORM_BYTES ? firstFormOf(meaning) : fingerprint)
}

/** The fingerprint as it was stored at first: SHA-256 of the meaning as JSON. */
function firstFormOf ({ items, userId, remarks }: UpdateMeaning): Buffer {
  const text = JSON.stringify([userId ?? null, remarks ?? null, ...items.map((item) => [
    item.inputType,
    item.inputId.toString(),
    textOf(item.actual),
    textOf(item.blocked),
    item.currency,
    item.externalReference ?? null
  ])])
  return createHash('sha256').update(text).digest()
}

/** The normal form of a decimal has one text a value, also for numbers too long to be written in full. */
function textOf ({ coefficient, exponent }: Decimal): string {
  return `${coefficient}e${exponent}`
}
