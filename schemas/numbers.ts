import { Type, type SchemaOptions, type TString, type TUnsafe } from '@sinclair/typebox'
import type { ExactNumber } from '../src/exact-json/parse.js'

/**
 * A whole number of 64 bits with sign, as a JSON number. It is read exactly, beyond what a double holds
 * (9007199254740993 stays 9007199254740993).
 */
export function Int64 (options: SchemaOptions & { minimum?: number }): TUnsafe<ExactNumber> {
  return Type.Unsafe<ExactNumber>({ type: 'integer', format: 'int64', ...options })
}

/** A whole number of 32 bits with sign, as a JSON number. Its bounds make it a plain number. */
export function Int32 (options: SchemaOptions & { minimum?: number }): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', format: 'int32', ...options })
}

/** An amount in major units as a JSON number, for example 200 or 200.5. It is read exactly. */
export function Amount (options: SchemaOptions): TUnsafe<ExactNumber> {
  return Type.Unsafe<ExactNumber>({ type: 'number', ...options })
}

/** A whole number from 1 to 9223372036854775807 as a string of digits, so that no JSON parser can change it. */
export function Int64Text (options: SchemaOptions): TString {
  return Type.String({ pattern: '^[1-9][0-9]{0,18}$', ...options })
}

/** A whole number from 1 upwards as a string of digits, where a JSON number cannot stand: in an address. */
export function Int32Text (options: SchemaOptions): TString {
  return Type.String({ pattern: '^[1-9][0-9]{0,9}$', ...options })
}

/** An amount in major units as a decimal string, for example `200.00` or `-12.5`. */
export function AmountText (options: SchemaOptions): TString {
  return Type.String({ pattern: '^-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,18})?$', ...options })
}

/** A number as somebody wrote it in JSON, as a string: `200.00` and `2E+2` stay what they are. */
export function NumberText (options: SchemaOptions): TString {
  return Type.String({ pattern: '^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$', ...options })
}

/** An exchange rate as a decimal string: at most 18 digits before the point and 18 behind it. */
export function RateText (options: SchemaOptions): TString {
  return Type.String({ pattern: '^(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?$', ...options })
}

/** A three-digit ISO 4217 numeric code, leading zeros kept. */
export function CurrencyCode (options: SchemaOptions): TString {
  return Type.String({ pattern: '^[0-9]{3}$', ...options })
}
