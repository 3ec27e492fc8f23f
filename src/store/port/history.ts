import type { Currency } from '../../domain/currency.js'
import type { Balances } from '../../domain/money.js'
import type { AccountIncarnation } from './accounts.js'
import type { OperationSource } from './balance-updates.js'
import type { Page, PageRequest } from './page.js'

/** Who and what changed balances. */
export interface OperationRecord {
  readonly operationId: bigint
  readonly source: OperationSource
  readonly clientId: number | undefined
  readonly identifier: string | undefined
  /** The balance file's, as its administrative message has it. */
  readonly jobId: number | undefined
  /** Of a decision, and of a SHADOW: the payment's. */
  readonly tid: bigint | undefined
  readonly userId: string | undefined
  readonly remarks: string | undefined
  readonly reason: string | undefined
  readonly createdAt: Date
}

/** One change of one account's balances. */
export interface ChangeRecord {
  readonly changeId: bigint
  readonly accountId: bigint
  /** The account's, in whose minor units `previous` and `next` are. */
  readonly currency: Currency
  readonly operation: OperationRecord
  /** The place in the operation's list, from 0; of a balance file, the line in it. */
  readonly itemIndex: number
  /** The balance file's. */
  readonly recordId: string | undefined
  /** Undefined for the balances that an account began with. */
  readonly previous: Balances | undefined
  readonly next: Balances
  /** As sent, in minor units of `sentCurrency`. */
  readonly sent: Balances
  readonly sentCurrency: Currency
  /** The exact rate, as `formatRate` writes it. */
  readonly rate: string
  /** From when on the oldest of its rates holds. Undefined without a conversion. */
  readonly rateEffectiveAt: Date | undefined
  /** The payments whose holds the change wiped: its sender did not know of them. */
  readonly lostHolds: readonly bigint[]
}

/** A part of an account's history, newest first. */
export interface AccountHistory extends Page<ChangeRecord>, AccountIncarnation {}

/** What one request did. */
export interface RequestRecord {
  readonly operation: OperationRecord
  /** The body of its answer, as it went out. */
  readonly answer: string
  /** In the order of the request. */
  readonly changes: readonly ChangeRecord[]
}

export interface HistoryStore {
  /**
   * Reads the history of one of the accounts that ever had a number.
   *
   * @param incarnation which of them; without it, the newest on a first page, and on any other the one that the page is
   *   of
   * @returns `account-unknown` when there never was such an account; `page-unknown` when no change of it
   *   begins the page
   */
  readHistory (
    accountId: bigint, page: PageRequest, incarnation?: number
  ): Promise<AccountHistory | 'account-unknown' | 'page-unknown'>
  /** @returns undefined when the client has sent no request with this identifier that was answered */
  readOperation (clientId: number, identifier: string): Promise<RequestRecord | undefined>
}
