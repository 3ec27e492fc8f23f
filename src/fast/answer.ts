import { parseDecimal, type Decimal } from '../domain/decimal.js'
import { excerptOf } from '../domain/excerpt.js'
import type { IssuerAnswer, Shadow, ShadowBalance } from '../domain/issuer-outcome.js'
import { exactDecimal, isExactNumber, JsonError, numberText, parseExactJson } from '../exact-json/parse.js'

/** An answer has at most this many bytes. */
export const ANSWER_BYTES_MAX = 65_536

/** What an answer is refused with that is longer. */
export const TOO_LONG = `the answer must have at most ${ANSWER_BYTES_MAX} bytes`

/** A message shows at most this much of a number. */
const SHOWN_DIGITS = 30

/** Why an answer does not count, in words. */
export interface InvalidAnswer {
  readonly invalid: string
}

type Members = Readonly<Record<string, unknown>>

/** An answer, and whether it names the request that it belongs to. Else only its connection says so. */
export interface NamedAnswer {
  readonly answer: IssuerAnswer
  readonly namesRequest: boolean
}

/** What a request is named by. */
export interface RequestName {
  readonly tid: bigint
  readonly rid: bigint
}

const DE39_FORM = /^[0-9A-Z]{2}$/
const DE38_FORM = /^[0-9A-Za-z ]{1,6}$/

/** Ends the reading of an answer that does not count. */
class Refusal extends Error {}

/**
 * Reads the body of an answer with HTTP status 200. Only `ISO_MSG.DE39` must be there; unknown members are ignored, and
 * null counts as absent. A SHADOW that cannot be read leaves the decision as it is, and says why.
 *
 * @param asked an answer that names another request is no answer to this one
 * @returns the answer, or what is wrong with it and what would be right
 */
export function readAnswer (bytes: Uint8Array, asked: RequestName): IssuerAnswer | InvalidAnswer {
  const read = readNamedAnswer(bytes, asked)
  return 'invalid' in read ? read : read.answer
}

/** As {@link readAnswer}, and tells whether the answer names its request. */
export function readNamedAnswer (bytes: Uint8Array, asked: RequestName): NamedAnswer | InvalidAnswer {
  if (bytes.length > ANSWER_BYTES_MAX) return { invalid: TOO_LONG }
  try {
    return read(parseExactJson(bytes, { keepNumberTexts: true }), asked)
  } catch (error) {
    const { message } = error as JsonError | Refusal
    return { invalid: error instanceof JsonError ? `the answer ${message}` : message }
  }
}

function read (value: unknown, { tid, rid }: RequestName): NamedAnswer {
  if (!isObject(value)) throw new Refusal(`the answer must be a JSON object; it is ${show(value)}`)
  const lenient: string[] = []
  const summary = objectOf(value['SUMMARY'], 'SUMMARY')
  requireSame(summary['TID'], tid, 'SUMMARY.TID')
  requireSame(summary['RID'], rid, 'SUMMARY.RID')
  const de39 = findDecision(value, lenient)
  const de38 = readApprovalCode(objectOf(value['ISO_MSG'], 'ISO_MSG')['DE38'], lenient)
  const answer = { de39, de38, shadow: readShadow(value['SHADOW']), lenient }
  return { answer, namesRequest: !isAbsent(summary['RID']) }
}

/** @throws Refusal where a member is there and names another request */
function requireSame (value: unknown, expected: bigint, place: string): void {
  if (isAbsent(value) || value === String(expected)) return
  throw new Refusal(`${place} must be "${expected}", as in the request; it is ${show(value)}`)
}

/** Where a decision is looked for, in this order. The first is its place; the others are taken for convenience. */
const DECISION_PLACES = [['ISO_MSG', 'DE39'], ['ISO_MSG', 'de39'], ['DE39'], ['de39']] as const

function findDecision (answer: Members, lenient: string[]): string {
  for (const [outer, inner] of DECISION_PLACES) {
    const place = inner === undefined ? outer : `${outer}.${inner}`
    const value = inner === undefined ? answer[outer] : objectOf(answer[outer], outer)[inner]
    if (isAbsent(value)) continue
    if (typeof value !== 'string' || !DE39_FORM.test(value)) {
      throw new Refusal(`${place} must be two characters 0-9A-Z; it is ${show(value)}`)
    }
    if (place !== 'ISO_MSG.DE39') lenient.push(`the decision stands in ${place}; its place is ISO_MSG.DE39`)
    return value
  }
  throw new Refusal('ISO_MSG.DE39 is missing: two characters 0-9A-Z, such as "00" for an approval')
}

/** An approval code never decides, so a wrong one is left out. */
function readApprovalCode (value: unknown, lenient: string[]): string | undefined {
  if (typeof value === 'string' && DE38_FORM.test(value)) return value
  if (!isAbsent(value)) {
    lenient.push(`ISO_MSG.DE38 is left out: it must be 1 to 6 letters, digits or spaces; it is ${show(value)}`)
  }
  return undefined
}

function readShadow (value: unknown): Shadow | undefined {
  if (isAbsent(value)) return undefined
  try {
    const balances = objectOf(value, 'SHADOW')['balances']
    if (!Array.isArray(balances)) throw new Refusal(`SHADOW.balances must be a list; it is ${show(balances)}`)
    const [first, ...others] = balances.map((one, index) => readBalance(one, `SHADOW.balances[${index}]`))
    if (first === undefined) throw new Refusal('SHADOW.balances is empty: it must have a balance')
    return { kind: 'balances', balances: [first, ...others] }
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Refusal).message }
  }
}

function readBalance (value: unknown, place: string): ShadowBalance {
  const { actual, blocked, currency } = objectOf(value, place)
  if (typeof currency !== 'string') {
    throw new Refusal(`${place}.currency must be a string such as "404" or "KES"; it is ${show(currency)}`)
  }
  return { actual: readAmount(actual, `${place}.actual`), blocked: readAmount(blocked, `${place}.blocked`), currency }
}

/** Reads an amount that is a number or a string of one, exactly. */
function readAmount (value: unknown, place: string): Decimal {
  const text = typeof value === 'string' ? value : ''
  const amount = isExactNumber(value) ? exactDecimal(value) : parseDecimal(text)
  if (amount === undefined) throw new Refusal(`${place} must be an amount such as 200.50; it is ${show(value)}`)
  return amount
}

function isAbsent (value: unknown): value is undefined | null {
  return value === undefined || value === null
}

function isObject (value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
}

/** Gives the members of an object that may be absent. */
function objectOf (value: unknown, place: string): Members {
  if (isAbsent(value)) return {}
  if (!isObject(value)) throw new Refusal(`${place} must be an object; it is ${show(value)}`)
  return value
}

/** Shows a value in a message. */
function show (value: unknown): string {
  if (typeof value === 'string') return excerptOf(value)
  if (isExactNumber(value)) return `the number ${cutShort(numberText(value))}`
  if (Array.isArray(value)) return 'a list'
  if (value === undefined) return 'missing'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function cutShort (text: string): string {
  return text.length > SHOWN_DIGITS ? `${text.slice(0, SHOWN_DIGITS)}…` : text
}
