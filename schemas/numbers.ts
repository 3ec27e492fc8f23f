import { Type, type SchemaOptions, type TString, type TUnsafe } from '@sinclair/typebox'
import { ruled } from './rule.js'

/** A JSON number as it is read: a plain one where a double holds it exactly, and else its text. */
type ExactNumber = number | { readonly value: string }

/** Stands in the description of every whole number of 64 bits, because a rounded one names another account. */
export const ROUNDING_WARNING = 'Warning: JavaScript clients and others that read it as a double round numbers above ' +
  '9007199254740991. They send 9007199254740993 as 9007199254740992, which is another account. ' +
  'Write such a number into the JSON text as digits.'

/**
 * A whole number of 64 bits with sign, as a JSON number. It is read exactly, beyond what a double holds
 * (9007199254740993 stays 9007199254740993).
 */
export function Int64 (options: SchemaOptions & { minimum?: number, description?: string }): TUnsafe<ExactNumber> {
  const description = [options.description, ROUNDING_WARNING].filter(Boolean).join(' ')
  return Type.Unsafe<ExactNumber>({ type: 'integer', format: 'int64', ...options, description })
}

/** A whole number of 32 bits with sign, as a JSON number. Its bounds make it a plain number. */
export function Int32 (options: SchemaOptions & { minimum?: number, maximum?: number }): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', format: 'int32', ...options })
}

/** An amount in major units as a JSON number, for example 200 or 200.5. It is read exactly. */
export function Amount (options: SchemaOptions): TUnsafe<ExactNumber> {
  return Type.Unsafe<ExactNumber>({ type: 'number', ...options })
}

const INT64 = ruled('^[1-9][0-9]{0,18}$', 'a whole number from 1 to 9223372036854775807, in digits')

/** A whole number from 1 to 9223372036854775807 as a string of digits, so that no JSON parser can change it. */
export function Int64Text (options: SchemaOptions): TString {
  return Type.String({ format: 'int64', ...INT64, ...options })
}

const AMOUNT_FORM = '^-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,18})?$'
const AMOUNT = ruled(AMOUNT_FORM, 'an amount with a point before its decimals, such as 200.00 or -12.5')
const UNSIGNED_AMOUNT = ruled(AMOUNT_FORM, 'an amount with a point before its decimals, such as 200.00')

/** An amount in major units as a decimal string, for example `200.00` or `-12.5`. */
export function AmountText (options: SchemaOptions): TString {
  return Type.String({ ...AMOUNT, ...options })
}

/** As {@link AmountText}, where a negative amount is refused afterwards, with the reason: no message suggests one. */
export function UnsignedAmountText (options: SchemaOptions): TString {
  return Type.String({ ...UNSIGNED_AMOUNT, ...options })
}

const NUMBER = ruled('^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$', 'a number as JSON writes it')

/** A number as somebody wrote it in JSON, as a string: `200.00` and `2E+2` stay what they are. */
export function NumberText (options: SchemaOptions): TString {
  return Type.String({ ...NUMBER, ...options })
}

const RATE = ruled(
  '^(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?$', 'a rate with a point before its decimals, such as 129.05'
)

/** An exchange rate as a decimal string: at most 18 digits before the point and 18 behind it. */
export function RateText (options: SchemaOptions): TString {
  return Type.String({ ...RATE, ...options })
}

const NUMERIC_CODE = ruled('^[0-9]{3}$', 'an ISO 4217 numeric code of three digits, such as 404')

/** A three-digit ISO 4217 numeric code, leading zeros kept. */
export function CurrencyCode (options: SchemaOptions): TString {
  return Type.String({ ...NUMERIC_CODE, ...options })
}

const CODE = ruled(
  '^([0-9]{3}|[A-Za-z]{3})$', 'an ISO 4217 code of three letters or three digits, such as EUR or 978'
)

/** An ISO 4217 code as a person may type it: alphabetic in any case, or numeric with its leading zeros. */
export function TypedCurrency (options: SchemaOptions): TString {
  return Type.String({ ...CODE, ...options })
}
