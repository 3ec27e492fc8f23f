import type { ChangeRecord, HistoryStore, OperationRecord, RequestRecord } from '../history.js'
import type { PageRequest } from '../page.js'
import type { OperationSource } from '../store.js'
import { prepareCurrencyOf, type CurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { prepareIncarnations } from './incarnations.js'
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

interface ChangeRow extends OperationRow {
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

const SELECT_CHANGES = `SELECT change_id, account_id, currency, previous_change_id, item_index, record_id, previous_actual, previous_blocked,
    actual, blocked, sent_actual, sent_blocked, sent_currency, rate, ${OPERATION_COLUMNS}
  FROM balance_changes JOIN operations USING (operation_id)`

/** Prepares the reading of what happened: of an account by walking its chain, and of a request by its operation. */
export function prepareReadHistory (database: SqliteDatabase): HistoryStore {
  const incarnations = prepareIncarnations(database)
  const findChange = database.prepare<[bigint], ChangeRow>(`${SELECT_CHANGES} WHERE change_id = ?`)
  const findChanges = database.prepare<[bigint], ChangeRow>(`${SELECT_CHANGES} WHERE operation_id = ? ORDER BY change_id`)
  const findOperation = database.prepare<[number, string], OperationRow & { answer_body: string }>(
    `SELECT ${OPERATION_COLUMNS}, answer_body FROM operations WHERE client_id = ? AND identifier = ? AND answer_body IS NOT NULL`)
  const currencyOf = prepareCurrencyOf(database)
  const changeOf = (row: ChangeRow): ChangeRecord => changeOfRow(row, currencyOf)

  /** Walks from a change to the ones before it. One that is no longer kept ends the walk. */
  function walk (from: bigint, count: number): ChangeRow[] {
    const rows: ChangeRow[] = []
    let row = findChange.get(from)
    while (row !== undefined && rows.length < count) {
      rows.push(row)
      row = row.previous_change_id === null ? undefined : findChange.get(row.previous_change_id)
    }
    return rows
  }

  const readHistory = database.transaction((accountId: bigint, { from, limit }: PageRequest, wanted?: number): Awaited<ReturnType<HistoryStore['readHistory']>> => {
    const newest = incarnations.find(accountId, wanted)
    if (newest === undefined) return 'account-unknown'
    const account = from === undefined ? newest : incarnations.findByChange(accountId, from)
    if (account === undefined || account.incarnation !== (wanted ?? account.incarnation)) return 'page-unknown'
    const rows = walk(from ?? account.lastChangeId, limit + 1)
    if (from !== undefined && rows[0]?.account_id !== accountId) return 'page-unknown'
    const { incarnation, deletedAt } = account
    return { incarnation, deletedAt, ...pageOf(rows, limit, (row) => row.change_id, changeOf) }
  })

  const readRequest = database.transaction((clientId: number, identifier: string): RequestRecord | undefined => {
    const row = findOperation.get(clientId, identifier)
    if (row === undefined) return undefined
    return { operation: operationOf(row), answer: row.answer_body, changes: findChanges.all(row.operation_id).map(changeOf) }
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

function changeOfRow (row: ChangeRow, currencyOf: CurrencyOf): ChangeRecord {
  const { previous_actual: previousActual, previous_blocked: previousBlocked } = row
  return {
    changeId: row.change_id,
    accountId: row.account_id,
    currency: currencyOf(row.currency),
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
