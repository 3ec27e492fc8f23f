import type { Currency } from '../../domain/currency.js'
import type { ReportedBalance, ReportFault, ReportLists } from '../../domain/reported-balance.js'
import type { AccountIncarnation } from './accounts.js'
import type { Page, PageRequest } from './page.js'

/** Balances that one client reports, in one call. */
export interface BalanceReport {
  readonly clientId: number
  /** Each is taken or rejected by itself, in this order. */
  readonly balances: readonly ReportedBalance[]
  readonly lists: ReportLists
  /** Whether the outcome is all that is wanted, and everything written for it is to be taken back. */
  readonly dryRun: boolean
}

/** Asks for one page of what was reported about an account. */
export interface ReportedBalanceQuery {
  readonly accountId: bigint
  /** Which of the accounts that ever had the number; undefined for the newest. */
  readonly incarnation: number | undefined
  /**
   * The newest of each balance type and business unit, in the order of these; or all of them, the newest balance first
   * and of two for one moment the one that came later.
   */
  readonly view: 'latest' | 'series'
  readonly page: PageRequest
}

/** A reported balance as it is read. */
export interface ReportedBalanceRecord extends Omit<ReportedBalance, 'externalReference'> {
  readonly reportedAt: Date
}

/** One page of reported balances, and the account as of the same moment. */
export interface ReportedBalancePage extends Page<ReportedBalanceRecord>, AccountIncarnation {
  /** The account's, in whose major units the values are. */
  readonly currency: Currency
  /** The account's actual balance, in minor units; undefined when it was deleted. */
  readonly standInBalance: bigint | undefined
}

export interface ReportedBalanceStore {
  /**
   * Takes what a client reports to its AML monitor, in one transaction. It never changes the balances of an account.
   *
   * @returns what became of each reported balance, in their order: undefined when it was accepted
   */
  reportBalances (report: BalanceReport): Promise<ReadonlyArray<ReportFault | undefined>>
  /**
   * @returns `account-unknown` when there never was such an account; `page-unknown` when the page would begin with what
   *   is no report about it
   */
  readReportedBalances (query: ReportedBalanceQuery): Promise<ReportedBalancePage | 'account-unknown' | 'page-unknown'>
}
