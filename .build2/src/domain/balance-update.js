import { findCurrency } from './currency.js';
import { convert, findConversion } from './exchange.js';
import { toMinorUnits } from './money.js';
/**
 * Decides for each item of a balance update which balances to write, or why it fails. Writes nothing.
 *
 * An item fails for the first of these that holds: its account is unknown, its external reference is
 * another one, its currency is none, an amount does not fit the currency, the blocked balance is negative,
 * no rate leads to the account's currency, the converted amount does not fit. Items that reach the same
 * account with different results all fail, so that no balance depends on the order of a list
 * (Paymentology publishes no order; this is our ruling). Items that failed for a reason of their own do not count
 * there.
 *
 * @returns one planned item an item, in the order of the items
 */
export function planBalanceUpdate(items, context) {
    const planned = items.map((item) => planItem(item, context));
    const lastByAccount = new Map();
    const contested = new Set();
    for (const entry of planned) {
        if (entry.status === 'failed')
            continue;
        const { accountId } = entry.account;
        const earlier = lastByAccount.get(accountId);
        if (earlier !== undefined && !sameBalances(earlier.next, entry.next))
            contested.add(accountId);
        lastByAccount.set(accountId, entry);
    }
    return lastByAccount.size === planned.length ? planned : settleRepeats(planned, contested);
}
/** Fails the items of contested accounts, and lets a repeated item start from what the one before it left. */
function settleRepeats(planned, contested) {
    const written = new Set();
    return planned.map((entry) => {
        if (entry.status === 'failed')
            return entry;
        const { accountId } = entry.account;
        if (contested.has(accountId))
            return failed(entry.item, { code: 'conflicting-items' });
        if (written.has(accountId))
            return { ...entry, previous: entry.next };
        written.add(accountId);
        return entry;
    });
}
function planItem(item, context) {
    const account = context.findAccount(item.inputType, item.inputId);
    if (account === undefined)
        return failed(item, { code: 'account-unknown' });
    if (!externalReferenceMatches(item, account))
        return failed(item, { code: 'external-reference-mismatch' });
    const sentCurrency = findCurrency(item.currency);
    if (sentCurrency === undefined)
        return failed(item, { code: 'currency-unknown', currency: item.currency });
    const actual = toMinorUnits(item.actual, sentCurrency);
    if (typeof actual === 'string') {
        return failed(item, { code: 'amount-invalid', field: 'actual', fault: actual, currency: sentCurrency });
    }
    const blocked = toMinorUnits(item.blocked, sentCurrency);
    if (typeof blocked === 'string') {
        return failed(item, { code: 'amount-invalid', field: 'blocked', fault: blocked, currency: sentCurrency });
    }
    if (blocked < 0n)
        return failed(item, { code: 'blocked-negative' });
    const { currency } = account;
    const conversion = findConversion(sentCurrency.numericCode, currency.numericCode, context.findRate, context.pivotCurrency);
    if (conversion === undefined)
        return failed(item, { code: 'rate-missing', from: sentCurrency, to: currency });
    const nextActual = convert(actual, sentCurrency, currency, conversion);
    if (nextActual === undefined)
        return failed(item, { code: 'converted-out-of-range', field: 'actual', currency });
    const nextBlocked = convert(blocked, sentCurrency, currency, conversion);
    if (nextBlocked === undefined)
        return failed(item, { code: 'converted-out-of-range', field: 'blocked', currency });
    return {
        status: 'updated',
        item,
        account,
        previous: account.balances,
        next: { actual: nextActual, blocked: nextBlocked },
        sent: { actual, blocked },
        sentCurrency,
        conversion
    };
}
function externalReferenceMatches(item, account) {
    return item.externalReference === undefined ||
        account.externalReference === undefined ||
        item.externalReference === account.externalReference;
}
/** Tells whether two accounts of one currency hold the same. */
export function sameBalances(left, right) {
    return left.actual === right.actual && left.blocked === right.blocked;
}
function failed(item, failure) {
    return { status: 'failed', item, failure };
}
//# sourceMappingURL=balance-update.js.map