import fc from 'fast-check'
import type { Account, BalanceUpdateItem, PlanningContext } from '../../src/domain/balance-update.js'
import { allCurrencies, findCurrency, type Currency } from '../../src/domain/currency.js'
import { parseDecimal, type Decimal } from '../../src/domain/decimal.js'
import type { RateLookup } from '../../src/domain/exchange.js'

/** Reads a number that the test itself has written. */
export function decimal (text: string): Decimal {
  const value = parseDecimal(text)
  if (value === undefined) throw new Error(`${text} is no number`)
  return value
}

/** Finds a currency that the test takes for granted. */
export function currency (numericCode: string): Currency {
  const found = findCurrency(numericCode)
  if (found === undefined) throw new Error(`${numericCode} is no currency`)
  return found
}

const digit = fc.constantFrom(...'0123456789')

export const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: digit, minLength, maxLength })

/** The whole part of a JSON number: no leading zeros. */
export const wholePart = (maxLength: number): fc.Arbitrary<string> => fc.oneof(
  fc.constant('0'),
  fc.tuple(fc.constantFrom(...'123456789'), digits(0, maxLength - 1)).map((parts) => parts.join(''))
)

const decimalPart = (maxLength: number): fc.Arbitrary<string> => fc.oneof(
  fc.constant(''),
  fc.tuple(digits(0, maxLength - 1), digit, fc.constantFrom('', '0', '000')).map((parts) => `.${parts.join('')}`)
)

/** Any JSON number: up to 30 digits, with or without decimals and exponent, in every way of writing it. */
export const numberText: fc.Arbitrary<string> = fc.tuple(
  fc.constantFrom('', '-'),
  wholePart(30),
  decimalPart(30),
  fc.oneof(
    fc.constant(''),
    fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-', 'E-'), fc.constantFrom('', '0'), fc.nat(400)).map((parts) =>
      parts.join(''))
  )
).map((parts) => parts.join(''))

/** An amount as people send them: often within the currency's decimals, sometimes beyond them or beyond int64. */
export const amountText: fc.Arbitrary<string> = fc.tuple(
  fc.constantFrom('', '-'), wholePart(20), decimalPart(5), fc.constantFrom('', 'e-2', 'e2', 'E+5')
).map((parts) => parts.join(''))

/** A published rate: above zero, up to 18 digits on both sides of the point. */
export const rateText: fc.Arbitrary<string> = fc.tuple(wholePart(18), digits(0, 18))
  .map(([whole, decimals]) => decimals === '' ? whole : `${whole}.${decimals}`)
  .filter((text) => /[1-9]/.test(text))

export const int64: fc.Arbitrary<bigint> = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

/** Currencies with no, two, three and four decimals come as often as all others. */
export const anyCurrency: fc.Arbitrary<Currency> = fc.oneof(
  fc.constantFrom(currency('392'), currency('404'), currency('048'), currency('990')),
  fc.constantFrom(...allCurrencies)
)

/** How many code points there are before the surrogates, and how many of those. */
const [BEFORE_SURROGATES, SURROGATES] = [0xd800, 0x800]

/**
 * Any character, as a unit of texts. fast-check's own (`binary`) makes the same ones, but lists all of them first, to
 * find a character's number: that takes most of a second in each process.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(0x10ffff - SURROGATES).map(
  (number) => String.fromCodePoint(number < BEFORE_SURROGATES ? number : number + SURROGATES),
  (value) => {
    const [point = NaN, ...others] = [...String(value)].map((character) => Number(character.codePointAt(0)))
    // fast-check asks about longer texts, too, and wants no number for them.
    if (others.length > 0) return NaN
    return point < BEFORE_SURROGATES ? point : point - SURROGATES
  }
)

/** Any text without U+0000, which we refuse. */
const text = fc.string({ unit: anyCharacter }).map((value) => value.replaceAll('\0', ''))

/** Any JSON value with numbers that a double holds exactly, and without the name and the character that we refuse. */
export const safeJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, '', 0),
    fc.integer({ min: -(1e15 - 1), max: 1e15 - 1 }),
    fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 9 })).map(([units, decimals]) =>
      Number(`${units}e-${decimals}`)),
    text,
    fc.constantFrom('9007199254740993', '"a":1,"a":2', ' 1e400', '__proto__'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('a', '0', '":', 'constructor')), tie('value'), { maxKeys: 5 })
      .filter((object) => !Object.hasOwn(object, '__proto__'))
  )
})).value

/** The rates of one test, by `base/quote`. */
export type RateTexts = Readonly<Record<string, string>>

/** An update that meets few accounts in few currencies, so that repeats and conflicts are common. */
export interface UpdateCase {
  readonly accounts: readonly Account[]
  readonly rates: RateTexts
  readonly items: readonly BalanceUpdateItem[]
}

const account = (accountId: bigint): fc.Arbitrary<Account> => fc.record({
  accountId: fc.constant(accountId),
  currency: fc.constantFrom(currency('404'), currency('392'), currency('048')),
  externalReference: fc.constantFrom(undefined, 'WALLET-1', 'WALLET-2'),
  balances: fc.record({ actual: int64, blocked: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) })
})

const itemAmount = fc.constantFrom('0', '1', '2', '2.0', '-1', '0.5', '1.25', '0.0001', '9e18', '-9e15').map(decimal)

const item: fc.Arbitrary<BalanceUpdateItem> = fc.record({
  inputType: fc.constantFrom('account' as const, 'token' as const),
  inputId: fc.constantFrom(1n, 2n, 3n, 9n),
  actual: itemAmount,
  blocked: itemAmount,
  currency: fc.constantFrom('404', '404', '392', '840', '978', '959'),
  externalReference: fc.constantFrom('WALLET-1', 'WALLET-2')
}, { requiredKeys: ['inputType', 'inputId', 'actual', 'blocked', 'currency'] })

const pairs = ['840/404', '404/840', '392/840', '840/048', '978/840', '392/404']

export const updateCase: fc.Arbitrary<UpdateCase> = fc.record({
  accounts: fc.tuple(account(1n), account(2n), account(3n)),
  rates: fc.dictionary(fc.constantFrom(...pairs), fc.constantFrom('1', '2', '129.05', '0.0077'), {
    noNullPrototype: true
  }),
  items: fc.array(item, { maxLength: 8 })
})

/** Looks rates up among texts. The first of them holds from 1 ms after 1970 on, the next from 2 ms on. */
export function ratesFrom (texts: RateTexts): RateLookup {
  return (base, quote) => {
    const text = texts[`${base}/${quote}`]
    return text === undefined
      ? undefined
      : { ...decimal(text), effectiveAtMs: Object.keys(texts).indexOf(`${base}/${quote}`) + 1 }
  }
}

/** The context of a case. Token `n` is a card on the account after `n`, and the last one's on the first. */
export function contextOf ({ accounts, rates }: UpdateCase): PlanningContext {
  return {
    findAccount: (inputType, inputId) => {
      const accountId = inputType === 'account' ? inputId : inputId % 3n + 1n
      return inputId > 3n ? undefined : accounts.find((account) => account.accountId === accountId)
    },
    findRate: ratesFrom(rates),
    pivotCurrency: '840'
  }
}
