import type { Account } from '../../../schemas/sandbox/accounts.js'
import type { BalancesNow } from '../../../schemas/sandbox/balances.js'
import type { Client } from '../../../schemas/sandbox/clients.js'
import type { Change, Operation } from '../../../schemas/sandbox/history.js'
import type { PruneReport } from '../../../schemas/sandbox/pruning.js'
import type { Currency } from '../../domain/currency.js'
import { availableBalance, formatAmount, type Balances } from '../../domain/money.js'
import type { AccountRecord } from '../../store/port/accounts.js'
import type { ClientRecord } from '../../store/port/clients.js'
import type { ChangeRecord, OperationRecord } from '../../store/port/history.js'
import type * as pruning from '../../store/port/pruning.js'

export function presentClient ({ clientId, name, createdAt, keyCreatedAt }: ClientRecord): Client {
  return {
    client_id: clientId,
    name,
    created_at: createdAt.toISOString(),
    api_key_created_at: keyCreatedAt.paymentology?.toISOString() ?? null,
    amlyze_token_created_at: keyCreatedAt.amlyze?.toISOString() ?? null
  }
}

export function presentAccount (
  { accountId, clientId, currency, externalReference, cards, balances, updatedAt }: AccountRecord
): Account {
  return {
    account_id: accountId.toString(),
    client_id: clientId,
    currency: currency.numericCode,
    currency_alpha: currency.alphaCode,
    external_reference: externalReference ?? null,
    tokens: cards.map(({ token }) => token.toString()),
    cards: cards.map(({ token, state, expiry = null }) => ({ token: token.toString(), state, expiry })),
    ...presentBalances(balances, currency),
    updated_at: updatedAt.toISOString()
  }
}

/** Writes balances with exactly the decimals of their currency. */
export function presentBalances (balances: Balances, currency: Currency): BalancesNow {
  return {
    actual_balance: formatAmount(balances.actual, currency),
    blocked_balance: formatAmount(balances.blocked, currency),
    available_balance: formatAmount(availableBalance(balances), currency)
  }
}

/** Writes amounts as they were sent, with exactly the decimals of the currency that they were sent in. */
export function presentSent ({ actual, blocked }: Balances, currency: Currency): Change['sent'] {
  return {
    actual_balance: formatAmount(actual, currency),
    blocked_balance: formatAmount(blocked, currency),
    currency: currency.numericCode
  }
}

export function presentOperation (operation: OperationRecord): Operation {
  return {
    operation_id: operation.operationId.toString(),
    source: operation.source,
    client_id: operation.clientId ?? null,
    identifier: operation.identifier ?? null,
    job_id: operation.jobId?.toString() ?? null,
    tid: operation.tid?.toString() ?? null,
    user_id: operation.userId ?? null,
    remarks: operation.remarks ?? null,
    reason: operation.reason ?? null,
    created_at: operation.createdAt.toISOString()
  }
}

export function presentChange (change: ChangeRecord): Change {
  const { currency, previous } = change
  return {
    change_id: change.changeId.toString(),
    account_id: change.accountId.toString(),
    currency: currency.numericCode,
    item_index: change.itemIndex,
    record_id: change.recordId ?? null,
    before: previous === undefined ? null : presentBalances(previous, currency),
    after: presentBalances(change.next, currency),
    sent: presentSent(change.sent, change.sentCurrency),
    rate: change.rate,
    rate_effective_at: change.rateEffectiveAt?.toISOString() ?? null,
    lost_holds: change.lostHolds.map(String),
    operation: presentOperation(change.operation)
  }
}

export function presentPruneReport (beforeMs: number, report: pruning.PruneReport): PruneReport {
  const { changes, answers, deletedAccounts, balanceFiles, balanceFileRecords, reportedBalances, transactions } = report
  return {
    before: new Date(beforeMs).toISOString(),
    history_rows: changes,
    replay_records: answers,
    deleted_accounts: deletedAccounts,
    balance_files: balanceFiles,
    balance_file_records: balanceFileRecords,
    reported_balances: reportedBalances,
    transactions
  }
}
