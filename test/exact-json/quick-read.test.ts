import { isDeepStrictEqual } from 'node:util'
import { Type, type TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import t from 'tap'
import { Amount, CurrencyCode, Int32, Int64 } from '../../schemas/numbers.js'
import { UpdateBalanceRequest } from '../../schemas/paymentology.js'
import { parseExactJson } from '../../src/exact-json/parse.js'
import { compileQuickReader } from '../../src/exact-json/quick-read.js'
import { compileExact } from '../../src/exact-json/validator.js'
import { nested, oddNumber, plainNumber, requestTokens, spaced } from '../support/json-texts.js'
import { holds } from '../support/property.js'

type Reading = (text: string | Buffer) => unknown

/** Reads a text quickly; undefined where it is left to the slow way. */
function quickly (schema: TSchema): Reading {
  const read = compileQuickReader(schema)
  if (read === undefined) throw new Error('the schema has no quick reader')
  return (text) => read(Buffer.from(text as string))
}

/** Reads a text slowly; undefined where it is refused. */
function slowly (schema: TSchema): Reading {
  const validate = compileExact(schema)
  return (text) => {
    try {
      const value = parseExactJson(Buffer.from(text as string))
      return validate(value) ? value : undefined
    } catch {
      return undefined
    }
  }
}

/** Tells whether two values are equal, also in the order of members and the sign of zeros. */
function isSame (left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(left, right) && JSON.stringify(left) === JSON.stringify(right)
}

/** Holds a schema's quick reader to its slow one, for a value that stands as the member `v`. */
function member (schema: TSchema): { quick: Reading, slow: Reading } {
  const whole = Type.Object({ v: schema })
  const [quick, slow] = [quickly(whole), slowly(whole)]
  return { quick: (text) => quick(`{"v":${text}}`), slow: (text) => slow(`{"v":${text}}`) }
}

const quick = quickly(UpdateBalanceRequest)
const slow = slowly(UpdateBalanceRequest)

const ITEM = { input_type: 'a', input_id: 12345, act_balance: 200.5, blk_balance: 0, bill_ccy: '404' }
const REQUEST = {
  client_id: 123,
  api_call_unique_identifier: '001',
  balance_list: [ITEM, { ...ITEM, input_type: 't', account_ext_ref: 'WALLET-1' }],
  user_id: 'qa-7',
  remarks: ''
}
const TEXT = JSON.stringify(REQUEST)

t.test('the usual body is read quickly, in every layout that serialisers write', async (t) => {
  const full = { ...REQUEST, balance_list: new Array(25).fill({ ...ITEM, account_ext_ref: 'WALLET-1234567890' }) }
  const { remarks, user_id: _, ...short } = REQUEST
  const turned = {
    remarks,
    balance_list: REQUEST.balance_list.map((item) => Object.fromEntries(Object.entries(item).reverse())),
    api_call_unique_identifier: '2',
    client_id: 1
  }
  for (const request of [REQUEST, full, short, turned, REQUEST]) {
    const compact = JSON.stringify(request)
    for (const text of [
      compact,
      JSON.stringify(request, null, 2),
      JSON.stringify(request, null, '\t').replaceAll('\n', '\r\n'),
      compact.replaceAll(',"', ', "').replaceAll('":', '": '),
      ` ${compact}\n`
    ]) {
      t.ok(isSame(quick(text), request), text.slice(0, 80))
    }
  }
})

t.test('every valid body in plain characters is read quickly, and to the same value as slowly', async (t) => {
  holds(t, fc.property(spaced(requestTokens(plainNumber, { valid: true })), (text) => {
    const value = quick(text)
    return value !== undefined && isSame(value, slow(text))
  }), { numRuns: 1000 })
})

t.test('an odd body is read quickly to the same value as slowly, or not at all', async (t) => {
  const tokens = requestTokens(fc.oneof(plainNumber, oddNumber), { valid: false })
  holds(t, fc.property(spaced(tokens), (text) => isSafe(text)), { numRuns: 1000 })
})

t.test('a body that was changed anywhere is read quickly to the same value as slowly, or not at all', async (t) => {
  const bits = fc.constantFrom(
    ...'{}[]",:.-+eE0123456789 \n\t\r\\/u\u0000\u0001\u001f\u007f\u0080é€😀\ufeff\u00a0',
    'null',
    '\\u0041',
    '"a":',
    '""',
    '"client_id":1,',
    '"user_id":"x",',
    ',"remarks":"y"',
    '"input_id":1,',
    '__proto__',
    '1234567890123456',
    '0.'
  )
  const change = fc.tuple(fc.nat(), fc.nat(3), fc.oneof(bits, fc.constant('')))
  const valid = spaced(requestTokens(plainNumber, { valid: true }))
  holds(
    t,
    fc.property(valid, fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) =>
      isSafe(changes.reduce(mutate, text))),
    { numRuns: 2000 }
  )
  holds(
    t,
    fc.property(valid, fc.nat(), fc.nat(255), (text, at, byte) =>
      isSafe(Buffer.from(text).fill(byte, at % text.length, at % text.length + 1))),
    { numRuns: 1000 }
  )
})

