import type { Currency } from './currency.js'
import { convert, findConversion, type Conversion, type RateLookup } from './exchange.js'
import { formatAmount } from './money.js'
import type { Money } from './payment.js'

/** What a conversion to a rule's currency needs. */
export interface RuleRates {
  readonly findRate: RateLookup
  /** ISO 4217 numeric code. */
  readonly pivotCurrency: string
}

/** A sum beside the most that a limit allows. Amounts are major units of the currency. */
export interface ComparedAmounts {
  readonly held: boolean
  /** Null where an amount could not be converted. */
  readonly value: string | null
  readonly max: string
  /** ISO 4217 numeric code. */
  readonly currency: string
}

/** Adds amounts up in a rule's currency. It remembers what it cannot convert. */
export class Converter {
  /** Why an amount could not be converted, in words. */
  fault: string | undefined
  readonly #conversions = new Map<string, Conversion | undefined>()

  constructor (readonly currency: Currency, readonly rates: RuleRates) {}

  /** Each amount is converted and rounded for itself, half to even. A sum that is not known does not hold. */
  compare (amounts: readonly Money[], max: bigint): ComparedAmounts {
    let sum: bigint | undefined = 0n
    for (const money of amounts) {
      const converted = this.#convert(money)
      sum = sum === undefined || converted === undefined ? undefined : sum + converted
    }
    return {
      held: sum !== undefined && sum <= max,
      value: sum === undefined ? null : formatAmount(sum, this.currency),
      max: formatAmount(max, this.currency),
      currency: this.currency.numericCode
    }
  }

  #convert ({ amount, currency: from }: Money): bigint | undefined {
    const conversion = this.#find(from)
    if (conversion === undefined) {
      this.fault ??= `no rate leads from ${from.alphaCode} to ${this.currency.alphaCode}`
      return undefined
    }
    const converted = convert(amount, from, this.currency, conversion)
    if (converted === undefined) {
      this.fault ??= `an amount in ${from.alphaCode} converted to ${this.currency.alphaCode} is outside 64 bits`
    }
    return converted
  }

  #find ({ numericCode: from }: Currency): Conversion | undefined {
    if (!this.#conversions.has(from)) {
      const { findRate, pivotCurrency } = this.rates
      this.#conversions.set(from, findConversion(from, this.currency.numericCode, findRate, pivotCurrency))
    }
    return this.#conversions.get(from)
  }
}
