import { parseDecimal } from '../../domain/decimal.js'
import { findConversion, type RateLookup } from '../../domain/exchange.js'
import type { NewRate, Rate } from '../../domain/rates.js'
import type { ConversionRequest, FoundConversion, PublishedRates, RateFilter, RateKey, RateStore } from '../rates.js'
import type { SqliteDatabase } from './database.js'

interface RateRow {
  base: string
  quote: string
  effective_at_ms: bigint
  rate: string
}

/** Of one pair the newest rate that is effective by a time, in one look-up of the primary key. */
const FIND_EFFECTIVE = `SELECT base, quote, effective_at_ms, rate FROM rates
  WHERE base = ? AND quote = ? AND effective_at_ms <= ? ORDER BY effective_at_ms DESC LIMIT 1`

/**
 * Prepares the look-up of the rates that count at a given time (milliseconds since 1970), for use inside the
 * transaction that converts with them.
 */
export function prepareRateLookup (database: SqliteDatabase): (atMs: number) => RateLookup {
  const find = database.prepare<[string, string, number], RateRow>(FIND_EFFECTIVE)
  return (atMs) => (base, quote) => {
    const row = find.get(base, quote, atMs)
    return row === undefined ? undefined : parseDecimal(row.rate)
  }
}

/** Prepares the publishing of rates in one transaction. A rate takes the place of one of the same pair and time. */
export function preparePublishRates (database: SqliteDatabase): (rates: readonly NewRate[], nowMs: number) => PublishedRates {
  const publish = database.prepare(
    `INSERT INTO rates (base, quote, effective_at_ms, rate) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET rate = excluded.rate WHERE rate <> excluded.rate`)
  return database.transaction((newRates: readonly NewRate[], nowMs: number) => {
    const rates = newRates.map((rate) => ({ ...rate, effectiveAtMs: rate.effectiveAtMs ?? nowMs }))
    let written = 0
    for (const { base, quote, effectiveAtMs, rate } of rates) written += publish.run(base, quote, effectiveAtMs, rate).changes
    return { rates, written }
  }).immediate
}

/**
 * Prepares the rates' part of the store.
 *
 * @param pivotCurrency ISO 4217 numeric code of the currency that a cross rate may go through
 */
export function prepareRates (database: SqliteDatabase, pivotCurrency: string, now: () => number): RateStore {
  const publish = preparePublishRates(database)
  const list = prepareListRates(database)
  const find = prepareFindConversion(database, pivotCurrency)
  return {
    publishRates: async (rates) => publish(rates, now()),
    listRates: async (filter, after, limit) => list(filter, after, limit, now()),
    findConversion: async (request) => find(request, now())
  }
}

/** Prepares the listing of rates at a given time, by base and quote, and of one pair the newest first. */
export function prepareListRates (database: SqliteDatabase): (filter: RateFilter, after: RateKey | undefined, limit: number, nowMs: number) => Rate[] {
  const inFilter = '(:base IS NULL OR base = :base) AND (:quote IS NULL OR quote = :quote)'
  const listAll = database.prepare<[object], RateRow>(
    `SELECT base, quote, effective_at_ms, rate FROM rates
     WHERE ${inFilter} AND base >= :afterBase
       AND (base > :afterBase OR quote > :afterQuote OR quote = :afterQuote AND effective_at_ms < :afterMs)
     ORDER BY base, quote, effective_at_ms DESC LIMIT :limit`)
  // Beside max(), SQLite takes the other columns from the row of the greatest value.
  const listCurrent = database.prepare<[object], RateRow>(
    `SELECT base, quote, max(effective_at_ms) AS effective_at_ms, rate FROM rates
     WHERE ${inFilter} AND base >= :afterBase AND (base > :afterBase OR quote > :afterQuote) AND effective_at_ms <= :nowMs
     GROUP BY base, quote ORDER BY base, quote LIMIT :limit`)
  return ({ base, quote, currentOnly }, after, limit, nowMs) => {
    const key = { afterBase: after?.base ?? '', afterQuote: after?.quote ?? '', afterMs: after?.effectiveAtMs ?? 0 }
    const parameters = { base, quote, limit, ...key }
    return (currentOnly ? listCurrent.all({ ...parameters, nowMs }) : listAll.all(parameters)).map(rateOf)
  }
}

/** Prepares the finding of what converts between two currencies at a given time. */
function prepareFindConversion (database: SqliteDatabase, pivotCurrency: string): (request: ConversionRequest, nowMs: number) => FoundConversion {
  const lookup = prepareRateLookup(database)
  const find = database.prepare<[string, string, number], RateRow>(FIND_EFFECTIVE)
  return database.transaction(({ from, to, atMs: askedMs }: ConversionRequest, nowMs: number) => {
    const atMs = askedMs ?? nowMs
    const conversion = findConversion(from, to, lookup(atMs), pivotCurrency)
    const published = conversion?.pairs.map(({ base, quote }) => rateOf(find.get(base, quote, atMs) as RateRow)) ?? []
    return { atMs, conversion, published, pivotCurrency }
  })
}

function rateOf ({ base, quote, effective_at_ms: effectiveAtMs, rate }: RateRow): Rate {
  return { base, quote, rate, effectiveAtMs: Number(effectiveAtMs) }
}
