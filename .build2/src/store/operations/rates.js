import { findConversion as findPublishedConversion, pairsBetween } from '../../domain/exchange.js';
import { change, reading } from '../engine.js';
import { all, eachRun, int8, sql, statement, text } from '../sql.js';
import { findEffectiveRates, rateLookupOf } from './rate-lookup.js';
const PUBLISH = statement `INSERT INTO rates (base, quote, effective_at_ms, rate)
  VALUES (${text}, ${text}, ${int8}, ${text})
  ON CONFLICT (base, quote, effective_at_ms) DO UPDATE SET rate = excluded.rate WHERE rates.rate <> excluded.rate`;
/** Publishes rates, all or none. One takes the place of another of the same pair and time. */
export const publishRates = change(function* ({ nowMs }, newRates) {
    return yield* writeRates(newRates, nowMs);
});
/** Writes rates as a part of an operation. One without a time is effective from `nowMs` on. */
export function* writeRates(newRates, nowMs) {
    const rates = newRates.map((rate) => ({ ...rate, effectiveAtMs: rate.effectiveAtMs ?? nowMs }));
    const written = yield* eachRun(PUBLISH, rates.map(({ base, quote, effectiveAtMs, rate }) => [base, quote, BigInt(effectiveAtMs), rate]));
    return { rates, written };
}
/**
 * Lists rates by base and quote, and of one pair the newest first.
 *
 * @param after the rate behind which the list goes on; undefined for its beginning
 */
export const listRates = reading(function* ({ nowMs }, filter, after, limit) {
    const { base, quote, currentOnly } = filter;
    const ofBase = base === null ? sql `` : sql ` AND base = ${base}`;
    const ofQuote = quote === null ? sql `` : sql ` AND quote = ${quote}`;
    const behind = after === undefined ? sql `` : sql ` AND ${behindKey(after, currentOnly)}`;
    const count = BigInt(limit);
    const list = currentOnly
        ? sql `SELECT base, quote, effective_at_ms, rate FROM (
        SELECT base, quote, max(effective_at_ms) AS effective_at_ms FROM rates
        WHERE effective_at_ms <= ${BigInt(nowMs)}${ofBase}${ofQuote}${behind}
        GROUP BY base, quote ORDER BY base, quote LIMIT ${count}) AS newest
      JOIN rates USING (base, quote, effective_at_ms) ORDER BY base, quote`
        : sql `SELECT base, quote, effective_at_ms, rate FROM rates WHERE effective_at_ms >= 0${ofBase}${ofQuote}${behind}
      ORDER BY base, quote, effective_at_ms DESC LIMIT ${count}`;
    return (yield* all(list)).map(rateOf);
});
/**
 * The rates behind a key. Of a list of current rates there is one a pair. The first condition lets the index be used.
 */
function behindKey({ base, quote, effectiveAtMs }, currentOnly) {
    const older = currentOnly ? sql `` : sql ` OR (quote = ${quote} AND effective_at_ms < ${BigInt(effectiveAtMs)})`;
    return sql `base >= ${base} AND (base > ${base} OR quote > ${quote}${older})`;
}
/** Finds what converts between two currencies. */
export const findConversion = reading(function* (context, { from, to, atMs: askedMs }) {
    const { pivotCurrency } = context;
    const atMs = askedMs ?? context.nowMs;
    const rows = yield* findEffectiveRates(pairsBetween(from, to, pivotCurrency), atMs);
    const conversion = findPublishedConversion(from, to, rateLookupOf(rows), pivotCurrency);
    const published = conversion?.pairs.flatMap(({ base, quote }) => rows.filter((row) => row.base === base && row.quote === quote).slice(0, 1).map(rateOf)) ?? [];
    return { atMs, conversion, published, pivotCurrency };
});
function rateOf({ base, quote, effective_at_ms: effectiveAtMs, rate }) {
    return { base, quote, rate, effectiveAtMs: Number(effectiveAtMs) };
}
//# sourceMappingURL=rates.js.map