import { Type, type TSchema } from '@sinclair/typebox'
import t from 'tap'
import { Amount, CurrencyCode, Int32, Int64 } from '../../schemas/numbers.js'
import { ScenarioDocument } from '../../schemas/scenario.js'
import { parseExactJson } from '../../src/exact-json/parse.js'
import { compileExact } from '../../src/exact-json/validator.js'
import { describeViolation, firstViolation } from '../../src/exact-json/violation.js'

const Request = Type.Object({
  client_id: Int32({ minimum: 1 }),
  balance_list: Type.Array(Type.Object({
    input_type: Type.Unsafe<'a' | 't'>({ type: 'string', enum: ['a', 't'] }),
    input_id: Int64({ minimum: 1 }),
    act_balance: Amount({}),
    bill_ccy: CurrencyCode({}),
    version: Type.Optional(Type.Literal(2))
  }), { minItems: 1, maxItems: 25 }),
  remarks: Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))
})

const ITEM = { input_type: 'a', input_id: 12345, act_balance: 200, bill_ccy: '404' }

/** Puts the first fault of a value into words. */
function describe (schema: TSchema, value: unknown): string {
  const validate = compileExact(schema)
  validate(parseExactJson(Buffer.from(JSON.stringify(value))))
  return validate.errors ? describeViolation(firstViolation(validate.errors), 'the body') : 'no fault'
}

const request = (more: object): string => describe(Request, { client_id: 123, balance_list: [ITEM], ...more })
const item = (more: object): string => request({ balance_list: [ITEM, ITEM, ITEM, { ...ITEM, ...more }] })
const scenario = (more: object): string =>
  describe(ScenarioDocument, { clients: [{ client_id: 123, name: 'Demo Bank', api_key: 'k' }], ...more })

t.test('a fault names the place as people write it, and the rule', async (t) => {
  t.equal(
    item({ bill_ccy: '48' }),
    'balance_list[3].bill_ccy must be an ISO 4217 numeric code of three digits, such as 404'
  )
  t.equal(item({}), 'no fault')
})

t.test('a missing field is named where it should stand', async (t) => {
  t.equal(request({ client_id: undefined }), 'client_id is required')
  t.equal(item({ input_id: undefined }), 'balance_list[3].input_id is required')
})

t.test('a number out of bounds is answered with both bounds', async (t) => {
  t.equal(request({ client_id: 0 }), 'client_id must be from 1 to 2147483647')
  t.equal(item({ input_id: 0 }), 'balance_list[3].input_id must be from 1 to 9223372036854775807')
})

t.test('a value of the wrong kind is answered with the right one', async (t) => {
  t.equal(item({ act_balance: '200' }), 'balance_list[3].act_balance must be a number, not a string')
  t.equal(item({ input_id: '12345' }), 'balance_list[3].input_id must be a whole number, not a string')
  t.equal(item({ input_id: 1.5 }), 'balance_list[3].input_id must be a whole number')
  t.equal(item({ bill_ccy: 404 }), 'balance_list[3].bill_ccy must be string')
  t.equal(request({ balance_list: {} }), 'balance_list must be array')
  t.equal(request({ balance_list: [ITEM, null] }), 'balance_list[1] must be object')
})

t.test('where only some values are allowed, all of them are told', async (t) => {
  t.equal(item({ input_type: 'c' }), 'balance_list[3].input_type must be equal to one of the allowed values: ["a","t"]')
  t.equal(item({ version: 1 }), 'balance_list[3].version must be equal to constant: 2')
})

t.test('a length that is not right is answered with its bound', async (t) => {
  t.equal(request({ remarks: '' }), 'remarks must NOT have fewer than 1 characters')
  t.equal(request({ remarks: 'x'.repeat(201) }), 'remarks must NOT have more than 200 characters')
  t.equal(request({ balance_list: [] }), 'balance_list must NOT have fewer than 1 items')
  t.equal(request({ balance_list: new Array(26).fill(ITEM) }), 'balance_list must NOT have more than 25 items')
})

t.test('a fault of the whole value has the name that the caller gives it', async (t) => {
  t.equal(describe(Request, []), 'the body must be object')
  t.equal(
    describeViolation({ instancePath: '', keyword: 'type', params: {}, message: 'must be object' }, 'the scenario'),
    'the scenario must be object'
  )
})

t.test('an unknown field is named where unknown fields are refused', async (t) => {
  t.equal(scenario({ acounts: [] }), 'acounts is not a known field')
  t.equal(
    scenario({ clients: [{ client_id: 1, name: 'n', api_key: 'k', 'x-note': 1 }] }),
    'clients[0].x-note is not a known field'
  )
  t.equal(scenario({}), 'no fault')
})

t.test('an unknown field with a name that cannot be seen or mistaken for a place is quoted', async (t) => {
  t.equal(scenario({ '': 1 }), '[""] is not a known field')
  t.equal(scenario({ 5: 1 }), '["5"] is not a known field')
  t.equal(scenario({ 'clients ': 1 }), '["clients "] is not a known field')
  t.equal(scenario({ 'a\nb': 1 }), '["a\\nb"] is not a known field')
  t.equal(
    scenario({ clients: [{ client_id: 1, name: 'n', api_key: 'k', 'a.b': 1 }] }),
    'clients[0]["a.b"] is not a known field'
  )
})

t.test('a name with the signs of a JSON pointer is shown as it is', async (t) => {
  const fault = describe(Type.Object({ 'a/b~c': Type.Object({ '~1': Type.String() }) }), { 'a/b~c': { '~1': 1 } })
  t.equal(fault, '["a/b~c"]["~1"] must be string')
})

t.test('of a value that may be of several kinds, the fault within its own kind is told', async (t) => {
  const token = (token: unknown): string => scenario({
    accounts: [{
      client_id: 123, account_id: '1', currency: 'KES', actual_balance: '1', blocked_balance: '0', tokens: [token]
    }]
  })
  t.equal(token('5'), 'no fault')
  t.equal(token({ token: '5', state: 'lost', expiry: null }), 'no fault')
  t.match(token('x'), /^accounts\[0\]\.tokens\[0\] must be a whole number from 1/)
  t.match(token({ token: 'x' }), /^accounts\[0\]\.tokens\[0\]\.token must be a whole number from 1/)
  t.match(token({ token: '5', state: 'x' }), /^accounts\[0\]\.tokens\[0\]\.state must be equal to one of/)
  t.equal(token({ token: '5', status: 'x' }), 'accounts[0].tokens[0].status is not a known field')
  t.equal(
    token({ token: '5', expiry: '11/29' }),
    'accounts[0].tokens[0].expiry must be a year and a month, such as 2029-11'
  )
  t.equal(token(true), 'accounts[0].tokens[0] must be string')
})
