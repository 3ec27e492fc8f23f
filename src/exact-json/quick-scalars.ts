import { ANY_CHARACTER, readNumber, readString, type Read, type StringRules } from './quick-text.js'
import { integerBounds } from './validator.js'

/** The keywords of a string that we know. */
export interface StringSchema {
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly enum?: readonly unknown[]
}

/** The keywords of a whole number that we know. */
export interface IntegerSchema {
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** A pattern for a fixed number of characters out of one range, such as `^[0-9]{3}$`. */
const FIXED_LENGTH = /^\^\[([0-9A-Za-z])-([0-9A-Za-z])\]\{(\d+)\}\$$/

/**
 * Compiles the schema of a string.
 *
 * @returns undefined where it has a pattern of another kind, or one beside a choice
 */
export function compileString (
  { minLength = 0, maxLength = Infinity, pattern, enum: choices }: StringSchema
): Read | undefined {
  const rules = { ...ANY_CHARACTER, lengthMin: minLength, lengthMax: maxLength }
  if (choices !== undefined) return pattern === undefined ? compileChoice(choices, rules) : undefined
  if (pattern === undefined) return (cursor) => readString(cursor, rules)
  const [, from = '', to = '', length] = FIXED_LENGTH.exec(pattern) ?? []
  if (length === undefined) return undefined
  const narrowed: StringRules = {
    from: from.charCodeAt(0),
    to: to.charCodeAt(0),
    lengthMin: Math.max(minLength, Number(length)),
    lengthMax: Math.min(maxLength, Number(length))
  }
  return (cursor) => readString(cursor, narrowed)
}

/** Gives the string of the schema itself, which all values then share. */
function compileChoice (choices: readonly unknown[], rules: StringRules): Read {
  return (cursor) => {
    const string = readString(cursor, rules)
    return string === undefined ? undefined : choices[choices.indexOf(string)]
  }
}

/**
 * Compiles the schema of a whole number. What is read has at most 15 digits, so that the bounds may be doubles, be they
 * rounded or not.
 */
export function compileInteger ({ format, minimum, maximum }: IntegerSchema): Read {
  const bounds = integerBounds(String(format), minimum, maximum)
  const least = Number(bounds.minimum)
  const greatest = Number(bounds.maximum)
  return (cursor) => {
    const value = readNumber(cursor)
    return value !== undefined && Number.isInteger(value) && value >= least && value <= greatest ? value : undefined
  }
}
