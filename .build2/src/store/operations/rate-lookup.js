import { readDecimal } from '../../domain/decimal.js';
import { pairsBetween } from '../../domain/exchange.js';
import { eachFirst, int8, statement, text } from '../sql.js';
/** Of one pair the newest rate that is effective by a time, in one look-up of the primary key. */
const FIND_EFFECTIVE = statement `SELECT base, quote, effective_at_ms, rate FROM rates
  WHERE base = ${text} AND quote = ${text} AND effective_at_ms <= ${int8}
  ORDER BY effective_at_ms DESC LIMIT 1`;
/** Reads the rates of pairs that apply at a time (milliseconds since 1970). */
export function* findEffectiveRates(pairs, atMs) {
    const rows = yield* eachFirst(FIND_EFFECTIVE, pairs.map(({ base, quote }) => [base, quote, BigInt(atMs)]));
    return rows.filter((row) => row !== undefined);
}
/** Makes the domain's look-up of rates that were read. */
export function rateLookupOf(rows) {
    const rates = new Map(rows.map(({ base, quote, rate, effective_at_ms: effectiveAtMs }) => [`${base}/${quote}`, { ...readDecimal(rate), effectiveAtMs: Number(effectiveAtMs) }]));
    return (base, quote) => rates.get(`${base}/${quote}`);
}
/**
 * Reads all rates that conversions between pairs of currencies may need now.
 *
 * @param conversions ISO 4217 numeric codes; those of one currency need none
 */
export function* findRatesFor(conversions, { nowMs, pivotCurrency }) {
    const pairs = new Map(conversions
        .flatMap(([from, to]) => pairsBetween(from, to, pivotCurrency))
        .map((pair) => [`${pair.base}/${pair.quote}`, pair]));
    return rateLookupOf(yield* findEffectiveRates([...pairs.values()], nowMs));
}
//# sourceMappingURL=rate-lookup.js.map