import type { ChangeRecord, HistoryStore, OperationRecord, RequestRecord } from '../history.js'
import type { PageRequest } from '../page.js'
import type { OperationSource } from '../store.js'
import { NOTHING_AHEAD } from './account-rows.js'
import { prepareCurrencyOf, type CurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { prepareIncarnations } from './incarnations.js'
import { unpackChanges } from './packed-changes.js'
import { pageOf } from './page.js'

interface OperationRow {
  operation_id: bigint
  source: OperationSource
  client_id: bigint | null
  identifier: string | null
  job_id: bigint | null
  user_id: string | null
  remarks: string | null
  reason: string | null
  created_at_ms: bigint
}

interface SingleRow extends OperationRow {
  change_id: bigint
  account_id: bigint
  currency: string
  previous_change_id: bigint | null
  item_index: bigint
  record_id: string | null
  previous_actual: bigint | null
  previous_blocked: bigint | null
  actual: bigint
  blocked: bigint
  sent_actual: bigint
  sent_blocked: bigint
  sent_currency: string
  rate: string
}

const OPERATION_COLUMNS = 'operation_id, source, client_id, identifier, job_id, user_id, remarks, reason, created_at_ms'

interface PackedRow extends OperationRow {
  first_change_id: bigint
  changes: Buffer
}

/** A change, and the account's newest one before it. */
interface LinkedChange extends ChangeRecord {
  readonly previousChangeId: bigint | undefined
}

const SELECT_SINGLES = `SELECT change_id, account_id, currency, previous_change_id, item_index, record_id, previous_actual, previous_blocked,
    actual, blocked, sent_actual, sent_blocked, sent_currency, rate, ${OPERATION_COLUMNS}
  FROM single_changes JOIN operations USING (operation_id)`

const SELECT_PACKED = `SELECT first_change_id, changes, ${OPERATION_COLUMNS} FROM packed_changes JOIN operations USING (operation_id)`

/** Prepares the reading of what happened: of an account by walking its chain, and of a request by its operation. */
export function prepareReadHistory (database: SqliteDatabase, readAhead = NOTHING_AHEAD): HistoryStore {
  const incarnations = prepareIncarnations(database, readAhead)
  const findSingle = database.prepare<[bigint], SingleRow>(`${SELECT_SINGLES} WHERE change_id = ?`)
  const findPacked = database.prepare<[bigint], PackedRow>(`${SELECT_PACKED} WHERE first_change_id <= ? ORDER BY first_change_id DESC LIMIT 1`)
  const findSingles = database.prepare<[bigint], SingleRow>(`${SELECT_SINGLES} WHERE operation_id = ? ORDER BY change_id`)
  const findAllPacked = database.prepare<[bigint], PackedRow>(`${SELECT_PACKED} WHERE operation_id = ?`)
  const findOperation = database.prepare<[number, string], OperationRow & { answer_body: string }>(
    `SELECT ${OPERATION_COLUMNS}, answer_body FROM operations WHERE client_id = ? AND identifier = ? AND answer_body IS NOT NULL`)
  const currencyOf = prepareCurrencyOf(database)

  const changeOf = (row: SingleRow): LinkedChange => changeOfRow(row, currencyOf)

  const changesOf = (row: PackedRow): LinkedChange[] => unpackChanges(row.changes, currencyOf).map((change, place) =>
    ({ ...change, changeId: row.first_change_id + BigInt(place), operation: operationOf(row), recordId: undefined, sent: change.next, sentCurrency: change.currency, rate: '1' }))

  function findChange (changeId: bigint): LinkedChange | undefined {
    const single = findSingle.get(changeId)
    if (single !== undefined) return changeOf(single)
    const packed = findPacked.get(changeId)
    return packed && changesOf(packed)[Number(changeId - packed.first_change_id)]
  }

  /** Walks from a change to the ones before it. One that is no longer kept ends the walk. */
  function walk (from: bigint, count: number): LinkedChange[] {
    const changes: LinkedChange[] = []
    let change = findChange(from)
    while (change !== undefined && changes.length < count) {
      changes.push(change)
      change = change.previousChangeId === undefined ? undefined : findChange(change.previousChangeId)
    }
    return changes
  }

  const readHistory = database.transaction((accountId: bigint, { from, limit }: PageRequest, wanted?: number): Awaited<ReturnType<HistoryStore['readHistory']>> => {
    const newest = incarnations.find(accountId, wanted)
    if (newest === undefined) return 'account-unknown'
    const account = from === undefined ? newest : incarnations.findByChange(accountId, from)
    if (account === undefined || account.incarnation !== (wanted ?? account.incarnation)) return 'page-unknown'
    const changes = walk(from ?? account.lastChangeId, limit + 1)
    if (from !== undefined && changes[0]?.accountId !== accountId) return 'page-unknown'
    const { incarnation, deletedAt } = account
    return { incarnation, deletedAt, ...pageOf(changes, limit, ({ changeId }) => changeId, withoutLink) }
  })

  const readRequest = database.transaction((clientId: number, identifier: string): RequestRecord | undefined => {
    const row = findOperation.get(clientId, identifier)
    if (row === undefined) return undefined
    const changes = [...findSingles.all(row.operation_id).map(changeOf), ...findAllPacked.all(row.operation_id).flatMap(changesOf)]
    return { operation: operationOf(row), answer: row.answer_body, changes: changes.map(withoutLink) }
  })

  return {
    readHistory: async (accountId, page, incarnation) => readHistory(accountId, page, incarnation),
    readRequest: async (clientId, identifier) => readRequest(clientId, identifier)
  }
}

function operationOf (row: OperationRow): OperationRecord {
  return {
    operationId: row.operation_id,
    source: row.source,
    clientId: row.client_id === null ? undefined : Number(row.client_id),
    identifier: row.identifier ?? undefined,
    jobId: row.job_id === null ? undefined : Number(row.job_id),
    userId: row.user_id ?? undefined,
    remarks: row.remarks ?? undefined,
    reason: row.reason ?? undefined,
    createdAt: new Date(Number(row.created_at_ms))
  }
}

/** Takes off what leads from change to change: it is nobody else's business. */
function withoutLink ({ previousChangeId, ...change }: LinkedChange): ChangeRecord {
  return change
}

function changeOfRow (row: SingleRow, currencyOf: CurrencyOf): LinkedChange {
  const { previous_actual: previousActual, previous_blocked: previousBlocked } = row
  return {
    changeId: row.change_id,
    accountId: row.account_id,
    currency: currencyOf(row.currency),
    previousChangeId: row.previous_change_id ?? undefined,
    operation: operationOf(row),
    itemIndex: Number(row.item_index),
    recordId: row.record_id ?? undefined,
    previous: previousActual === null || previousBlocked === null ? undefined : { actual: previousActual, blocked: previousBlocked },
    next: { actual: row.actual, blocked: row.blocked },
    sent: { actual: row.sent_actual, blocked: row.sent_blocked },
    sentCurrency: currencyOf(row.sent_currency),
    rate: row.rate
  }
}
