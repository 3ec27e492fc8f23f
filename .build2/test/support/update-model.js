import { findCurrency } from '../../src/domain/currency.js';
import { formatDecimal } from '../../src/domain/decimal.js';
import { contextOf } from './arbitraries.js';
import { fractionOf, inverse, nearestEven, times, wholeOf } from './fraction.js';
/**
 * A second telling of the rules of a balance update, in fractions and with a comparison of all pairs: slow,
 * and different enough from the code under test to share no fault with it.
 */
export function verdictsOf(update) {
    const reached = update.items.map((item) => reach(item, update));
    return reached.map((own, index) => {
        if (typeof own === 'string')
            return own;
        const others = reached.filter((other) => typeof other !== 'string' && other.account.accountId === own.account.accountId);
        if (others.some(({ next }) => next.join() !== own.next.join()))
            return 'conflicting-items';
        const isFirst = reached.indexOf(others[0] ?? own) === index;
        const { actual, blocked } = own.account.balances;
        return { previous: isFirst ? [actual, blocked] : own.next, next: own.next };
    });
}
/** Brings a planned item into the form of a verdict. */
export function asVerdict(planned) {
    if (planned.status === 'failed')
        return planned.failure.code;
    const { previous, next } = planned;
    return { previous: [previous.actual, previous.blocked], next: [next.actual, next.blocked] };
}
function reach(item, update) {
    const account = contextOf(update).findAccount(item.inputType, item.inputId);
    if (account === undefined)
        return 'account-unknown';
    const references = new Set([item.externalReference, account.externalReference].filter((reference) => reference !== undefined));
    if (references.size === 2)
        return 'external-reference-mismatch';
    const sent = findCurrency(item.currency);
    if (sent === undefined)
        return 'currency-unknown';
    const amounts = [item.actual, item.blocked].map((amount) => times(fractionOf(formatDecimal(amount)), tenTo(sent.minorUnitDecimals)));
    if (!amounts.every((amount) => fits(wholeOf(amount))))
        return 'amount-invalid';
    if (amounts.some(({ numerator }, index) => index === 1 && numerator < 0n))
        return 'blocked-negative';
    const rate = rateBetween(item.currency, account.currency.numericCode, update.rates);
    if (rate === undefined)
        return 'rate-missing';
    const scale = times(tenTo(account.currency.minorUnitDecimals), inverse(tenTo(sent.minorUnitDecimals)));
    const [actual = 0n, blocked = 0n] = amounts.map((amount) => nearestEven(times(amount, times(rate, scale))));
    return fits(actual) && fits(blocked) ? { account, next: [actual, blocked] } : 'converted-out-of-range';
}
function rateBetween(from, to, rates) {
    if (from === to)
        return tenTo(0);
    const straight = legBetween(from, to, rates);
    const [first, second] = [legBetween(from, '840', rates), legBetween('840', to, rates)];
    return straight ?? (first === undefined || second === undefined ? undefined : times(first, second));
}
function legBetween(from, to, rates) {
    const [direct, opposite] = [rates[`${from}/${to}`], rates[`${to}/${from}`]];
    if (direct !== undefined)
        return fractionOf(direct);
    return opposite === undefined ? undefined : inverse(fractionOf(opposite));
}
function tenTo(power) {
    return fractionOf(`1e${power}`);
}
function fits(value) {
    return value !== undefined && BigInt.asIntN(64, value) === value;
}
//# sourceMappingURL=update-model.js.map