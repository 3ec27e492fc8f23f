import type { Clock } from '../../clock.js'
import { findReportFault, type ReportedBalance } from '../../domain/reported-balance.js'
import type { BalanceReport, ReportedBalanceQuery, ReportedBalanceRecord, ReportedBalanceStore, ReportOutcome } from '../reported-balances.js'
import { NOTHING_AHEAD, prepareReadAccounts, type ReadAhead } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { prepareIncarnations } from './incarnations.js'
import { pageOf } from './page.js'
import { prepareRehearsal } from './rehearsal.js'

interface AccountRow {
  account_id: bigint
  incarnation: bigint
}

interface ReportedBalanceRow {
  reported_balance_id: bigint
  incarnation: bigint
  communication_number: string
  balance_type: string | null
  business_unit: string | null
  requester: string
  balance_at: string
  value: string
  equivalent_value: string | null
  reported_at_ms: bigint
}

/** Prepares the taking and the reading of reported balances. */
export function prepareReportedBalances (database: SqliteDatabase, clock: Clock, readAhead = NOTHING_AHEAD): ReportedBalanceStore {
  const report = prepareReportBalances(database, clock)
  const read = prepareReadReportedBalances(database, readAhead)
  return {
    reportBalances: async (balances) => report(balances),
    readReportedBalances: async (query) => read(query)
  }
}

/**
 * Prepares the taking of reports. One call is one transaction. Each report sees those before it, so that a number
 * that stands twice in one call is used once.
 */
function prepareReportBalances (database: SqliteDatabase, clock: Clock): (report: BalanceReport) => ReportOutcome[] {
  const isUsed = database.prepare<[number, string], bigint>(
    'SELECT EXISTS (SELECT 1 FROM reported_balances WHERE client_id = ? AND communication_number = ?)').pluck()
  const findAccount = database.prepare<[number, string], AccountRow>(
    'SELECT account_id, incarnation FROM accounts WHERE client_id = ? AND external_reference = ?')
  const insert = database.prepare(
    `INSERT INTO reported_balances (client_id, communication_number, account_id, incarnation, balance_type, business_unit, requester,
       balance_at, value, equivalent_value, reported_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const runOrRehearse = prepareRehearsal(database)

  function write (clientId: number, balance: ReportedBalance, { account_id: accountId, incarnation }: AccountRow, nowMs: number): void {
    const { communicationNumber, balanceType, businessUnit, requester, balanceAt, value, equivalentValue } = balance
    insert.run(clientId, communicationNumber, accountId, incarnation, balanceType, businessUnit, requester, balanceAt, value, equivalentValue, nowMs)
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

/** Where a page begins that does not begin with a report: `Z` is behind every instant, because digits sort before letters. */
const BEGINNING = { balance_at: 'Z', series: '', reported_balance_id: 0n }

const COLUMNS = `reported_balance_id, incarnation, communication_number, balance_type, business_unit, series, requester, balance_at, value,
  equivalent_value, reported_at_ms`

const OF_ACCOUNT = 'account_id = @accountId AND incarnation = @incarnation'

const SERIES = `SELECT ${COLUMNS} FROM reported_balances
  WHERE ${OF_ACCOUNT} AND (balance_at, reported_balance_id) <= (@balance_at, @reported_balance_id)
  ORDER BY balance_at DESC, reported_balance_id DESC LIMIT @rows`

/** The newest report of the first series that keeps a condition. */
const newestWhere = (condition: string): string => `SELECT reported_balance_id FROM reported_balances
  WHERE ${OF_ACCOUNT} AND ${condition}
  ORDER BY series, balance_at DESC, reported_balance_id DESC LIMIT 1`

/** Goes from series to series through their index, and reads one report of each, however many it has. */
const LATEST = `WITH RECURSIVE latest (id) AS (
    SELECT (${newestWhere('series >= @series')})
    UNION ALL SELECT (${newestWhere('series > last.series')})
    FROM latest JOIN reported_balances AS last ON last.reported_balance_id = latest.id
    LIMIT @rows)
  SELECT ${COLUMNS} FROM latest JOIN reported_balances ON reported_balance_id = latest.id ORDER BY series`

/** Prepares the reading of one page of what was reported about an account, and of the account as of the same moment. */
function prepareReadReportedBalances (database: SqliteDatabase, readAhead: ReadAhead): (query: ReportedBalanceQuery) => Awaited<ReturnType<ReportedBalanceStore['readReportedBalances']>> {
  const accounts = prepareReadAccounts(database, readAhead)
  const incarnations = prepareIncarnations(database)
  const views = { latest: database.prepare<[object], ReportedBalanceRow>(LATEST), series: database.prepare<[object], ReportedBalanceRow>(SERIES) }
  const findReport = database.prepare<[object], ReportedBalanceRow>(
    `SELECT ${COLUMNS} FROM reported_balances
     WHERE reported_balance_id = @from AND account_id = @accountId AND incarnation = coalesce(@incarnation, incarnation)`)

  return database.transaction(({ accountId, incarnation: wanted, view, page: { from, limit } }: ReportedBalanceQuery) => {
    const newest = incarnations.find(accountId, wanted)
    if (newest === undefined) return 'account-unknown'
    const first = from === undefined ? { ...BEGINNING, incarnation: newest.incarnation } : findReport.get({ from, accountId, incarnation: wanted })
    const account = first === undefined ? undefined : incarnations.find(accountId, Number(first.incarnation))
    if (account === undefined) return 'page-unknown'
    const { incarnation, currency, deletedAt } = account
    const standInBalance = deletedAt === undefined ? accounts.read(accountId)?.balances.actual : undefined
    // One more than wanted, to know whether there is a next page.
    const rows = views[view].all({ ...first, accountId, rows: limit + 1 })
    return { incarnation, currency, deletedAt, standInBalance, ...pageOf(rows, limit, (row) => row.reported_balance_id, recordOf) }
  })
}

function recordOf (row: ReportedBalanceRow): ReportedBalanceRecord {
  return {
    communicationNumber: row.communication_number,
    balanceType: row.balance_type ?? undefined,
    businessUnit: row.business_unit ?? undefined,
    requester: row.requester,
    balanceAt: row.balance_at,
    value: row.value,
    equivalentValue: row.equivalent_value ?? undefined,
    reportedAt: new Date(Number(row.reported_at_ms))
  }
}
