import fc from 'fast-check'
import { anyCharacter } from '../support/arbitraries.js'
import type { Parameter } from '../support/openapi.js'
import type { Call } from './openapi.js'

type Pair = readonly [name: string, value: string]

/** A request that is about to be sent. */
export interface FuzzRequest {
  readonly call: Call
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Buffer | undefined
}

/**
 * Values that are right, and lead somewhere in the scenario of the tests, by the name of the parameter. Others are the
 * document's examples.
 */
const RIGHT_VALUES: Readonly<Record<string, readonly string[]>> = {
  account_id: ['9007199254740993', '1002', '1003', '1004', '2001', '5', '9223372036854775807'],
  token: ['12345', '777', '9223372036854775807'],
  client_id: ['123', '456', '789'],
  job_id: ['1', '2'],
  rule_id: ['small-pos'],
  tid: ['1', '2'],
  rid: ['1', '2'],
  dry_run: ['true', 'false'],
  limit: ['1', '2', '1000'],
  currency: ['404', '840'],
  identifier: ['f-1', 'x'],
  file_name: ['daily.csv'],
  external_reference: ['WALLET-1'],
  view: ['latest', 'series'],
  // What has come already, or soon does: nothing waits for long.
  wait_for: ['decided'],
  timeout_ms: ['0', '10']
}

/** Calls that would take from the others what they need, their accounts and their keys, get other values. */
const OTHER_VALUES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  deleteAccount: { account_id: ['9007199254740995', '2001', '1004'] },
  rotateApiKey: { client_id: ['456', '789'] },
  revokeApiKey: { client_id: ['456', '789'] },
  rotateAmlyzeToken: { client_id: ['456', '789'] },
  revokeAmlyzeToken: { client_id: ['456', '789'] },
  // Nobody calls as this client.
  setClientFaults: { client_id: ['789'] },
  // The other issuers may be told never to answer.
  answerIssuerMessage: { name: ['approves'] }
}

/** Texts for the places where a parameter stands. */
const ODD_TEXTS = [
  '0', '-1', '00', '+1', '1e3', '9223372036854775808', '99999999999999999999', '2147483648', '1.5', 'NaN', 'true',
  'null',
  '__proto__', 'constructor', ' ', '\u0000', '\n', 'ä', '💳', '%', '%zz', '%ff', '\'', '" OR 1=1', 'x'.repeat(101),
  '1'.repeat(2000),
  Buffer.from('0').toString('base64url'), Buffer.from('99').toString('base64url'), '2023-09-05T08:07:34.605000000Z_17',
  '9999-99-99T99:99:99.999999999Z_1'
]

/** JSON texts for the places where a value stands. Some are no JSON, and some no value of a double. */
const ODD_VALUES = [
  'null', 'true', '0', '-0', '-1', '1.5', '1e2', '1E-2', '1e400', '-1e999999999', '1e-999999999',
  '0.1234567890123456789', '9007199254740993', '9223372036854775807',
  '9223372036854775808', '-9223372036854775809', '2147483648', '123456789012345678901234567890', '9'.repeat(1001), '01',
  '+1', '.5', '1.', 'NaN', 'Infinity', 'undefined',
  '""', '" "', '"0"', '"-5.00"', '"1.005"', '"92233720368547758.08"', '"1e3"', '"404"', '"048"', '"999"', '"191"',
  '"a"', '"t"', '"ä"', '"💳"', '"\\u0000"', '"\\ud800"', '"\ufffe"', '"__proto__"',
  `"${'x'.repeat(51)}"`, `"${'x'.repeat(5000)}"`, '"2024-02-30T00:00:00Z"', '"2024-05-26T23:59:60Z"',
  '"9999-12-31T23:59:59.999999999+00:00"',
  '[]', '{}', '[[]]', '{"a":1}', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"a":1,"a":2}',
  '{"a":1,"\\u0061":1}',
  `${'['.repeat(40)}${']'.repeat(40)}`, `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, `[${'1,'.repeat(2000)}1]`,
  '\'a\'', '/* */1', '1 2', ''
]

/** Deep and wide values, which cost far more than their bytes where nothing bounds them. */
const GROWN_VALUES = [
  `[${'{},'.repeat(3000)}1]`, `[${'1.50,'.repeat(3000)}1]`,
  `{${Array.from({ length: 2000 }, (_, at) => `"n${at}":1`).join()}}`,
  `"${'\\n'.repeat(20_000)}"`, `"${':,{'.repeat(10_000)}"`, '['.repeat(50_000),
  `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, '9'.repeat(50_000),
  ' '.repeat(50_000)
]

/** Members that are put beside the others of an object, in front of them or behind. */
const ODD_MEMBERS = [
  '"__proto__":{"x":1}', '"constructor":1', '"toString":null', '"client_id":123', '"client_id":456', '"more":[{}]',
  '"":0', '"dry_run":true', '"\\ud800":1'
]

