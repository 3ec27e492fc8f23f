import pg from 'pg'
import { startPostgresServer, type PostgresServer } from './postgres-server.js'

let server: Promise<PostgresServer> | undefined

/** Tells whether this run of the tests has a PostgreSQL server. */
export function hasSharedPostgres (): boolean {
  return process.env['STIP_TEST_POSTGRES'] !== 'none'
}

/** Gives the server that all tests share: that of the whole run, or one that ends with the tests of this process. */
export async function sharedPostgresUrl (): Promise<string> {
  const { STIP_TEST_POSTGRES: given } = process.env
  if (!hasSharedPostgres()) {
    throw new Error('this file needs PostgreSQL: add it to NEEDS_POSTGRES in test/suite.js')
  }
  if (given !== undefined) return given
  if (server === undefined) {
    server = startPostgresServer()
    // Only here: the long forms of tests import this file, too, and tap would end them after its time.
    const { default: t } = await import('tap')
    t.teardown(async () => { await (await server)?.stop() })
  }
  return (await server).url
}

let schemas = 0

/** Places whose tests have ended, with their tables. To empty them takes less time than to make them. */
const free: string[] = []

const TABLES = [
  'events',
  'holds', 'advices', 'messages', 'transactions', 'stand_in_rules', 'issuer_transitions', 'client_issuers',
  'client_stand_in',
  'requests', 'reported_balances', 'balance_file_failures', 'balance_file_accounts', 'balance_file_records',
  'balance_files', 'balance_file_names', 'snapshot_balances', 'snapshots', 'balance_changes', 'operations', 'rates',
  'pruned_accounts', 'deleted_accounts', 'tokens', 'balances', 'accounts', 'api_keys', 'clients'
]

const EMPTY = [
  ...TABLES.map((table) => `DELETE FROM ${table}`),
  'UPDATE sequences SET last_number = 0', 'UPDATE pruning SET before_operation_id = 0'
].join('; ')

async function execute (url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

let cleaner: Promise<pg.Client> | undefined

/** Connects once for all places: a new connection reads anew what the catalogs say of each table. */
async function connectCleaner (url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { default: t } = await import('tap')
  t.teardown(async () => { await client.end() })
  return client
}

/** Gives an empty place of the test's own in the shared server. @returns the URL that leads there */
export async function takePostgresPlace (): Promise<string> {
  const place = free.pop()
  if (place === undefined) return await makeEmptyPostgresPlace()
  cleaner ??= connectCleaner(await sharedPostgresUrl())
  const [schema] = /place_\w+$/.exec(place) as RegExpExecArray
  await (await cleaner).query(`SET search_path = ${schema}; ${EMPTY}`)
  return place
}

/** Makes a place without tables. @returns the URL that leads there */
export async function makeEmptyPostgresPlace (): Promise<string> {
  const url = await sharedPostgresUrl()
  const schema = `place_${process.pid}_${schemas += 1}`
  await execute(url, `CREATE SCHEMA ${schema}`)
  return `${url}?options=-csearch_path%3D${schema}`
}

/** Gives a place back, to be used by another test. Nobody is connected to it any more. */
export function returnPostgresPlace (url: string): void {
  free.push(url)
}
