import { numericCodeOf } from './currency.js';
import { formatDecimal, readDecimal } from './decimal.js';
import { readCurrency } from './fields.js';
import { TIMESTAMP_RULE, parseTimestamp } from './timestamp.js';
/**
 * Checks what a schema cannot: that the currencies are there and differ, that the rate is above zero, that the
 * time is one, and that no pair has two rates for one time.
 *
 * @param from the place of the first of them
 */
export function readRates(rates, faults, from = 0) {
    return rates.map(({ base: typedBase, quote: typedQuote, rate, effective_at: effectiveAt }, index) => {
        const place = `rates[${from + index}]`;
        readCurrency(`${place}.base`, typedBase, faults);
        readCurrency(`${place}.quote`, typedQuote, faults);
        const [base, quote] = [numericCodeOf(typedBase), numericCodeOf(typedQuote)];
        if (base === quote)
            faults.add(place, 'has the same base and quote');
        if (readDecimal(rate).coefficient === 0n)
            faults.add(`${place}.rate`, 'must be above zero');
        const effectiveAtMs = effectiveAt === undefined ? undefined : parseTimestamp(effectiveAt);
        if (effectiveAt !== undefined && effectiveAtMs === undefined)
            faults.add(`${place}.effective_at`, TIMESTAMP_RULE);
        faults.requireUnique('rate', place, `${base} to ${quote} from ${effectiveAtMs}`);
        return { base, quote, rate: canonicalRate(rate), effectiveAtMs };
    });
}
/**
 * Writes a rate without needless zeros, so that equal rates have equal texts: `24.240` is `24.24`.
 *
 * @param text a decimal as a schema or the ECB's file has it
 */
export function canonicalRate(text) {
    return formatDecimal(readDecimal(text));
}
//# sourceMappingURL=rates.js.map