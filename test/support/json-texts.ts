import { Type, type TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import { Int32 } from '../../schemas/numbers.js'
import { anyCharacter, digits, numberText, wholePart } from './arbitraries.js'

/** A number as most people write it: at most 15 digits, no exponent. */
export const plainNumber: fc.Arbitrary<string> = fc.tuple(fc.constantFrom('', '-'), fc.integer({ min: 1, max: 15 }))
  .chain(([sign, whole]) => fc.tuple(fc.constant(sign), wholePart(whole), digits(0, 15 - whole)))
  .map(([sign, whole, decimals]) => decimals === '' ? `${sign}${whole}` : `${sign}${whole}.${decimals}`)

/** Any number, and what only looks like one; most often about as long as a double is exact. */
export const oddNumber: fc.Arbitrary<string> = fc.oneof(
  numberText,
  fc.tuple(digits(0, 20), fc.constantFrom('', '.', '..'), digits(0, 20)).map((parts) => parts.join('')),
  fc.tuple(digits(14, 19), fc.constantFrom('', '.0', '.5', 'e0', 'E-1', ' ')).map((parts) => parts.join('')),
  fc.constantFrom(
    '-0',
    '-0.0',
    '00',
    '01',
    '-01',
    '1.',
    '.5',
    '+1',
    '-',
    '',
    '1e5',
    '1E400',
    '-1e-400',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '9007199254740993',
    '9223372036854775808',
    '9'.repeat(400)
  )
)

const plainString = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: 'grapheme-ascii', minLength, maxLength }).filter((text) => !/["\\]/.test(text)).map((text) =>
    `"${text}"`)

const oddValue = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 60 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    'null', 'true', '[]', '{}', '"c"', '"40"', '"4040"', '"\\u0061"', '"a\\"', '[1]', '{"a":1}', '"\n"', '""'
  )
)

type Members = ReadonlyArray<readonly [name: string, value: fc.Arbitrary<string[]>]>

/** What the bodies of a property are like. */
interface Kind {
  /** Whether all is there once and within its bounds, or else often not. */
  readonly valid: boolean
}

/** The tokens of Paymentology's request. White space may stand between any two of them. */
export function requestTokens (number: fc.Arbitrary<string>, { valid }: Kind): fc.Arbitrary<string[]> {
  const token = (text: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
    (valid ? text : fc.oneof({ weight: 12, arbitrary: text }, { weight: 1, arbitrary: oddValue })).map((text) => [text])
  const whole = (max: number): fc.Arbitrary<string> =>
    valid ? fc.integer({ min: 1, max }).map(String) : fc.oneof(fc.integer({ min: -1, max }).map(String), number)
  const item = objectTokens([
    ['input_type', token(fc.constantFrom('"a"', '"t"'))],
    ['input_id', token(whole(999_999_999_999_999))],
    ['act_balance', token(number)],
    ['blk_balance', token(number)],
    ['bill_ccy', token(digits(3, 3).map((text) => `"${text}"`))]
  ], [['account_ext_ref', token(plainString(0, 50))]], valid)
  const list = fc.array(item, { minLength: valid ? 1 : 0, maxLength: 4 }).map((items) =>
    ['[', ...items.flatMap((tokens, index) => index === 0 ? tokens : [',', ...tokens]), ']'])
  return objectTokens([
    ['client_id', token(whole(2_147_483_647))],
    ['api_call_unique_identifier', token(plainString(1, 40))],
    ['balance_list', list]
  ], [['user_id', token(plainString(0, 50))], ['remarks', token(plainString(0, 200))]], valid)
}

function objectTokens (required: Members, optional: Members, valid: boolean): fc.Arbitrary<string[]> {
  const unknown: Members = [
    ['trace', fc.constant(['1'])],
    ['__proto__', fc.constant(['{}'])],
    ['input_i', fc.constant(['1'])]
  ]
  const members = valid
    ? fc.subarray([...optional]).chain((more) => inAnyOrder([...required, ...more]))
    : fc.oneof(
      { weight: 6, arbitrary: inAnyOrder([...required, ...optional]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...required, ...optional, ...unknown), { maxLength: 8 }) }
    )
  return members
    .chain((chosen) => fc.tuple(...chosen.map(([name, value]) => value.map((tokens) => [`"${name}":`, ...tokens]))))
    .map((texts) => ['{', ...texts.flatMap((tokens, index) => index === 0 ? tokens : [',', ...tokens]), '}'])
}

function inAnyOrder<Value> (values: readonly Value[]): fc.Arbitrary<Value[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length })
}

/** Joins tokens, compact as a rule, and else with white space of every kind between them. */
export function spaced (tokens: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  const gap = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 })
  const gaps = fc.oneof(fc.constant(['']), fc.array(gap, { minLength: 1, maxLength: 9 }))
  return fc.tuple(tokens, gaps).map(([texts, gaps]) =>
    texts.map((text, index) => `${gaps[index % gaps.length]}${text}`).join('') + gaps[0])
}

/** Makes a schema of objects, one within the other. */
export function nested (levels: number): TSchema {
  return levels === 0 ? Int32({}) : Type.Object({ v: nested(levels - 1) })
}