/** What is done to a body once it is a text. */
const damage = fc.oneof(
  { weight: 12, arbitrary: fc.constant((body: Buffer) => body) },
  fc.nat(400).map((end) => (body: Buffer) => body.subarray(0, end)),
  fc.tuple(fc.nat(400), fc.constantFrom(0xff, 0x00, 0xc0, 0x80, 0x22, 0x7d, 0x2c)).map(([at, byte]) =>
    (body: Buffer) => Buffer.concat([body.subarray(0, at), Buffer.from([byte]), body.subarray(at)])),
  fc.constantFrom(
    (body: Buffer) => Buffer.from(`\ufeff${body.toString()}`),
    (body: Buffer) => Buffer.from(body.toString(), 'utf16le'),
    (body: Buffer) => Buffer.concat([body, body]),
    (body: Buffer) => Buffer.concat([body, Buffer.alloc(70_000, ' ')])
  )
)

/** Where a value of a body is changed, counted through all of its values, and into what. */
const change = fc.oneof(
  { weight: 8, arbitrary: fc.record({ at: fc.nat(60), value: fc.constantFrom(...ODD_VALUES) }) },
  { weight: 8, arbitrary: fc.record({ at: fc.nat(60), value: fc.constant(undefined) }) },
  { weight: 1, arbitrary: fc.record({ at: fc.nat(60), value: fc.constantFrom(...GROWN_VALUES) }) },
  { weight: 8, arbitrary: fc.record({ at: fc.nat(60), member: fc.constantFrom(...ODD_MEMBERS), first: fc.boolean() }) }
)

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

const oddHeaders = fc.oneof(
  { weight: 10, arbitrary: fc.constant({}) },
  fc.constantFrom<Record<string, string>>(
    { 'content-type': 'text/plain' }, {
      'content-type': 'application/json; charset=utf-16'
    }, { 'content-type': '' }, { 'content-type': 'application/json, text/csv' },
    {
      'content-type': 'application/problem+json'
    }, { 'content-type': 'multipart/form-data' }, { 'content-type': 'text/csv' }, { 'content-encoding': 'gzip' },
    { prefer: 'return=representation' }, {
      prefer: 'handling=strict, return=representation'
    }, { prefer: ';;=,"' }, { prefer: 'x'.repeat(3000) },
    { accept: 'text/html' }, { 'accept-encoding': 'identity;q=0' }, {
      'x-http-method-override': 'DELETE'
    }, { origin: 'null' }, { expect: '200-ok' }, { 'transfer-encoding': 'gzip' },
    {
      authorization: 'Bearer wrong'
    }, {
      authorization: 'Basic eDp5'
    }, { authorization: 'Bearer' }, { 'x-api-key': 'wrong' }, { 'x-api-key': 'key-of-456' }, { 'x-api-key': '' }
  )
)

const mostly = <Value> (usual: fc.Arbitrary<Value>, odd: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 6, arbitrary: usual }, odd)

function rightValues ({ operationId }: Call, { name, example = 'x' }: Parameter): readonly string[] {
  return OTHER_VALUES[operationId]?.[name] ?? RIGHT_VALUES[name] ?? [String(example)]
}

/** A parameter that no call has, or has under another name. */
const oddName = fc.constantFrom('', 'x', 'more', '__proto__', 'DRY_RUN', 'dry-run')

/** Requests of one call: most of it is right, and some of it is not. */
export function requestsOf (
  call: Call, oddMethods: readonly string[], credentials: Readonly<Record<string, Readonly<Record<string, string>>>>
): fc.Arbitrary<FuzzRequest> {
  const ofQuery = call.parameters.filter(({ in: place }) => place === 'query')
  const required = ofQuery.filter((parameter) => parameter.required === true)
  const odd = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: anyCharacter, maxLength: 30 }))
  const valueOf = (parameter: Parameter): fc.Arbitrary<string> =>
    mostly(fc.constantFrom(...rightValues(call, parameter)), odd)
  const pairOf = (parameter: Parameter): fc.Arbitrary<Pair> =>
    valueOf(parameter).map((value) => [parameter.name, value])
  const oddPair = fc.tuple(oddName, odd)
  const inPath = call.parameters.filter(({ in: place }) => place === 'path')
  return fc.record({
    method: fc.oneof({ weight: 20, arbitrary: fc.constant<string>(call.method) }, fc.constantFrom(...oddMethods)),
    // Values that are right one by one need not belong together. Half of the time they are those that do.
    path: fc.oneof(
      fc.constant(inPath.map((parameter): Pair => [parameter.name, rightValues(call, parameter)[0] ?? ''])),
      fc.tuple(...inPath.map(pairOf))
    ),
    given: fc.oneof(
      fc.constant(required.map((parameter): Pair => [parameter.name, rightValues(call, parameter)[0] ?? ''])),
      fc.tuple(...required.map(pairOf)),
      fc.constant([])
    ),
    query: fc.array(ofQuery.length === 0 ? oddPair : mostly(fc.oneof(...ofQuery.map(pairOf)), oddPair), {
      maxLength: 2
    }),
    encode: mostly(fc.constant(true), fc.constant(false)),
    slash: mostly(fc.constant(''), fc.constantFrom('/', '//', '/x')),
    headers: oddHeaders,
    body: bodyOf(call)
  }).map(({ method, path, given, query, encode, slash, headers, body }) => {
    const write = (text: string): string =>
      encode ? encodeURIComponent(text.toWellFormed()) : text.replace(/[^\x21-\x7e]/g, '')
    const values = new Map(path)
    const address = call.path.replace(/\{(\w+)\}/g, (_, name: string) => write(values.get(name) ?? ''))
    const search = [...given, ...query].map(([name, value]) => `${write(name)}=${write(value)}`).join('&')
    return {
      call,
      method,
      url: `${address}${slash}${search === '' ? '' : `?${search}`}`,
      headers: {
        ...credentials[call.security ?? ''],
        ...call.contentType === undefined ? {} : { 'content-type': call.contentType },
        ...headers
      },
      payload: body
    }
  })
}

