import type { Clock } from '../../clock.js'
import { formatDecimal, parseDecimal, type Decimal } from '../../domain/decimal.js'
import { findReportFault, type ReportedBalance } from '../../domain/reported-balance.js'
import type { BalanceReport, ReportedBalancePage, ReportedBalancePlace, ReportedBalanceQuery, ReportedBalanceRecord, ReportedBalanceStore, ReportOutcome } from '../reported-balances.js'
import { prepareReadAccounts } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { prepareRehearsal } from './rehearsal.js'
import { currencyOf } from './rows.js'

interface AccountRow {
  account_id: bigint
  currency: string
}

interface ReportedBalanceRow {
  reported_balance_id: bigint
  communication_number: string
  currency: string
  balance_type: string | null
  business_unit: string | null
  requester: string
  balance_at: string
  value: string
  equivalent_value: string | null
  reported_at_ms: bigint
}

/** Prepares the taking and the reading of reported balances. */
export function prepareReportedBalances (database: SqliteDatabase, clock: Clock): ReportedBalanceStore {
  const report = prepareReportBalances(database, clock)
  const read = prepareReadReportedBalances(database)
  return {
    reportBalances: async (balances) => report(balances),
    readReportedBalances: async (query) => read(query)
  }
}

/** What the statement of a page is run with. */
interface PageParameters extends ReportedBalancePlace {
  readonly accountId: bigint
  readonly clientId: number
  readonly rows: number
}

/**
 * Prepares the taking of reports. One call is one transaction. Each report sees those before it, so that a number
 * that stands twice in one call is used once.
 */
function prepareReportBalances (database: SqliteDatabase, clock: Clock): (report: BalanceReport) => ReportOutcome[] {
  const isUsed = database.prepare<[number, string], bigint>(
    'SELECT EXISTS (SELECT 1 FROM reported_balances WHERE client_id = ? AND communication_number = ?)').pluck()
  const findAccount = database.prepare<[number, string], AccountRow>(
    'SELECT account_id, currency FROM accounts WHERE client_id = ? AND external_reference = ?')
  const insert = database.prepare(
    `INSERT INTO reported_balances (client_id, communication_number, account_id, currency, balance_type, business_unit, requester,
       balance_at, value, equivalent_value, reported_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const runOrRehearse = prepareRehearsal(database)

  function write (clientId: number, balance: ReportedBalance, { account_id: accountId, currency }: AccountRow, nowMs: number): void {
    const { communicationNumber, balanceType, businessUnit, requester, balanceAt, value, equivalentValue } = balance
    insert.run(clientId, communicationNumber, accountId, currency, balanceType, businessUnit, requester,
      balanceAt, formatDecimal(value), equivalentValue === undefined ? undefined : formatDecimal(equivalentValue), nowMs)
  }

  function take ({ clientId, lists }: BalanceReport, balance: ReportedBalance): ReportOutcome {
    const startedMs = clock().getTime()
    const account = findAccount.get(clientId, balance.externalReference)
    const fault = findReportFault(balance, lists, {
      isNumberUsed: isUsed.get(clientId, balance.communicationNumber) === 1n,
      isAccountKnown: account !== undefined
    })
    if (fault === undefined) write(clientId, balance, account as AccountRow, startedMs) // Known, or there were a fault.
    return { fault, elapsedMs: Math.max(0, clock().getTime() - startedMs) }
  }

  return database.transaction((report: BalanceReport) =>
    runOrRehearse(report.dryRun, () => report.balances.map((balance) => take(report, balance)))).immediate
}

/** Where the first page begins: behind every instant, because digits sort before letters. */
const NEWEST = { balanceAt: 'Z', id: 0n }

/**
 * Prepares the reading of one page of what was reported about an account by the client that it belongs to, the
 * newest balance first, and the account as of the same moment.
 */
function prepareReadReportedBalances (database: SqliteDatabase): (query: ReportedBalanceQuery) => ReportedBalancePage | undefined {
  const accounts = prepareReadAccounts(database)
  const isLatest = `reported_balance_id IN (
    SELECT reported_balance_id FROM (
      SELECT reported_balance_id, row_number() OVER (
        PARTITION BY balance_type, business_unit ORDER BY balance_at DESC, reported_balance_id DESC) AS age
      FROM reported_balances WHERE account_id = @accountId AND client_id = @clientId)
    WHERE age = 1)`
  const prepareView = (condition: string) => database.prepare<[PageParameters], ReportedBalanceRow>(
    `SELECT reported_balance_id, communication_number, currency, balance_type, business_unit, requester, balance_at, value,
       equivalent_value, reported_at_ms
     FROM reported_balances
     WHERE account_id = @accountId AND client_id = @clientId AND (balance_at, reported_balance_id) < (@balanceAt, @id) AND ${condition}
     ORDER BY balance_at DESC, reported_balance_id DESC LIMIT @rows`)
  const views = { latest: prepareView(isLatest), series: prepareView('TRUE') }

  return database.transaction(({ accountId, view, before = NEWEST, limit }: ReportedBalanceQuery) => {
    const account = accounts.read(accountId)
    if (account === undefined) return undefined
    // One more than wanted, to know whether there is a next page.
    const rows = views[view].all({ accountId, clientId: account.clientId, ...before, rows: limit + 1 })
    return { account, balances: rows.slice(0, limit).map(recordOf), hasMore: rows.length > limit }
  })
}

function recordOf (row: ReportedBalanceRow): ReportedBalanceRecord {
  return {
    id: row.reported_balance_id,
    communicationNumber: row.communication_number,
    currency: currencyOf(row.currency),
    balanceType: row.balance_type ?? undefined,
    businessUnit: row.business_unit ?? undefined,
    requester: row.requester,
    balanceAt: row.balance_at,
    value: decimalOf(row.value),
    equivalentValue: row.equivalent_value === null ? undefined : decimalOf(row.equivalent_value),
    reportedAt: new Date(Number(row.reported_at_ms))
  }
}

/** The database holds what `formatDecimal` wrote. */
function decimalOf (text: string): Decimal {
  return parseDecimal(text) as Decimal
}
