import { isDeepStrictEqual } from 'node:util'
import { findTypedCurrency, type Currency } from '../domain/currency.js'
import { parseDecimal } from '../domain/decimal.js'
import { availableBalance, formatAmount, toMinorUnits, type Balances } from '../domain/money.js'
import type { LedgerCard, LedgerDocument } from './definition.js'
import type { IssuerMessage } from './message.js'

/** An amount that the issuer has booked for a message. Minor units of the card's currency. */
interface Booking {
  readonly token: string
  readonly blocked: bigint
  readonly spent: bigint
}

/** A card's balances around a message. */
export interface Statement {
  readonly currency: Currency
  readonly before: Balances
  readonly after: Balances
}

/** How many bookings are remembered. The oldest are forgotten first, and can then not be reversed. */
const BOOKINGS_MAX = 10_000

/** Advices of ISO 8583: authorisation, reversal. */
const ADVICES = ['0120', '0420']

/** An issuer's own books, by card. */
export class Ledger {
  readonly #cards = new Map<string, LedgerCard>()
  readonly #bookings = new Map<string, Booking>()

  constructor (cards: readonly LedgerCard[]) {
    for (const card of cards) this.#cards.set(card.token.toString(), card)
  }

  /**
   * Sets all balances. What was booked for a card can still be reversed where its balances stay as they are. Others
   * say nothing of what they contain: to take a booking back from them could make them negative.
   */
  replace (cards: readonly LedgerCard[]): void {
    const before = new Map(this.#cards)
    this.#cards.clear()
    for (const card of cards) this.#cards.set(card.token.toString(), card)
    for (const [rid, { token }] of this.#bookings) {
      if (!isDeepStrictEqual(before.get(token), this.#cards.get(token))) this.#bookings.delete(rid)
    }
  }

  /** Begins anew with these balances. What was booked before is unknown from now on. */
  reset (cards: readonly LedgerCard[]): void {
    this.#bookings.clear()
    this.replace(cards)
  }

  /** Decides a request by the books: 14 without such a card, 96 in another currency, 51 without the money. */
  decide (message: IssuerMessage): string {
    const card = this.#cards.get(message.token)
    if (card === undefined) return '14'
    if (message.type === '0400') return '00'
    const amount = amountOf(message, card.currency)
    if (amount === undefined) return '96'
    return message.isCredit || availableBalance(card.balances) >= amount ? '00' : '51'
  }

  /** Books a message that is approved, or takes back what one has booked. @returns undefined without such a card */
  apply (message: IssuerMessage, isApproved: boolean): Statement | undefined {
    const card = this.#cards.get(message.token)
    if (card === undefined) return undefined
    this.#book(message, isApproved, card)
    const { balances: after } = this.#cards.get(message.token) as LedgerCard
    return { currency: card.currency, before: card.balances, after }
  }

  #book (message: IssuerMessage, isApproved: boolean, card: LedgerCard): void {
    const { type, rid, originalRid, isRequest } = message
    // The passive feed repeats, with DE39, what was decided by a request, or told by an advice.
    if (!isRequest && !ADVICES.includes(type)) return
    if (type === '0400' || type === '0420') this.#reverse(message, card)
    else if (type !== '0120') this.#block(isApproved ? rid : '', message, card)
    else if (message.processorDecision === '00') this.#block(originalRid, message, card)
    else this.#release(originalRid, undefined)
  }

  /** A message that was booked already, because its answer came too late, is not booked again. */
  #block (rid: string, message: IssuerMessage, card: LedgerCard): void {
    const amount = amountOf(message, card.currency)
    if (rid === '' || amount === undefined || message.isCredit || this.#bookings.has(rid)) return
    const isPosted = message.type === '0200'
    const booking = { token: message.token, blocked: isPosted ? 0n : amount, spent: isPosted ? amount : 0n }
    this.#remember(rid, booking)
    this.#change(booking, 1n)
  }

  #remember (rid: string, booking: Booking): void {
    this.#bookings.set(rid, booking)
    const [oldest] = this.#bookings.keys()
    if (this.#bookings.size > BOOKINGS_MAX) this.#bookings.delete(String(oldest))
  }

  /** Gives back once, though the reversal comes again. */
  #reverse (message: IssuerMessage, card: LedgerCard): void {
    if (this.#bookings.has(message.rid)) return
    this.#release(message.originalRid, amountOf(message, card.currency))
    this.#remember(message.rid, { token: message.token, blocked: 0n, spent: 0n })
  }

  /** @param amount what is given back; undefined for all of it */
  #release (rid: string, amount: bigint | undefined): void {
    const booking = this.#bookings.get(rid)
    if (booking === undefined) return
    const part = (booked: bigint): bigint => amount === undefined || amount > booked ? booked : amount
    const given = { token: booking.token, blocked: part(booking.blocked), spent: part(booking.spent) }
    this.#bookings.set(rid, {
      ...booking, blocked: booking.blocked - given.blocked, spent: booking.spent - given.spent
    })
    this.#change(given, -1n)
  }

  #change ({ token, blocked, spent }: Booking, sign: bigint): void {
    // Nothing is booked for a card that is not there.
    const card = this.#cards.get(token) as LedgerCard
    const balances = { actual: card.balances.actual - sign * spent, blocked: card.balances.blocked + sign * blocked }
    this.#cards.set(token, { ...card, balances })
  }

  /** The balances now, as a definition has them. */
  get entries (): LedgerDocument[] {
    return [...this.#cards.values()].map(({ token, currency, balances }) => ({
      token: token.toString(),
      currency: currency.numericCode,
      actual_balance: formatAmount(balances.actual, currency),
      blocked_balance: formatAmount(balances.blocked, currency)
    }))
  }
}

/** Reads the amount that counts, in a card's currency. @returns undefined for one in another currency, or for none */
export function amountOf ({ billingAmount, billingCurrency }: IssuerMessage, currency: Currency): bigint | undefined {
  const decimal = parseDecimal(billingAmount)
  const isOwn = findTypedCurrency(billingCurrency)?.numericCode === currency.numericCode
  if (decimal === undefined || !isOwn) return undefined
  const amount = toMinorUnits(decimal, currency)
  return typeof amount === 'bigint' && amount >= 0n ? amount : undefined
}
