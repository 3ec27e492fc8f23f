import type { BalanceFileRecord, RecordFailure } from './balance-file.js'
import {
  planBalanceUpdate, sameBalances, type Account, type InputType, type PlannedItem, type PlannedUpdate
} from './balance-update.js'
import type { RateLookup } from './exchange.js'
import { unawareAfter } from './holds.js'
import type { Balances } from './money.js'

/** An account that a file may set: one of those that ever had its number. */
export interface FileAccount extends Account {
  /** 1 for the first account under its number. */
  readonly incarnation: number
}

/** A record that was applied before. */
export interface EarlierRecord {
  readonly fingerprint: Uint8Array
  readonly fileName: string
  /** Whether it came from the file that is planned. */
  readonly sameFile: boolean
}

/** What a row of a file has set an account to. */
export interface AccountSetting {
  readonly balances: Balances
  readonly line: number
  /** Whether the run that is planned has set it. */
  readonly sameRun: boolean
}

/** What the rules look up. All answers are as of the moment before the first record. */
export interface FilePlanning {
  /** Finds an account of the file's client. */
  readonly findAccount: (inputType: InputType, inputId: bigint) => FileAccount | undefined
  readonly findRate: RateLookup
  /** ISO 4217 numeric code of the currency that a cross rate may go through. */
  readonly pivotCurrency: string
  /** Tells whether this run has had a row with the `record_id`, applied or failed. */
  readonly isSeen: (recordId: string) => boolean
  /** Finds the `record_id` among the client's applied records. */
  readonly findEarlier: (recordId: string) => EarlierRecord | undefined
  /** Tells whether an earlier run has applied the record to this very account. */
  readonly hasSet: (recordId: string, account: FileAccount) => boolean
  /** Finds what the file has set this very account to. */
  readonly findSetting: (account: FileAccount) => AccountSetting | undefined
}

/** What becomes of a record. */
export type RecordOutcome =
  | { readonly status: 'set', readonly account: FileAccount, readonly planned: PlannedUpdate }
  /** An earlier run of the file has set the account. It passes, and nothing is written. */
  | { readonly status: 'repeated' }
  | { readonly status: 'failed', readonly failure: RecordFailure }

/** A record and its line in the file. */
export interface FileLine {
  readonly line: number
  readonly record: BalanceFileRecord
}

/**
 * Decides what becomes of some records of a file, in their order. Each sees those before it. Writes nothing.
 *
 * A record fails or passes for the first of these that holds: its `record_id` stands twice in the run; its `record_id`
 * was applied from another file, or with another content; an earlier run has set the account that it names, and it
 * passes; the update itself fails (see {@link planBalanceUpdate}); the file has set the account to other balances.
 *
 * An account counts by its incarnation. A new account under the number of a deleted one was never set, so that the same
 * file sets it, and nothing is compared with the balances of the deleted one. (Paymentology publishes none of these
 * rules; they are our ruling.)
 */
export function planRecords (lines: readonly FileLine[], planning: FilePlanning): RecordOutcome[] {
  const seen = new Set<string>()
  /** What these records set, by the account's number, which is one account's while they are planned. */
  const settings = new Map<bigint, AccountSetting>()
  const changed = new Map<bigint, FileAccount>()

  function findAccount (inputType: InputType, inputId: bigint): FileAccount | undefined {
    const account = planning.findAccount(inputType, inputId)
    return account && (changed.get(account.accountId) ?? account)
  }

  function planRecord ({ line, record: { recordId, item, fingerprint } }: FileLine): RecordOutcome {
    if (seen.has(recordId) || planning.isSeen(recordId)) return failed({ code: 'record-repeated' })
    seen.add(recordId)
    const account = findAccount(item.inputType, item.inputId)
    const earlier = planning.findEarlier(recordId)
    if (earlier !== undefined) {
      const { fileName, sameFile } = earlier
      const isSame = sameFile && Buffer.compare(earlier.fingerprint, fingerprint) === 0
      if (!isSame) return failed({ code: 'record-used', fileName, sameFile })
      if (account !== undefined && planning.hasSet(recordId, account)) return { status: 'repeated' }
    }
    if (account === undefined) return failed({ code: 'account-unknown' })
    const [planned] = planBalanceUpdate([item], { ...planning, findAccount: () => account }) as [PlannedItem]
    if (planned.status === 'failed') return failed(planned.failure)
    const setting = settings.get(account.accountId) ?? planning.findSetting(account)
    if (setting !== undefined && !sameBalances(setting.balances, planned.asked)) {
      return failed({ code: 'account-set', line: setting.line, sameRun: setting.sameRun })
    }
    settings.set(account.accountId, setting ?? { balances: planned.asked, line, sameRun: true })
    changed.set(account.accountId, {
      ...account, balances: planned.next, unaware: unawareAfter(account.unaware, planned.beside)
    })
    return { status: 'set', account, planned }
  }

  return lines.map(planRecord)
}

function failed (failure: RecordFailure): RecordOutcome {
  return { status: 'failed', failure }
}