function isSafe (text: string | Buffer): boolean {
  const value = quick(text)
  return value === undefined || isSame(value, slow(text))
}

function mutate (text: string, [position, removed, added]: [number, number, string]): string {
  const at = position % (text.length + 1)
  return text.slice(0, at) + added + text.slice(at + removed)
}

t.test('a body that ends anywhere too early, or goes on behind its end, is not read', async (t) => {
  for (let end = 0; end < TEXT.length; end += 1) t.equal(quick(TEXT.slice(0, end)), undefined, TEXT.slice(0, end))
  for (const more of ['}', ',', '{}', '0', '\u0000', '\u000b', ' x', TEXT]) {
    t.equal(quick(`${TEXT}${more}`), undefined, more)
  }
  t.ok(quick(TEXT))
})

t.test('nothing of a body is seen by the one after it', async (t) => {
  for (let end = 0; end < TEXT.length; end += 1) {
    t.ok(quick(TEXT))
    t.equal(quick(TEXT.slice(0, end)), undefined)
  }
})

t.test('a number is read as JSON.parse has it, or not at all', async (t) => {
  const { quick, slow } = member(Amount({}))
  holds(t, fc.property(plainNumber, (text) => {
    const value = quick(text)
    return value !== undefined && isSame(value, slow(text)) && isSame(value, { v: JSON.parse(text) })
  }), { numRuns: 5000 })
  holds(
    t, fc.property(oddNumber, (text) => quick(text) === undefined || isSame(quick(text), slow(text))), { numRuns: 2000 }
  )
  for (const text of [
    '0', '-0', '-0.00', '0.1', '999999999999999', '-99999999999999.9', '0.00000000000001', '123.0', '450359962737.497'
  ]) {
    t.ok(isSame(quick(text), { v: JSON.parse(text) }), text)
  }
  for (const text of [
    '1234567890123456', '0.000000000000001', '1e5', '1E5', '01', '-01', '00', '-', '', '1.', '-1.', '.5', '+1', '1.e5',
    '1..5', '1.5.5', '--1', '1-', '0x1', 'NaN', '"1"', 'null', '1 1'
  ]) {
    t.equal(quick(text), undefined, text)
  }
})

t.test('a whole number is held to its format and its least value', async (t) => {
  for (const [schema, good, bad] of [
    [
      Int32({}),
      ['-2147483648', '2147483647', '-0', '7.0', '7.000'],
      ['-2147483649', '2147483648', '1.5', '0.1', 'true']
    ],
    [Int32({ minimum: 1 }), ['1', '2147483647'], ['0', '-1', '-0', '0.5', '2147483648']],
    [Int64({}), ['-999999999999999', '999999999999999', '-0'], ['9007199254740993', '99999999999999.9', '"1"']],
    [Int32({ minimum: 1, maximum: 3 }), ['1', '3'], ['0', '4']],
    [Int64({ minimum: 5 }), ['5', '999999999999999'], ['4', '-5', '4.9']]
  ] as const) {
    const { quick, slow } = member(schema)
    for (const text of good) {
      t.ok(isSame(quick(text), { v: JSON.parse(text) }) && isSame(slow(text), { v: JSON.parse(text) }), text)
    }
    for (const text of bad) t.equal(quick(text), undefined, text)
  }
})

