import type { KeyKind } from '../../domain/api-key.js'
import type { ClientRecord, ClientStore } from '../clients.js'
import type { PageRequest } from '../page.js'
import type { SqliteDatabase } from './database.js'
import { pageOf } from './page.js'

interface ClientRow {
  client_id: bigint
  name: string
  created_at_ms: bigint
  paymentology_key_created_at_ms: bigint | null
  amlyze_key_created_at_ms: bigint | null
}

const SELECT_CLIENTS = `SELECT client_id, name, clients.created_at_ms,
    max(api_keys.created_at_ms) FILTER (WHERE kind = 'paymentology') AS paymentology_key_created_at_ms,
    max(api_keys.created_at_ms) FILTER (WHERE kind = 'amlyze') AS amlyze_key_created_at_ms
  FROM clients LEFT JOIN api_keys USING (client_id)`

/**
 * Prepares what is done with clients and their keys. A revoked key is deleted, and is then as unknown as one that never was.
 *
 * The requests that the event loop has read in one turn come at the same time, mostly with the same key. So a key that was found
 * is looked up once a turn, and again when this process has changed one. What another process does to keys counts from the next
 * turn on.
 */
export function prepareClients (database: SqliteDatabase, now: () => number): ClientStore {
  const findByKey = database.prepare<[Buffer, KeyKind], bigint>('SELECT client_id FROM api_keys WHERE key_hash = ? AND kind = ?').pluck()
  const find = database.prepare<[number], ClientRow>(`${SELECT_CLIENTS} WHERE client_id = ? GROUP BY client_id`)
  const list = database.prepare<[bigint, number], ClientRow>(
    `${SELECT_CLIENTS} WHERE client_id >= ? GROUP BY client_id ORDER BY client_id LIMIT ?`)
  const insertClient = database.prepare('INSERT INTO clients (client_id, name, created_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const insertKey = database.prepare('INSERT INTO api_keys (key_hash, kind, client_id, created_at_ms) VALUES (?, ?, ?, ?)')
  const deleteKey = database.prepare('DELETE FROM api_keys WHERE client_id = ? AND kind = ?')
  const foundThisTurn = new Map<string, number>()

  function findClientByKey (kind: KeyKind, keyHash: Buffer): number | undefined {
    const name = `${kind} ${keyHash.toString('latin1')}`
    const known = foundThisTurn.get(name)
    if (known !== undefined) return known
    const row = findByKey.get(keyHash, kind)
    if (row === undefined) return undefined
    const clientId = Number(row)
    if (foundThisTurn.size === 0) setImmediate(() => { foundThisTurn.clear() })
    foundThisTurn.set(name, clientId)
    return clientId
  }

  function read (clientId: number): ClientRecord | undefined {
    const row = find.get(clientId)
    return row === undefined ? undefined : clientOf(row)
  }

  const create = database.transaction((clientId: number, name: string, keyHash: Buffer) => {
    if (insertClient.run(clientId, name, now()).changes === 0) return undefined
    insertKey.run(keyHash, 'paymentology', clientId, now())
    return read(clientId)
  })

  const replaceKey = database.transaction((clientId: number, kind: KeyKind, keyHash: Buffer | undefined) => {
    if (read(clientId) === undefined) return undefined
    deleteKey.run(clientId, kind)
    if (keyHash !== undefined) insertKey.run(keyHash, kind, clientId, now())
    return read(clientId)
  })

  return {
    findClientByKey: async (kind, keyHash) => findClientByKey(kind, keyHash),
    createClient: async ({ clientId, name, keyHash }) => create.immediate(clientId, name, keyHash),
    listClients: async ({ from = 1n, limit }: PageRequest) =>
      pageOf(list.all(from, limit + 1), limit, (row) => row.client_id, clientOf),
    replaceKey: async (clientId, kind, keyHash) => {
      foundThisTurn.clear()
      return replaceKey.immediate(clientId, kind, keyHash)
    }
  }
}

function clientOf (row: ClientRow): ClientRecord {
  return {
    clientId: Number(row.client_id),
    name: row.name,
    createdAt: new Date(Number(row.created_at_ms)),
    keyCreatedAt: { paymentology: dateOf(row.paymentology_key_created_at_ms), amlyze: dateOf(row.amlyze_key_created_at_ms) }
  }
}

function dateOf (ms: bigint | null): Date | undefined {
  return ms === null ? undefined : new Date(Number(ms))
}
