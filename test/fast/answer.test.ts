import fc from 'fast-check'
import t from 'tap'
import { ANSWER_BYTES_MAX, readAnswer, readNamedAnswer } from '../../src/fast/answer.js'
import { decimal, numberText, safeJson } from '../support/arbitraries.js'
import { holds } from '../support/property.js'

const ASKED = { tid: 7_300_000_000_000_000_042n, rid: 910_001n }

const read = (text: string) => readAnswer(Buffer.from(text), ASKED)

t.test('the answer of the reference is read whole', async (t) => {
  t.strictSame(read(`{
    "MESSAGE_TYPE": {"Message_Type": "0110"},
    "SUMMARY": {"TID": "7300000000000000042", "RID": "910001"},
    "ISO_MSG": {"DE38": "A1B2C3", "DE39": "00"},
    "SHADOW": {
      "balances": [{"actual": 20000.00, "blocked": 7990.00, "currency": "404"}],
      "amount": 2990.00, "creditDebitIndicator": "DEBIT", "currency": "404"
    }
  }`), {
    de39: '00',
    de38: 'A1B2C3',
    shadow: {
      kind: 'balances', balances: [{ actual: decimal('20000'), blocked: decimal('7990'), currency: '404' }]
    },
    lenient: []
  })
})

t.test('a decision alone is an answer, and null counts as absent', async (t) => {
  const answer = { de39: '51', de38: undefined, shadow: undefined, lenient: [] }
  t.strictSame(read('{"ISO_MSG":{"DE39":"51"}}'), answer)
  t.strictSame(read('\ufeff{"ISO_MSG":{"DE39":"51","DE38":null},"SUMMARY":null,"SHADOW":null,"Other":[{}]}'), answer)
  t.strictSame(read('{"ISO_MSG":{"DE39":"51"},"SUMMARY":{"TID":null,"RID":null}}'), answer)
})

for (const [text, place] of [
  ['{"ISO_MSG":{"de39":"N7"}}', 'ISO_MSG.de39'],
  ['{"DE39":"N7"}', 'DE39'],
  ['{"de39":"N7","ISO_MSG":{}}', 'de39']
] as const) {
  t.test(`${text} is taken for convenience, and says so`, async (t) => {
    t.match(read(text), { de39: 'N7', lenient: [`the decision stands in ${place}; its place is ISO_MSG.DE39`] })
  })
}

t.test('the place of the reference goes before the others', async (t) => {
  t.match(read('{"DE39":"00","de39":"00","ISO_MSG":{"de39":"00","DE39":"05"}}'), { de39: '05', lenient: [] })
})

for (const [text, invalid] of [
  ['', /^the answer is not valid JSON/],
  ['<html></html>', /^the answer is not valid JSON/],
  ['{"ISO_MSG":{"DE39":"00"}} x', /^the answer is not valid JSON/],
  ['{"ISO_MSG":{"DE39":"05","DE39":"00"}}', /^the answer .*DE39/],
  ['"00"', 'the answer must be a JSON object; it is "00"'],
  ['[]', 'the answer must be a JSON object; it is a list'],
  ['null', 'the answer must be a JSON object; it is null'],
  ['0', 'the answer must be a JSON object; it is the number 0'],
  ['{}', 'ISO_MSG.DE39 is missing: two characters 0-9A-Z, such as "00" for an approval'],
  ['{"ISO_MSG":{"DE39":"approved"}}', 'ISO_MSG.DE39 must be two characters 0-9A-Z; it is "approved"'],
  ['{"ISO_MSG":{"DE39":"n7"}}', 'ISO_MSG.DE39 must be two characters 0-9A-Z; it is "n7"'],
  ['{"ISO_MSG":{"DE39":"00\\n"}}', 'ISO_MSG.DE39 must be two characters 0-9A-Z; it is "00\\n"'],
  ['{"ISO_MSG":{"DE39":51}}', 'ISO_MSG.DE39 must be two characters 0-9A-Z; it is the number 51'],
  ['{"ISO_MSG":{"DE39":true}}', 'ISO_MSG.DE39 must be two characters 0-9A-Z; it is true'],
  ['{"ISO_MSG":{"DE39":{}},"DE39":"00"}', 'ISO_MSG.DE39 must be two characters 0-9A-Z; it is an object'],
  [`{"DE39":${'9'.repeat(31)}}`, `DE39 must be two characters 0-9A-Z; it is the number ${'9'.repeat(30)}…`],
  ['{"ISO_MSG":"00"}', 'ISO_MSG must be an object; it is "00"'],
  ['{"ISO_MSG":{"DE39":"00"},"SUMMARY":[]}', 'SUMMARY must be an object; it is a list'],
  ['{"ISO_MSG":{"DE39":"00"},"SUMMARY":{"RID":"910002"}}',
    'SUMMARY.RID must be "910001", as in the request; it is "910002"'],
  ['{"ISO_MSG":{"DE39":"00"},"SUMMARY":{"RID":"0910001"}}',
    'SUMMARY.RID must be "910001", as in the request; it is "0910001"'],
  ['{"ISO_MSG":{"DE39":"00"},"SUMMARY":{"TID":7300000000000000042}}',
    'SUMMARY.TID must be "7300000000000000042", as in the request; it is the number 7300000000000000042']
] as const) {
  t.test(`${text.slice(0, 60)} is no answer: ${String(invalid)}`, async (t) => {
    t.match(read(text), { invalid })
  })
}

