import t from 'tap'
import { ADMIN_TOKEN, makeService, updateBody } from '../support/service.js'

/**
 * Far longer than Node's parser lets through, so that quadratic work takes minutes and linear work milliseconds. No
 * bound between them depends on the machine.
 */
const LENGTH = 150_000

/** Of this process alone: who waits for other processes takes no time of a processor. */
const BOUND_MICROSECONDS = 4_000_000

/** Texts that make patterns go back and forth, of any length. */
const SHAPES: ReadonlyArray<readonly [name: string, make: (length: number) => string]> = [
  ['spaces', (length) => ' '.repeat(length)],
  ['a value of spaces', (length) => `a=${' '.repeat(length)}"`],
  ['spaces before a letter', (length) => `application/json;a=${' '.repeat(length)}x`],
  ['spaces in a type', (length) => `application/json${' '.repeat(length)}x`],
  ['a token of spaces', (length) => `Bearer${' '.repeat(length)}`],
  ['a long token', (length) => `Bearer ${'x'.repeat(length)} y`],
  ['quotation marks', (length) => 'a="'.repeat(length / 3)],
  ['backslashes in quotes', (length) => `a="${'\\'.repeat(length)}`],
  ['commas', (length) => 'a, '.repeat(length / 3)],
  ['semicolons', (length) => `application/json${'; '.repeat(length / 2)}`],
  ['equals signs', (length) => '='.repeat(length)],
  ['digits', (length) => '1-'.repeat(length / 2)],
  ['a digit and hyphens', (length) => `1${'-'.repeat(length)}`],
  ['points', (length) => '127.'.repeat(length / 4)],
  ['colons', (length) => `a${':1'.repeat(length / 2)}`],
  ['brackets', (length) => '['.repeat(length)]
]

/** What an update reads, and what a file of the documents' page reads. */
const UPDATE_HEADERS = [
  'prefer', 'content-type', 'content-encoding', 'x-request-id', 'host', 'authorization', 'x-api-key',
  'transfer-encoding', 'expect'
]
const FILE_HEADERS = ['accept-encoding', 'range', 'if-none-match', 'if-modified-since']

async function isQuick (work: () => Promise<unknown>): Promise<boolean> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system < BOUND_MICROSECONDS
}

t.test('the work for a header grows no faster than its length', async (t) => {
  const { app, update } = await makeService(t, undefined, { allowedHosts: new Set(['a.example']) })
  for (const [name, make] of SHAPES) {
    const value = make(LENGTH)
    for (const header of UPDATE_HEADERS) {
      t.ok(await isQuick(async () => await update(updateBody(), { [header]: value })), `${header}: ${name}`)
    }
    for (const header of FILE_HEADERS) {
      const headers = { [header]: value }
      t.ok(
        await isQuick(async () => await app.inject({ url: '/docs/static/index.css', headers })), `${header}: ${name}`
      )
    }
  }
})

t.test('the work for an address grows no faster than its length', async (t) => {
  const { app } = await makeService(t)
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const names = [
    'limit', 'cursor', 'client_id', 'external_reference', 'token', 'since', 'at', 'amount', 'file_name', 'dry_run', 'x'
  ]
  for (const [name, make] of [...SHAPES, ['percent signs', (length: number) => '%2'.repeat(length / 2)] as const]) {
    const text = encodeURIComponent(make(LENGTH / 10))
    for (const url of [
      ...['/accounts', '/history', '/rates', '/rates/conversion', '/snapshots'].map((path) =>
        `/sandbox/v1${path}?${names.map((key) => `${key}=${text}`).join('&')}`),
      `/sandbox/v1/accounts/${text}`,
      `/sandbox/v1/snapshots/${text}`,
      `/nowhere?${make(LENGTH).replaceAll(' ', '+')}`,
      `http://a${'/'.repeat(LENGTH)}`,
      `/nowhere${'/'.repeat(LENGTH)}`,
      `/docs/static/${'../'.repeat(LENGTH / 3)}`,
      `/nowhere?${'a&'.repeat(LENGTH / 2)}`
    ]) {
      t.ok(await isQuick(async () => await app.inject({ url, headers })), `${name}: ${url.slice(0, 60)}`)
    }
  }
})