t.test('a string is held to its lengths, and is plain', async (t) => {
  const { quick } = member(Type.String({ minLength: 2, maxLength: 4 }))
  for (const text of ['ab', 'abcd', ' ~!', '\u007f/', '__', '{"'.replace('"', '}')]) {
    t.ok(isSame(quick(JSON.stringify(text)), { v: text }), text)
  }
  for (const text of [
    '"a"', '"abcde"', '"\\n\\n"', '"a\\u0062"', '"a\nb"', '"a\u001fb"', '"aé"', '"a\u0000b"', '"ab', 'ab"', '12',
    '\'ab\'', '"ab"c'
  ]) {
    t.equal(quick(text), undefined, text)
  }
  t.ok(isSame(member(Type.String()).quick('""'), { v: '' }))
  t.equal(member(Type.String()).quick(`"${'x'.repeat(65_536)}"`), undefined, 'a long body is read slowly')
})

t.test('a string of a fixed number of characters from a range has just those', async (t) => {
  const { quick } = member(CurrencyCode({}))
  for (const text of ['000', '404', '999']) t.ok(isSame(quick(`"${text}"`), { v: text }), text)
  for (const text of ['', '40', '4040', '40a', '40/', '40:', '40 ', '-40']) t.equal(quick(`"${text}"`), undefined, text)
  for (const [rules, good, bad] of [
    [{ pattern: '^[A-z]{2}$' }, ['aZ', '_^'], ['a\\', 'a1', 'a\\\\']],
    [{ pattern: '^[0-9]{3}$', minLength: 4 }, [], ['123', '1234']],
    [{ pattern: '^[0-9]{3}$', maxLength: 2 }, [], ['123', '12']]
  ] as const) {
    const { quick, slow } = member(Type.String(rules))
    for (const text of good) {
      t.ok(isSame(quick(`"${text}"`), { v: text }) && isSame(slow(`"${text}"`), { v: text }), text)
    }
    for (const text of bad) t.equal(quick(`"${text}"`), undefined, text)
  }
})

t.test('a choice is one of its values, within the lengths that stand beside it', async (t) => {
  const { quick, slow } = member(Type.Unsafe({ type: 'string', enum: ['a', 'é', 'x"y', 'long', 5], maxLength: 3 }))
  t.ok(isSame(quick('"a"'), { v: 'a' }))
  for (const text of ['"b"', '"A"', '""', '"aa"', '5', '"5"', '"é"', '"x\\"y"', '"length"', '"long"']) {
    t.equal(quick(text), undefined, text)
  }
  t.ok(slow('"é"'), 'what is not plain is read slowly')
})

t.test('a list is held to its lengths', async (t) => {
  const { quick } = member(Type.Array(Int32({}), { minItems: 2, maxItems: 3 }))
  for (const text of ['[1,2]', '[1,2,3]', ' [ 1 , 2 ] ']) t.ok(isSame(quick(text), { v: JSON.parse(text) }), text)
  for (const text of ['[]', '[1]', '[1,2,3,4]', '[1,2,]', '[,1,2]', '[1 2]', '[1,2}', '{1,2}', '[1,"2"]', '[1,[2]]']) {
    t.equal(quick(text), undefined, text)
  }
  t.ok(isSame(member(Type.Array(Int32({}))).quick('[1]'), { v: [1] }))
})