t.test('an answer has at most 64 KiB', async (t) => {
  const text = '{"ISO_MSG":{"DE39":"00"}}'
  t.match(read(text.padEnd(ANSWER_BYTES_MAX)), { de39: '00' })
  t.match(read(text.padEnd(ANSWER_BYTES_MAX + 1)), { invalid: 'the answer must have at most 65536 bytes' })
})

t.test('an approval code that is none is left out, and the decision stays', async (t) => {
  for (const [sent, shown] of [['"TOOLONG"', '"TOOLONG"'], ['123456', 'the number 123456'], ['""', '""']]) {
    t.strictSame(read(`{"ISO_MSG":{"DE39":"00","DE38":${sent}}}`), {
      de39: '00',
      de38: undefined,
      shadow: undefined,
      lenient: [`ISO_MSG.DE38 is left out: it must be 1 to 6 letters, digits or spaces; it is ${shown}`]
    })
  }
})

t.test('balances of SHADOW are read exactly, as numbers and as strings, with a decline as well', async (t) => {
  holds(t, fc.property(numberText, fc.boolean(), (text, isString) => {
    const sent = isString ? `"${text}"` : text
    const answer = read(`{"ISO_MSG":{"DE39":"05"},"SHADOW":{"balances":[{"actual":${sent},"blocked":${sent},` +
      '"currency":"KES"},{"actual":1,"blocked":0,"currency":"048"}]}}')
    t.strictSame(answer, {
      de39: '05',
      de38: undefined,
      shadow: {
        kind: 'balances',
        balances: [
          { actual: decimal(text), blocked: decimal(text), currency: 'KES' },
          { actual: decimal('1'), blocked: decimal('0'), currency: '048' }
        ]
      },
      lenient: []
    })
  }), { numRuns: 50 })
})

const balance = (members: string): string => `{"balances":[{"actual":1,"blocked":0,"currency":"404"},${members}]}`

for (const [shadow, reason] of [
  ['[]', 'SHADOW must be an object; it is a list'],
  ['{}', 'SHADOW.balances must be a list; it is missing'],
  ['{"balances":{}}', 'SHADOW.balances must be a list; it is an object'],
  ['{"balances":[]}', 'SHADOW.balances is empty: it must have a balance'],
  [balance('5'), 'SHADOW.balances[1] must be an object; it is the number 5'],
  [balance('{"blocked":0,"currency":"404"}'),
    'SHADOW.balances[1].actual must be an amount such as 200.50; it is missing'],
  [balance('{"actual":"1,5","blocked":0,"currency":"404"}'),
    'SHADOW.balances[1].actual must be an amount such as 200.50; it is "1,5"'],
  [balance('{"actual":1,"blocked":"1e1001","currency":"404"}'),
    'SHADOW.balances[1].blocked must be an amount such as 200.50; it is "1e1001"'],
  [balance('{"actual":1,"blocked":false,"currency":"404"}'),
    'SHADOW.balances[1].blocked must be an amount such as 200.50; it is false'],
  [balance('{"actual":1,"blocked":0,"currency":48}'),
    'SHADOW.balances[1].currency must be a string such as "404" or "KES"; it is the number 48']
] as const) {
  t.test(`a SHADOW of ${shadow} changes no decision: ${reason}`, async (t) => {
    t.strictSame(read(`{"ISO_MSG":{"DE39":"00"},"SHADOW":${shadow}}`), {
      de39: '00', de38: undefined, shadow: { kind: 'unreadable', reason }, lenient: []
    })
  })
}

t.test('whatever comes, reading it ends with an answer or a reason', async (t) => {
  const bytes = fc.oneof(fc.uint8Array(), safeJson.map((value) => Buffer.from(JSON.stringify(value))),
    fc.record({ ISO_MSG: safeJson, SUMMARY: safeJson, SHADOW: safeJson, DE39: safeJson }, { requiredKeys: [] })
      .map((value) => Buffer.from(JSON.stringify(value))))
  holds(t, fc.property(bytes, (sent) => {
    const answer = readAnswer(sent, ASKED)
    return 'invalid' in answer ? answer.invalid.length > 0 : /^[0-9A-Z]{2}$/.test(answer.de39)
  }))
})

t.test('it is known whether an answer names its request', async (t) => {
  const named = (text: string) => readNamedAnswer(Buffer.from(text), ASKED)
  t.match(named('{"ISO_MSG":{"DE39":"00"},"SUMMARY":{"RID":"910001"}}'), { namesRequest: true })
  t.match(named('{"ISO_MSG":{"DE39":"00"},"SUMMARY":{"TID":"7300000000000000042"}}'), { namesRequest: false })
})
