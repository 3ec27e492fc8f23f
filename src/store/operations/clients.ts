import type { KeyKind } from '../../domain/api-key.js'
import { change, groupedReading, reading } from '../engine.js'
import type { ClientRecord } from '../port/clients.js'
import type { Page, PageRequest } from '../port/page.js'
import { all, bytes, eachFirst, eachRun, first, int8, run, sql, statement, text, type Operation } from '../sql.js'
import { pageOf } from './page.js'

interface ClientRow {
  client_id: bigint
  name: string
  created_at_ms: bigint
  paymentology_key_created_at_ms: bigint | null
  amlyze_key_created_at_ms: bigint | null
}

const SELECT_CLIENTS = sql`SELECT clients.client_id, name, clients.created_at_ms,
    paymentology.created_at_ms AS paymentology_key_created_at_ms, amlyze.created_at_ms AS amlyze_key_created_at_ms
  FROM clients
    LEFT JOIN api_keys AS paymentology
      ON paymentology.client_id = clients.client_id AND paymentology.kind = 'paymentology'
    LEFT JOIN api_keys AS amlyze ON amlyze.client_id = clients.client_id AND amlyze.kind = 'amlyze'`

const INSERT_KEY = statement`INSERT INTO api_keys (key_hash, kind, client_id, created_at_ms)
  VALUES (${bytes}, ${text}, ${int8}, ${int8})`

/** A key as it is stored. */
export interface NewKey {
  readonly keyHash: Buffer
  readonly kind: KeyKind
  readonly clientId: number
}

/** Stores keys of clients that are there and have none of their kind. */
export function * insertKeys (keys: readonly NewKey[], nowMs: number): Operation<void> {
  yield * eachRun(
    INSERT_KEY, keys.map(({ keyHash, kind, clientId }) => [keyHash, kind, BigInt(clientId), BigInt(nowMs)])
  )
}

/** A key as a request shows it. */
export interface ShownKey {
  readonly kind: KeyKind
  readonly keyHash: Buffer
}

const FIND_CLIENT = statement`SELECT client_id FROM api_keys WHERE key_hash = ${bytes} AND kind = ${text}`

/** Finds the client that each key of a kind belongs to, by the key's hash. */
export const findClientsByKeys = groupedReading(function * (
  keys: readonly ShownKey[]
): Operation<ReadonlyArray<number | undefined>> {
  const rows = yield * eachFirst<{ client_id: bigint }>(FIND_CLIENT, keys.map(({ kind, keyHash }) => [keyHash, kind]))
  return rows.map((row) => row && Number(row.client_id))
})

/** Makes a client with its X-API-KEY. @returns undefined, with nothing written, when there is one with this number */
export const createClient = change(function * (
  { nowMs }, { clientId, name, keyHash }: { readonly clientId: number, readonly name: string, readonly keyHash: Buffer }
): Operation<ClientRecord | undefined> {
  const made = yield * run(sql`INSERT INTO clients (client_id, name, created_at_ms)
    VALUES (${BigInt(clientId)}, ${name}, ${BigInt(nowMs)}) ON CONFLICT (client_id) DO NOTHING`)
  if (made === 0) return undefined
  yield * insertKeys([{ keyHash, kind: 'paymentology', clientId }], nowMs)
  return yield * findClient(clientId)
})

/** Lists the clients by their numbers. */
export const listClients = reading(function * (
  _context, { from = 1n, limit }: PageRequest
): Operation<Page<ClientRecord>> {
  const rows = yield * all<ClientRow>(
    sql`${SELECT_CLIENTS} WHERE clients.client_id >= ${from} ORDER BY clients.client_id LIMIT ${BigInt(limit + 1)}`)
  return pageOf(rows, limit, (row) => row.client_id, clientOf)
})

/**
 * Puts a key in the place of the client's key of this kind. A replaced or revoked key is deleted, and is then as
 * unknown as one that never was.
 *
 * @param keyHash undefined to leave the client without a key
 * @returns undefined when there is no such client
 */
export const replaceKey = change(function * (
  { nowMs }, clientId: number, kind: KeyKind, keyHash: Buffer | undefined
): Operation<ClientRecord | undefined> {
  if ((yield * findClient(clientId)) === undefined) return undefined
  yield * run(sql`DELETE FROM api_keys WHERE client_id = ${BigInt(clientId)} AND kind = ${kind}`)
  if (keyHash !== undefined) yield * insertKeys([{ keyHash, kind, clientId }], nowMs)
  return yield * findClient(clientId)
})

function * findClient (clientId: number): Operation<ClientRecord | undefined> {
  const row = yield * first<ClientRow>(sql`${SELECT_CLIENTS} WHERE clients.client_id = ${BigInt(clientId)}`)
  return row && clientOf(row)
}

function clientOf (row: ClientRow): ClientRecord {
  return {
    clientId: Number(row.client_id),
    name: row.name,
    createdAt: new Date(Number(row.created_at_ms)),
    keyCreatedAt: {
      paymentology: dateOf(row.paymentology_key_created_at_ms),
      amlyze: dateOf(row.amlyze_key_created_at_ms)
    }
  }
}

function dateOf (ms: bigint | null): Date | undefined {
  return ms === null ? undefined : new Date(Number(ms))
}
