import { availableBalance, formatAmount } from '../../domain/money.js';
export function presentClient({ clientId, name, createdAt, keyCreatedAt }) {
    return {
        client_id: clientId,
        name,
        created_at: createdAt.toISOString(),
        api_key_created_at: keyCreatedAt.paymentology?.toISOString() ?? null,
        amlyze_token_created_at: keyCreatedAt.amlyze?.toISOString() ?? null
    };
}
export function presentAccount({ accountId, clientId, currency, externalReference, tokens, balances, updatedAt }) {
    return {
        account_id: accountId.toString(),
        client_id: clientId,
        currency: currency.numericCode,
        currency_alpha: currency.alphaCode,
        external_reference: externalReference ?? null,
        tokens: tokens.map(String),
        ...presentBalances(balances, currency),
        updated_at: updatedAt.toISOString()
    };
}
/** Writes balances with exactly the decimals of their currency. */
export function presentBalances(balances, currency) {
    return {
        actual_balance: formatAmount(balances.actual, currency),
        blocked_balance: formatAmount(balances.blocked, currency),
        available_balance: formatAmount(availableBalance(balances), currency)
    };
}
/** Writes amounts as they were sent, with exactly the decimals of the currency that they were sent in. */
export function presentSent({ actual, blocked }, currency) {
    return {
        actual_balance: formatAmount(actual, currency),
        blocked_balance: formatAmount(blocked, currency),
        currency: currency.numericCode
    };
}
export function presentOperation(operation) {
    return {
        operation_id: operation.operationId.toString(),
        source: operation.source,
        client_id: operation.clientId ?? null,
        identifier: operation.identifier ?? null,
        job_id: operation.jobId?.toString() ?? null,
        user_id: operation.userId ?? null,
        remarks: operation.remarks ?? null,
        reason: operation.reason ?? null,
        created_at: operation.createdAt.toISOString()
    };
}
export function presentChange(change) {
    const { currency, previous } = change;
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
        operation: presentOperation(change.operation)
    };
}
export function presentPruneReport(beforeMs, report) {
    const { changes, answers, deletedAccounts, balanceFiles, balanceFileRecords, reportedBalances } = report;
    return {
        before: new Date(beforeMs).toISOString(),
        history_rows: changes,
        replay_records: answers,
        deleted_accounts: deletedAccounts,
        balance_files: balanceFiles,
        balance_file_records: balanceFileRecords,
        reported_balances: reportedBalances
    };
}
//# sourceMappingURL=present.js.map