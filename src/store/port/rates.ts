import type { Conversion } from '../../domain/exchange.js'
import type { NewRate, Rate } from '../../domain/rates.js'

/** What became of rates that were published. */
export interface PublishedRates {
  /** In the order in which they came. */
  readonly rates: readonly Rate[]
  /** How many of them were not there before, or another. */
  readonly written: number
}

/** Which rates a list shows. */
export interface RateFilter {
  /** ISO 4217 numeric code; null for any. */
  readonly base: string | null
  /** ISO 4217 numeric code; null for any. */
  readonly quote: string | null
  /** Whether only the rate of each pair is shown that counts now. */
  readonly currentOnly: boolean
}

/** A rate's place in a list. */
export type RateKey = Pick<Rate, 'base' | 'quote' | 'effectiveAtMs'>

/** What a conversion is asked for. */
export interface ConversionRequest {
  /** ISO 4217 numeric code. */
  readonly from: string
  /** ISO 4217 numeric code. */
  readonly to: string
  /** Undefined for now. */
  readonly atMs: number | undefined
}

/** How a conversion was found. */
export interface FoundConversion {
  readonly atMs: number
  /** Undefined when the published rates do not connect the two currencies. */
  readonly conversion: Conversion | undefined
  /** The rates of the conversion's pairs, in their order. */
  readonly published: readonly Rate[]
  /** ISO 4217 numeric code of the currency that a cross rate goes through. */
  readonly pivotCurrency: string
}

export interface RateStore {
  /**
   * Publishes rates. One takes the place of another of the same pair and time. Up to 2000 are one transaction; more
   * are written in parts, so that others are served meanwhile, and sending them again goes on where a kill ended it.
   */
  publishRates (rates: readonly NewRate[]): Promise<PublishedRates>
  /**
   * Lists rates by base and quote, and of one pair the newest first.
   *
   * @param after the rate behind which the list goes on; undefined for its beginning
   */
  listRates (filter: RateFilter, after: RateKey | undefined, limit: number): Promise<Rate[]>
  /** Finds what converts between two currencies. */
  findConversion (request: ConversionRequest): Promise<FoundConversion>
}
