import { Type, type TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import t from 'tap'
import { Amount, CurrencyCode, Int32, Int64 } from '../../schemas/numbers.js'
import { parseExactJson, WrittenNumber } from '../../src/exact-json/parse.js'
import { compileExact } from '../../src/exact-json/validator.js'
import { int64, numberText } from '../support/arbitraries.js'
import { fractionOf, wholeOf } from '../support/fraction.js'
import { holds } from '../support/property.js'

/** The first fault of a text, or undefined when the schema takes it. */
function checker (schema: TSchema): (text: string) => string | undefined {
  const validate = compileExact(schema)
  return (text) => validate(parseExactJson(Buffer.from(text))) ? undefined : validate.errors?.[0]?.message
}

const int32Fault = checker(Int32({}))
const int64Fault = checker(Int64({}))
const identifierFault = checker(Int64({ minimum: 1 }))
const amountFault = checker(Amount({}))

t.test('a schema is compiled once', async (t) => {
  const schema = Int32({})
  t.equal(compileExact(schema), compileExact(schema))
  t.not(compileExact(schema), compileExact(Int32({})))
})

t.test('a whole number of 32 bits goes from -2147483648 to 2147483647', async (t) => {
  for (const text of ['-2147483648', '0', '2147483647']) t.equal(int32Fault(text), undefined, text)
  for (const text of ['-2147483649', '2147483648', '9223372036854775807']) {
    t.equal(int32Fault(text), 'must be from -2147483648 to 2147483647', text)
  }
})

t.test('a whole number of 64 bits goes from -9223372036854775808 to 9223372036854775807', async (t) => {
  for (const text of ['-9223372036854775808', '0', '9223372036854775807']) t.equal(int64Fault(text), undefined, text)
  for (const text of ['-9223372036854775809', '9223372036854775808']) {
    t.equal(int64Fault(text), 'must be from -9223372036854775808 to 9223372036854775807', text)
  }
})

t.test('the least value of a contract is the bound that is named', async (t) => {
  t.equal(identifierFault('1'), undefined)
  for (const text of ['0', '-1', '9223372036854775808']) {
    t.equal(identifierFault(text), 'must be from 1 to 9223372036854775807', text)
  }
})

t.test('bounds are compared exactly and not as doubles', async (t) => {
  holds(t, fc.property(int64, (value) => int64Fault(String(value)) === undefined))
  holds(t, fc.property(numberText, (text) => {
    const whole = wholeOf(fractionOf(text))
    return (int64Fault(text) === undefined) === (whole !== undefined && BigInt.asIntN(64, whole) === whole)
  }))
})

t.test('an absurd exponent is refused without being written out in digits', async (t) => {
  for (const fault of [int32Fault, int64Fault, identifierFault]) {
    t.match(fault('1e1000'), /^must be from/)
    t.match(fault('-1e1000'), /^must be from/)
    t.equal(fault('1e-1000'), 'must be a whole number')
  }
})

t.test('123.0 and 1.23e2 are whole', async (t) => {
  for (const text of ['123', '123.0', '1.23e2', '123.00000000000000000']) {
    t.equal(int32Fault(text) ?? int64Fault(text), undefined, text)
  }
})

t.test('1.5 is not whole', async (t) => {
  for (const text of ['1.5', '-0.5', '9007199254740993.5']) t.equal(int64Fault(text), 'must be a whole number', text)
})

t.test('a number takes any JSON number and nothing else', async (t) => {
  holds(t, fc.property(numberText, (text) => amountFault(text) === undefined))
  for (const text of ['null', 'true', '[]', '{}', '{"value":"1","isLosslessNumber":true}']) {
    t.equal(amountFault(text), 'must be a number', text)
    t.equal(int64Fault(text), 'must be a whole number', text)
  }
})

t.test('a number in quotes is refused, and the fault says that it is a string', async (t) => {
  t.equal(amountFault('"200"'), 'must be a number, not a string')
  t.equal(int32Fault('"200"'), 'must be a whole number, not a string')
})

t.test('a number is refused for a string', async (t) => {
  const fault = checker(CurrencyCode({}))
  t.equal(fault('"404"'), undefined)
  t.equal(fault('404'), 'must be string')
  t.equal(fault('9007199254740993'), 'must be string')
})

t.test('numbers are exact inside lists, objects and alternatives', async (t) => {
  const fault = checker(Type.Object({
    list: Type.Array(Type.Object({ id: Int64({ minimum: 1 }) })),
    either: Type.Optional(Type.Union([Amount({}), Type.Null()]))
  }))
  t.equal(fault('{"list":[{"id":9223372036854775807}],"either":0.1234567890123456789}'), undefined)
  t.equal(fault('{"list":[{"id":1}],"either":null}'), undefined)
  t.equal(fault('{"list":[{"id":9223372036854775808}]}'), 'must be from 1 to 9223372036854775807')
  t.equal(fault('{"list":[],"either":"1"}'), 'must be a number, not a string')
})

t.test('nothing is coerced, filled in or removed', async (t) => {
  const validate = compileExact(Type.Object({ id: Int64({}), note: Type.Optional(Type.String({ default: 'none' })) }))
  const value = { id: new WrittenNumber('9007199254740993'), extra: 1 }
  t.ok(validate(value))
  t.strictSame(value, { id: new WrittenNumber('9007199254740993'), extra: 1 })
})

t.test('unknown fields are taken where a contract does not say otherwise', async (t) => {
  const properties = { id: Int32({}) }
  t.equal(checker(Type.Object(properties))('{"id":1,"trace":{}}'), undefined)
  t.equal(
    checker(Type.Object(properties, { additionalProperties: false }))('{"id":1,"trace":{}}'),
    'must NOT have additional properties'
  )
})

t.test('only the first fault is named', async (t) => {
  const validate = compileExact(Type.Object({ id: Int32({}), note: Type.String() }))
  t.notOk(validate({ id: 'x', note: 1 }))
  t.equal(validate.errors?.length, 1)
})

t.test('a check that succeeds leaves no fault of the one before it', async (t) => {
  const validate = compileExact(Int32({}))
  t.notOk(validate('x'))
  t.ok(validate(1))
  t.notOk(validate.errors?.length)
})

t.test('examples in a contract are no schemas, even where they look like one', async (t) => {
  t.equal(checker(Type.Object({ id: Int32({}) }, { examples: [{ type: 'integer' }] }))('{"id":1}'), undefined)
})

t.test('a format of strings is checked', async (t) => {
  const fault = checker(Type.String({ format: 'date-time' }))
  t.equal(fault('"2026-01-31T08:15:30.123Z"'), undefined)
  t.equal(fault('"yesterday"'), 'must match format "date-time"')
})

t.test('a whole number has the bounds of its schema', async (t) => {
  const fault = checker(Int32({ minimum: 1, maximum: 5 }))
  t.equal(fault('5'), undefined)
  t.equal(fault('6'), 'must be from 1 to 5')
})

t.test('a contract that promises a bound which would not be checked is refused when it is compiled', async (t) => {
  t.throws(
    () => compileExact({ type: 'integer' }), new Error('a whole number needs the format int32 or int64, not undefined')
  )
  t.throws(
    () => compileExact({ type: 'integer', format: 'int16' }),
    new Error('a whole number needs the format int32 or int64, not int16')
  )
  t.throws(() => compileExact({ type: 'number', minimum: 0 }), /minimum/)
  t.throws(() => compileExact({ type: 'string', madeUp: 1 }), /madeUp/)
})