/** A JSON text that is right, changed in every way that we could think of. */
export function spoiled (text: string): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.array(change, { maxLength: 3 }), damage).map(([changes, spoil]) =>
    spoil(Buffer.from(changes.reduce(applyChange, text))))
}

/** Rows of balance files, right and wrong. */
const rows = fc.tuple(
  mostly(
    fc.constant('record_id,account_id,bill_ccy,act_balance,blk_balance,token'),
    fc.constantFrom('', 'record_id', '"record_id",account_id', '\u0000')
  ),
  fc.array(
    fc.tuple(
      fc.nat(9999),
      mostly(
        fc.constantFrom('1002,840,5000,2000,', '1003,48,1,0,', ',840,1,0,12345'),
        fc.constantFrom(
          ',,,,',
          '1002,840,-1,-1,',
          '1,2',
          '1002,840,99999999999999999999,0,',
          '"',
          '1002,840,1.5,0,',
          `${'9'.repeat(1200)}`,
          '1002;840'
        )
      )
    ),
    { maxLength: 5 }
  )
).map(([header, lines]) => `${header}\n${lines.map(([number, row]) => `rec-${number},${row}\n`).join('')}`)

/** Bodies of one call, and now and then one where none is wanted. */
function bodyOf (call: Call): fc.Arbitrary<Buffer | undefined> {
  if (call.contentType === undefined) return mostly(fc.constant(undefined), fc.constant(Buffer.from('{}')))
  const example = fc.constantFrom(...call.examples)
  const text = call.contentType === 'text/csv'
    ? fc.oneof(example.map(String), rows)
    : fc.tuple(
      example, mostly(fc.nat(3000), fc.constant(1)), fc.array(change, { maxLength: 3 })
    ).map(([body, identifier, changes]) =>
      changes.reduce(applyChange, withNewNumbers(JSON.stringify(body), identifier)))
  return fc.tuple(text, damage).map(([body, spoil]) => spoil(Buffer.from(body)))
}

/** The examples use one identifier; each request gets its own, though not always a new one. */
function withNewNumbers (text: string, identifier: number): string {
  return text.replace('"001"', `"f-${identifier}"`).replace('"COM217"', `"COM-${identifier}"`)
    .replace('"COM218"', `"COM--${identifier}"`)
    .replace('"input_id":12345,"act_balance":200', `"input_id":12345,"act_balance":${identifier}`)
}

/**
 * The name of a member, at the end of what stands before its value. Without its bounds, the search would look from
 * each quote and space of a grown value to its end.
 */
const NAME = /,?\s{0,9}"(?:[^"\\]|\\.){0,99}"\s{0,9}:\s{0,9}$/

/** A value, and what stands before it; the same for strings that are names, which become no JSON then. */
const VALUE = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.eE+-]*|true|false|null|[[{]/g

function applyChange (text: string, change: Change): string {
  const places = [...text.matchAll(VALUE)]
  const place = places[change.at % Math.max(1, places.length)]
  if (place === undefined) return text
  const [found] = place
  const before = text.slice(0, place.index)
  const after = text.slice(place.index + found.length)
  if ('member' in change) {
    return found === '{'
      ? `${before}{${change.first ? `${change.member},` : ''}${after}`
      : `${before}{${change.member},"value":${found}}${after}`
  }
  if (change.value === undefined) return before.replace(NAME, '') + after
  // A list or an object begins here: it is put into the odd value's place as a whole only where it is short.
  return found === '{' || found === '['
    ? `${before}${change.value}${after.slice(closingOf(after, found))}`
    : `${before}${change.value}${after}`
}

/** Finds the place behind the bracket that closes the one that was just opened. */
function closingOf (text: string, opened: string): number {
  const closes = opened === '{' ? '}' : ']'
  let depth = 1
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === opened) depth += 1
    if (text[at] === closes) depth -= 1
    if (depth === 0) return at + 1
  }
  return text.length
}
