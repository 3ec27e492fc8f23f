import { isLosslessNumber, LosslessNumber, parse as parseLossless } from 'lossless-json'
import { decimalOf, EXPONENT_LIMIT, parseDecimal, type Decimal } from '../domain/decimal.js'

/**
 * A number as it came over the wire, exactly: a plain number where `String(n)` gives back the number that
 * was sent, and else its text. `JSON.parse` alone turns 9007199254740993 into 9007199254740992.
 */
export type ExactNumber = number | LosslessNumber

/** Thrown for a text that we do not take as JSON. The message tells the sender what is wrong and where. */
export class JsonError extends Error {
  override readonly name = 'JsonError'
}

/** Deeper nesting than this is no message of ours, and recursion into it would exhaust the stack. */
export const MAX_DEPTH = 32

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`

/**
 * Finds a number that may not survive `JSON.parse`: 16 or more digits and dots (15 significant digits always
 * survive), or one with an exponent (1e-400 would become 0). A number stands at the start or behind `:`, `,`,
 * `[` or white space; a match inside a string only costs the slow way for nothing.
 */
const DELICATE_NUMBER = /(?:^|[:,[\s])-?(?:[\d.]{16}|[\d.]+[eE])/

/** Without this in the text, no string holds half a surrogate pair (valid UTF-8 has none) and no name is `__proto__`. */
const DELICATE_STRING = /\\u|__proto__/

/** A whole string, and the colon behind it where it is a member's name. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"([ \t\n\r]*:)?/g

/** A longer number is none of ours, and reading megabytes of digits would hold up everybody for seconds. */
const MAX_NUMBER_LENGTH = 1000

/** At most so many significant digits survive the way through a double unchanged (IEEE 754 binary64). */
const DOUBLE_DIGITS = 15

/** Within this decimal exponent a double of 15 digits neither overflows nor loses precision near zero. */
const DOUBLE_EXPONENT = 270

/**
 * Parses JSON without changing any number.
 *
 * Stricter than `JSON.parse` where that would decide silently: a name that stands twice in one object, the
 * name `__proto__`, text that is not valid UTF-8 or holds half a surrogate pair, nesting deeper than 32
 * levels, numbers of more than 1000 characters, and exponents beyond 1000 are refused.
 *
 * @param bytes the body, UTF-8; a byte order mark is skipped
 * @param keepNumberTexts whether every number keeps its text (`200.00`), for {@link numberText}. It costs several times
 *   as much, and the values are the same
 * @returns the value; numbers in it are of type {@link ExactNumber}
 * @throws JsonError with a message for the sender that follows on the name of the text: "the body" + " is not valid JSON"
 */
export function parseExactJson (bytes: Uint8Array, keepNumberTexts = false): unknown {
  const text = decodeUtf8(bytes)
  const value = parseFast(text)
  const names = inspect(value, DELICATE_STRING.test(text))
  // Strings may hold colons too, so that there can be more of them than names but never fewer.
  if (names !== countColons(text) && names !== countNames(text)) refuseRepeatedName(text)
  return keepNumberTexts || DELICATE_NUMBER.test(text) ? parseSlowly(text, keepNumberTexts) : value
}

/** Tells whether a parsed value is a number, be it one that kept its text. */
export function isExactNumber (value: unknown): value is ExactNumber {
  return typeof value === 'number' || isLosslessNumber(value)
}

/** Gives the text of a number: as it was sent, where it was parsed for that, and else one of the same value. */
export function numberText (number: ExactNumber): string {
  return typeof number === 'number' ? String(number) : number.value
}

/** Amounts have few decimals. Numbers with more of them than this are read from their text. */
const QUICK_DECIMALS = 3

/** Below it, whole numbers have at most 15 digits. */
const QUICK_LIMIT = 10 ** DOUBLE_DIGITS

/** Gives the exact value of a number. */
export function exactDecimal (number: ExactNumber): Decimal {
  if (typeof number === 'number') {
    for (let decimals = 0, scale = 1; decimals <= QUICK_DECIMALS; decimals += 1, scale *= 10) {
      // A division is rounded to the nearest double, as the reading of a text is. So this number would have
      // been read from `units / scale`, and no other number of at most 15 digits would.
      const units = Math.round(number * scale)
      if (units / scale === number && Math.abs(units) < QUICK_LIMIT) return decimalOf(units, 0 - decimals)
    }
  }
  return parseDecimal(numberText(number)) as Decimal // Both texts are in the grammar of JSON, which is parseDecimal's, and within its limit.
}

/** No whole number of 64 bits has more digits. */
const INT64_DIGITS = 19

/**
 * Gives the exact value of a whole number.
 *
 * @returns undefined for a number with a fraction. Numbers far outside int64 come back as some number outside
 *   int64, so that `1e1000` is never expanded into its digits
 */
export function exactInteger (number: ExactNumber): bigint | undefined {
  // Beyond the safe integers BigInt would show the double and not the number that was sent: 123456789012345000
  // would become 123456789012344992.
  if (typeof number === 'number' && Number.isSafeInteger(number)) return BigInt(number)
  const { coefficient, exponent } = exactDecimal(number)
  return exponent < 0 ? undefined : coefficient * 10n ** BigInt(Math.min(exponent, INT64_DIGITS))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Gives the text of UTF-8 bytes; a byte order mark is skipped.
 *
 * @throws JsonError when they are none
 */
export function decodeUtf8 (bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new JsonError('is not valid UTF-8')
  }
}

function parseFast (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The exact parser refuses the same texts, and its messages are the same on every version of Node.
    return parseSlowly(text)
  }
}

function parseSlowly (text: string, keepNumberTexts = false): unknown {
  const parseNumber = (number: string): ExactNumber => readNumber(number, keepNumberTexts)
  try {
    return parseLossless(text, null, { parseNumber, onDuplicateKey: refuseOtherValue })
  } catch (error) {
    // The message quotes one code unit of the body, which may be half a surrogate pair.
    if (error instanceof SyntaxError) throw new JsonError(`is not valid JSON: ${error.message.toWellFormed()}`)
    // A repeated name can hide nesting from the inspection, and then the recursion ends here.
    if (error instanceof RangeError) throw new JsonError(TOO_DEEP)
    throw error
  }
}

/** Keeps the text of a number that a double cannot hold, and of others only on request, so that both ways of parsing give the same. */
function readNumber (text: string, keepText: boolean): ExactNumber {
  if (text.length > MAX_NUMBER_LENGTH) throw new JsonError(`holds a number of more than ${MAX_NUMBER_LENGTH} characters`)
  const decimal = parseDecimal(text)
  if (decimal === undefined) throw new JsonError(`holds a number whose exponent is beyond ${EXPONENT_LIMIT}`)
  const { coefficient, exponent } = decimal
  const digits = coefficient.toString().replace('-', '').length
  return !keepText && digits <= DOUBLE_DIGITS && Math.abs(exponent) <= DOUBLE_EXPONENT ? Number(text) : new LosslessNumber(text)
}

function refuseRepeatedName (text: string): never {
  parseSlowly(text) // It knows the name, but takes a repeated one that has the same value again.
  throw new JsonError('holds a name twice in one object')
}

function refuseOtherValue ({ key }: { key: string }): never {
  throw new JsonError(`holds the name ${JSON.stringify(key)} twice in one object`)
}

/**
 * Walks through a parsed value without recursion and refuses what we do not take.
 *
 * @param inspectStrings whether names and strings have to be looked at
 * @returns how many names its objects have
 */
function inspect (root: unknown, inspectStrings: boolean): number {
  let names = 0
  let level = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value === 'string') refuseHalfSurrogates(value)
      if (typeof value !== 'object' || value === null) continue
      const members: unknown[] = Array.isArray(value) ? value : Object.values(value)
      if (depth === MAX_DEPTH && members.length > 0) throw new JsonError(TOO_DEEP)
      if (!Array.isArray(value)) {
        names += members.length
        if (inspectStrings) Object.keys(value).forEach(refuseName)
      }
      for (const member of members) if (inspectStrings || typeof member === 'object') next.push(member)
    }
    level = next
  }
  return names
}

function refuseName (name: string): void {
  if (name === '__proto__') throw new JsonError('holds the name "__proto__", which is not allowed')
  refuseHalfSurrogates(name)
}

function refuseHalfSurrogates (text: string): void {
  if (!text.isWellFormed()) throw new JsonError('holds half a surrogate pair (\\ud800 to \\udfff), which is no character')
}

/** Counts the members' names in a text that is known to be JSON, exactly. */
function countNames (text: string): number {
  let names = 0
  for (const [, colon] of text.matchAll(STRING)) if (colon !== undefined) names += 1
  return names
}

function countColons (text: string): number {
  let colons = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) colons += 1
  return colons
}