t.test('an object has all that is required, nothing twice, and nothing unknown', async (t) => {
  const quick = quickly(Type.Object({
    id: Int32({}),
    note: Type.Optional(Type.String()),
    other: Type.Optional(Type.Object({ id: Int32({}) }))
  }))
  for (const text of ['{"id":1}', '{"note":"","id":1}', '{ "id": 1,\r\n\t"other": { "id": 2 } }']) {
    t.ok(isSame(quick(text), JSON.parse(text)), text)
  }
  for (const text of [
    '{}', '{"note":""}', '{"id":1,"id":1}', '{"id":1,"note":"","id":1}', '{"id":1,"extra":2}', '{"ID":1}', '{"i":1}',
    '{"id2":1}', '{"id" :1}', '{"id"1}', '{id:1}', '{"id":1,}', '{,"id":1}', '{"id":1 "note":""}', '{"id":1]',
    '["id":1]', '{"id":1', '{"id":null}', '{"\\u0069d":1}', '[]', '1', ''
  ]) {
    t.equal(quick(text), undefined, text)
  }
})

t.test('an object may have as many as 32 members', async (t) => {
  const names = Array.from({ length: 33 }, (_, index) => `m${index}`)
  const schema = (count: number): TSchema =>
    Type.Object(Object.fromEntries(names.slice(0, count).map((name) => [name, Int32({})])))
  const text = (left?: number): string =>
    JSON.stringify(Object.fromEntries(names.slice(0, 32).filter((_, index) => index !== left).map((name) => [name, 1])))
  const quick = quickly(schema(32))
  t.ok(isSame(quick(text()), JSON.parse(text())))
  for (let left = 0; left < 32; left += 1) t.equal(quick(text(left)), undefined, `without m${left}`)
  t.equal(quick(text().replace('}', ',"m31":1}')), undefined, 'the last one twice')
  t.equal(compileQuickReader(schema(33)), undefined)
})

t.test('a schema has no quick reader where anything in it would not be checked', async (t) => {
  for (const schema of [
    Type.Boolean(), Type.Null(), Type.Literal('a'), Type.Union([Int32({}), Type.String()]), Type.Any(),
    Type.Unsafe({ type: ['string', 'null'] }),
    Type.String({ format: 'date-time' }), Type.String({ pattern: '^[0-9]+$' }), Type.String({ pattern: '[0-9]{3}' }),
    Type.String({ pattern: '^[^-9]{3}$' }),
    Type.Unsafe({
      type: 'string',
      enum: ['a'],
      pattern: '^[a-z]{1}$'
    }), Type.Array(Int32({}), { uniqueItems: true }), Type.Unsafe({ type: 'array' }),
    Type.Array(Type.Boolean()), Type.Tuple([Int32({})]), Type.Object({ id: Type.Null() }),
    Type.Object({ id: Int32({}) }, { minProperties: 1 }),
    Amount({ minimum: 0 }), Type.Record(Type.String(), Int32({}))
  ]) t.equal(compileQuickReader(Type.Object({ v: schema })), undefined, JSON.stringify(schema))
})

t.test('a schema has no quick reader where its names are not plain, or a required one is not described', async (t) => {
  for (const name of ['__proto__', '', 'é', 'a"b', 'a\\', 'a b', '0', '_a']) {
    t.equal(compileQuickReader(Type.Object({ [name]: Int32({}) })), undefined, name)
  }
  t.equal(
    compileQuickReader(Type.Unsafe({ type: 'object', properties: { id: Int32({}) }, required: ['id', 'toString'] })),
    undefined
  )
})

t.test('a body is an object', async (t) => {
  for (const schema of [Int32({}), Type.Array(Int32({})), Type.String(), {}]) {
    t.equal(compileQuickReader(schema), undefined)
  }
  t.equal(quickly(Type.Unsafe({ type: 'object' }))('{}'), undefined, 'one without members is read slowly')
})

t.test('a body is nested as deeply as the parser takes it', async (t) => {
  t.ok(isSame(
    quickly(nested(31))(`${'{"v":'.repeat(31)}1${'}'.repeat(31)}`),
    JSON.parse(`${'{"v":'.repeat(31)}1${'}'.repeat(31)}`)
  ))
  t.equal(compileQuickReader(nested(33)), undefined)
})

t.test('names that objects have by nature are names like any other', async (t) => {
  const quick = quickly(Type.Object({ constructor: Int32({}), toString: Type.Optional(Int32({})) }))
  t.ok(isSame(quick('{"constructor":1}'), JSON.parse('{"constructor":1}')))
  t.equal(quick('{"toString":1}'), undefined)
})
