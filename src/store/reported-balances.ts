import type { Currency } from '../domain/currency.js'
import type { Instant } from '../domain/instant.js'
import type { ReportedBalance, ReportFault, ReportLists } from '../domain/reported-balance.js'
import type { AccountRecord } from './accounts.js'

/** Balances that one client reports, in one call. */
export interface BalanceReport {
  readonly clientId: number
  /** Each is taken or rejected by itself, in this order. */
  readonly balances: readonly ReportedBalance[]
  readonly lists: ReportLists
  /** Whether the outcome is all that is wanted, and everything written for it is to be taken back. */
  readonly dryRun: boolean
}

/** What became of one reported balance. */
export interface ReportOutcome {
  /** Undefined when it was accepted. */
  readonly fault: ReportFault | undefined
  readonly elapsedMs: number
}

/** A place in the order of reported balances: by the moment of the balance, then by the order of arrival. */
export interface ReportedBalancePlace {
  readonly balanceAt: Instant
  readonly id: bigint
}

/** Asks for one page of what was reported about an account, the newest balance first. */
export interface ReportedBalanceQuery {
  readonly accountId: bigint
  /** The newest of each balance type and business unit, or all of them. */
  readonly view: 'latest' | 'series'
  /** The last place of the page before. */
  readonly before?: ReportedBalancePlace | undefined
  /** At most so many. */
  readonly limit: number
}

/** A reported balance as it is read. */
export interface ReportedBalanceRecord extends Omit<ReportedBalance, 'externalReference'>, ReportedBalancePlace {
  /** The account's when the report came. An account number that was given anew may have another one now. */
  readonly currency: Currency
  readonly reportedAt: Date
}

/** One page of reported balances, and the account as of the same moment. */
export interface ReportedBalancePage {
  readonly account: AccountRecord
  readonly balances: readonly ReportedBalanceRecord[]
  readonly hasMore: boolean
}

export interface ReportedBalanceStore {
  /** Takes what a client reports to its AML monitor. It never changes the balances of an account. */
  reportBalances (report: BalanceReport): Promise<ReportOutcome[]>
  /** @returns undefined when there is no such account */
  readReportedBalances (query: ReportedBalanceQuery): Promise<ReportedBalancePage | undefined>
}
