import { reading, type Context } from '../engine.js'
import type { OperationSource } from '../port/balance-updates.js'
import type { AccountHistory, ChangeRecord, OperationRecord, RequestRecord } from '../port/history.js'
import type { PageRequest } from '../port/page.js'
import { all, first, sql, type Operation } from '../sql.js'
import { findIncarnation } from './incarnations.js'
import { balancesOf } from './known-accounts.js'
import { pageOf } from './page.js'

interface OperationRow {
  operation_id: bigint
  source: OperationSource
  client_id: bigint | null
  identifier: string | null
  job_id: bigint | null
  tid: bigint | null
  user_id: string | null
  remarks: string | null
  reason: string | null
  created_at_ms: bigint
}

interface ChangeRow extends OperationRow {
  change_id: bigint
  account_id: bigint
  incarnation: bigint
  previous_change_id: bigint | null
  item_index: bigint
  record_id: string | null
  currency: string
  previous_actual: bigint | null
  previous_blocked: bigint | null
  actual: bigint
  blocked: bigint
  sent_actual: bigint
  sent_blocked: bigint
  sent_currency: string
  rate: string
  rate_effective_at_ms: bigint | null
  lost_holds: string | null
}

const OPERATION_COLUMNS =
  sql`operation_id, source, client_id, identifier, job_id, tid, user_id, remarks, reason, created_at_ms`

const SELECT_CHANGES = sql`SELECT change_id, account_id, incarnation, previous_change_id, item_index, record_id,
    currency, previous_actual, previous_blocked, actual, blocked, sent_actual, sent_blocked, sent_currency, rate,
    rate_effective_at_ms, lost_holds, ${OPERATION_COLUMNS}
  FROM balance_changes JOIN operations USING (operation_id)`

/**
 * Reads the history of one of the accounts that ever had a number, newest first, along the chain of its changes.
 *
 * @param wanted which of the accounts; without it, the newest on a first page, and on any other the one of the page
 */
export const readHistory = reading(function * (
  context, accountId: bigint, { from, limit }: PageRequest, wanted?: number
): Operation<AccountHistory | 'account-unknown' | 'page-unknown'> {
  const newest = yield * findIncarnation(accountId, wanted, context)
  if (newest === undefined) return 'account-unknown'
  const rows = yield * walk(from ?? newest.lastChangeId, accountId, limit + 1)
  const [begin] = rows
  if (begin === undefined) return 'page-unknown'
  const account = yield * findIncarnation(accountId, Number(begin.incarnation), context)
  if (account === undefined || account.incarnation !== (wanted ?? account.incarnation)) return 'page-unknown'
  const { incarnation, deletedAt } = account
  return { incarnation, deletedAt, ...pageOf(rows, limit, (row) => row.change_id, (row) => changeOf(row, context)) }
})

/** Walks from a change of an account to those before it. One that was pruned ends the walk. */
function * walk (from: bigint, accountId: bigint, count: number): Operation<ChangeRow[]> {
  return yield * all<ChangeRow>(sql`WITH RECURSIVE chain (id, place) AS (
      SELECT change_id, 1 FROM balance_changes WHERE change_id = ${from} AND account_id = ${accountId}
      UNION ALL SELECT change.previous_change_id, chain.place + 1
      FROM chain JOIN balance_changes AS change ON change.change_id = chain.id
      WHERE chain.place < ${BigInt(count)} AND change.previous_change_id IS NOT NULL)
    ${SELECT_CHANGES} JOIN chain ON chain.id = balance_changes.change_id ORDER BY chain.place`)
}

/** @returns undefined when the client has sent no request with this identifier that was answered */
export const readOperation = reading(function * (
  context, clientId: number, identifier: string
): Operation<RequestRecord | undefined> {
  const row = yield * first<OperationRow & { answer_body: string }>(sql`SELECT ${OPERATION_COLUMNS}, answer_body
    FROM operations WHERE client_id = ${BigInt(clientId)} AND identifier = ${identifier} AND answer_body IS NOT NULL`)
  if (row === undefined) return undefined
  const changes = yield * all<ChangeRow>(
    sql`${SELECT_CHANGES} WHERE balance_changes.operation_id = ${row.operation_id} ORDER BY change_id`)
  return {
    operation: operationOf(row), answer: row.answer_body, changes: changes.map((change) => changeOf(change, context))
  }
})

function operationOf (row: OperationRow): OperationRecord {
  return {
    operationId: row.operation_id,
    source: row.source,
    clientId: row.client_id === null ? undefined : Number(row.client_id),
    identifier: row.identifier ?? undefined,
    jobId: row.job_id === null ? undefined : Number(row.job_id),
    tid: row.tid ?? undefined,
    userId: row.user_id ?? undefined,
    remarks: row.remarks ?? undefined,
    reason: row.reason ?? undefined,
    createdAt: new Date(Number(row.created_at_ms))
  }
}

function changeOf (row: ChangeRow, { currencyOf }: Context): ChangeRecord {
  const { previous_actual: previousActual, previous_blocked: previousBlocked } = row
  return {
    changeId: row.change_id,
    accountId: row.account_id,
    currency: currencyOf(row.currency),
    operation: operationOf(row),
    itemIndex: Number(row.item_index),
    recordId: row.record_id ?? undefined,
    previous: previousActual === null || previousBlocked === null
      ? undefined
      : { actual: previousActual, blocked: previousBlocked },
    next: balancesOf(row),
    sent: { actual: row.sent_actual, blocked: row.sent_blocked },
    sentCurrency: currencyOf(row.sent_currency),
    rate: row.rate,
    rateEffectiveAt: row.rate_effective_at_ms === null ? undefined : new Date(Number(row.rate_effective_at_ms)),
    lostHolds: row.lost_holds?.split(',').map(BigInt) ?? []
  }
}
