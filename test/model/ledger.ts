import type { ScenarioDocument } from '../../schemas/scenario.js'
import { fractionOf, inverse, nearestEven, times, type Fraction } from '../support/fraction.js'

/**
 * A second telling of stand-in: one thing after the other, in memory, with a list of everything that ever happened. It
 * shares no code with the service.
 */

/** What is waited for of an issuer, and what it answers with beside its decision. */
export interface IssuerBehaviour {
  readonly outcome: 'answered' | 'timeout' | 'connection' | 'error' | 'invalid_answer'
  /** Of an answer. */
  readonly de39: string
  readonly shadow: Statement | 'unreadable' | undefined
}

/** Balances as somebody states them, in hundredths of a currency. */
export interface Statement {
  readonly actual: bigint
  readonly blocked: bigint
  readonly currency: string
}

export interface ModelPayment {
  readonly token: string
  /** Minor units. */
  readonly amount: bigint
  readonly currency: string
  readonly kind: string
  readonly channel: string
  readonly messageType: '0100' | '0200'
  /** With which the processor declines; 00 where it does not. */
  readonly processor: string
  readonly partial: boolean
}

export interface ModelSettings {
  mode: 'basic' | 'enhanced' | 'enhanced_with_listing'
  manual: boolean
  unaware_updates: 'overwrite' | 'keep_holds'
  stand_in_on: readonly string[]
  decline_code: '05' | '91'
}

export interface ModelAccount {
  readonly id: string
  readonly currency: string
  actual: bigint
  blocked: bigint
  /** What the newest change says; undefined before the first. */
  newest: { readonly source: string, readonly lost: readonly string[] } | undefined
}

export interface ModelHold {
  readonly amount: bigint
  remaining: bigint
  counted: boolean
  known: boolean
}

export interface ModelTransaction {
  readonly tid: string
  readonly rid: string | null
  readonly account: string | undefined
  readonly payment: ModelPayment
  readonly billing: bigint | undefined
  readonly atMs: number
  readonly de39: string
  readonly decidedBy: string
  readonly reason: string
  /** Whether its request has reached the issuer for sure. */
  readonly wentOut: boolean
  state: 'approved' | 'declined' | 'reset'
  hold: ModelHold | undefined
}

export interface ModelAdvice {
  readonly tid: string
  /** Learned when the service shows it first. */
  rid: string | undefined
  state: 'waiting' | 'retrying' | 'acknowledged' | 'parked' | 'cancelled'
  attempts: number
  nextAtMs: number | undefined
}

/** What one unit is worth in the other. */
const RATES: Readonly<Record<string, string>> = { '840/404': '129.05', '840/392': '151.37' }
const DECIMALS: Readonly<Record<string, number>> = { 404: 2, 840: 2, 978: 2, 392: 0 }
const PIVOT = '840'

function leg (from: string, to: string): Fraction | undefined {
  const [straight, opposite] = [RATES[`${from}/${to}`], RATES[`${to}/${from}`]]
  if (straight !== undefined) return fractionOf(straight)
  return opposite === undefined ? undefined : inverse(fractionOf(opposite))
}

/** Minor units of one currency in those of another; undefined where no rate leads there. */
function exchange (units: bigint, from: string, to: string): bigint | undefined {
  if (from === to) return units
  const [first, second] = [leg(from, PIVOT), leg(PIVOT, to)]
  const rate = leg(from, to) ?? (first && second && times(first, second))
  const scale = fractionOf(`1e${(DECIMALS[to] ?? 0) - (DECIMALS[from] ?? 0)}`)
  return rate && nearestEven(times({ numerator: units, denominator: 1n }, times(rate, scale)))
}

const HOUR_MS = 3_600_000

/** The rules that every service of the model has: see {@link Ledger}. */
export const RULES: NonNullable<ScenarioDocument['rules']> = [
  {
    rule_id: 'small',
    client_id: 123,
    name: 'Small',
    priority: 10,
    when: { message_types: ['0100'] },
    limits: { currency: '404', amount: { max: '500.00' }, count: { max: 3, window: 'PT1H' } }
  },
  {
    rule_id: 'cash',
    client_id: 123,
    name: 'Cash and refunds',
    priority: 20,
    when: { spend_types: ['ATM - Withdrawal', 'POS - Refund'] }
  }
]

const TOKENS: Readonly<Record<string, string>> = { 111: '1001', 112: '1001', 222: '1002' }

/** How a payment ends. */
interface Verdict {
  readonly de39: string
  readonly by: string
  readonly approved: boolean
  readonly advised: boolean
  readonly hold?: bigint
  readonly post?: bigint
}

export class Ledger {
  nowMs = Date.UTC(2027, 1, 3, 14)
  issuerIsOn = true
  readonly settings: ModelSettings = {
    mode: 'enhanced_with_listing',
    manual: false,
    unaware_updates: 'overwrite',
    stand_in_on: ['timeout', 'connection', 'error', 'invalid_answer'],
    decline_code: '05'
  }

  readonly accounts: readonly ModelAccount[] = [
    { id: '1001', currency: '404', actual: 100_000n, blocked: 1000n, newest: undefined },
    { id: '1002', currency: '840', actual: 10_000n, blocked: 0n, newest: undefined }
  ]

  readonly transactions: ModelTransaction[] = []
  readonly advices: ModelAdvice[] = []
  readonly #begin = this.accounts.map(({ actual, blocked }) => ({ actual, blocked }))

  /** Whether a payment reaches the issuer. */
  asks (payment: ModelPayment): boolean {
    return this.#billed(payment) !== undefined && this.issuerIsOn && !this.settings.manual
  }

  accountOf (id: string | undefined): ModelAccount | undefined {
    return this.accounts.find((account) => account.id === id)
  }

  #billed ({ token, amount, currency }: ModelPayment): bigint | undefined {
    const account = this.accountOf(TOKENS[token])
    return account && exchange(amount, currency, account.currency)
  }

  /** Decides a payment that has the number `tid`, now. */
  pay (payment: ModelPayment, issuer: IssuerBehaviour, tid: string, rid: string | null): ModelTransaction {
    const account = this.accountOf(TOKENS[payment.token])
    const billing = this.#billed(payment)
    const isAsked = this.asks(payment)
    const { de39, by, approved, advised, hold = 0n, post = 0n } = this.#decide(payment, account, billing, issuer)
    const isTimeout = isAsked && issuer.outcome === 'timeout'
    const transaction: ModelTransaction = {
      tid,
      rid,
      account: account?.id,
      payment,
      billing,
      atMs: this.nowMs,
      de39,
      decidedBy: by,
      reason: !advised ? '000' : isTimeout ? '900' : '930',
      wentOut: isAsked && issuer.outcome !== 'connection',
      state: approved ? 'approved' : 'declined',
      hold: undefined
    }
    if (isAsked && issuer.outcome === 'answered') this.#shadow(account, issuer)
    else if (account !== undefined && (hold > 0n || post !== 0n)) {
      account.blocked += hold
      account.actual -= post
      account.newest = { source: 'stand-in', lost: [] }
      if (hold > 0n) transaction.hold = { amount: hold, remaining: hold, counted: true, known: false }
    }
    this.transactions.push(transaction)
    if (advised) this.advices.push({ tid, rid: undefined, state: 'waiting', attempts: 0, nextAtMs: this.nowMs + 500 })
    return transaction
  }

  #decide (
    payment: ModelPayment, account: ModelAccount | undefined, billing: bigint | undefined, issuer: IssuerBehaviour
  ): Verdict {
    const byProcessor = (de39: string, advised: boolean): Verdict =>
      ({ de39, by: 'processor', approved: false, advised })
    if (account === undefined) return byProcessor('14', false)
    if (billing === undefined) return byProcessor('96', false)
    const { processor } = payment
    const isAsked = this.asks(payment)
    if (isAsked && issuer.outcome === 'answered') {
      const { de39 } = issuer
      if (processor !== '00') return byProcessor(processor, approves(de39, payment))
      return { de39, by: 'issuer', approved: approves(de39, payment), advised: false }
    }
    if (processor !== '00') return byProcessor(processor, true)
    const { mode, stand_in_on: on, decline_code: code } = this.settings
    const decline = (de39: string): Verdict => ({ de39, by: 'stand_in', approved: de39 === '00', advised: true })
    if (isAsked && !on.includes(issuer.outcome)) return decline('91')
    if (mode === 'basic') return decline(code)
    if (payment.kind === 'balance_inquiry') return decline('57')
    const refusal = this.#refusal(payment, account, billing)
    if (refusal !== undefined) return decline(refusal)
    const isCredit = payment.kind === 'refund'
    if (mode === 'enhanced_with_listing' && !isCredit && billing > 0n && account.actual - account.blocked < billing) {
      return decline('51')
    }
    const approval = decline('00')
    if (payment.messageType === '0200') return { ...approval, post: isCredit ? -billing : billing }
    return { ...approval, hold: isCredit ? 0n : billing }
  }

  /** What the rules decline a payment with; undefined where one of them allows it. */
  #refusal ({ token, kind, channel, messageType }: ModelPayment, account: ModelAccount, billing: bigint) {
    if (kind === 'withdrawal' && channel === 'atm') return undefined
    if (kind === 'refund' && channel === 'pos') return undefined
    if (messageType !== '0100') return '57'
    const inShillings = exchange(billing, account.currency, '404') ?? 0n
    if (inShillings > 50_000n) return '61'
    const before = this.transactions.filter((one) => one.payment.token === token && one.state === 'approved' &&
      one.payment.messageType === '0100' && one.atMs > this.nowMs - HOUR_MS)
    return before.length > 3 ? '65' : undefined
  }

  #shadow (account: ModelAccount | undefined, { shadow }: IssuerBehaviour): void {
    if (account === undefined || shadow === undefined || shadow === 'unreadable') return
    this.set(account, shadow, 'shadow', undefined)
  }

  /** The message by which the issuer could hear first of a payment. */
  #firstRid ({ tid, rid, wentOut }: ModelTransaction): bigint {
    return BigInt((wentOut ? rid : this.advices.find((advice) => advice.tid === tid)?.rid) ?? 0)
  }

  /** The newest message of all. */
  get newestRid (): bigint {
    const rids = [...this.transactions, ...this.advices].map(({ rid }) => BigInt(rid ?? 0))
    return rids.reduce((newest, rid) => rid > newest ? rid : newest, 0n)
  }

  /**
   * Somebody sets balances. They contain a hold whose first message is not behind `asOfRid`; of a sender who does not
   * say it, a hold that the issuer knows of. Nothing changes where the statement is none.
   */
  set (account: ModelAccount, statement: Statement, source: string, asOfRid: bigint | undefined): void {
    const actual = exchange(statement.actual, statement.currency, account.currency)
    let blocked = exchange(statement.blocked, statement.currency, account.currency)
    if (actual === undefined || blocked === undefined || statement.blocked < 0n) return
    const lost: string[] = []
    for (const transaction of this.transactions) {
      const { tid, account: id, hold } = transaction
      if (id !== account.id || hold === undefined || hold.remaining === 0n) continue
      const isContained = asOfRid === undefined ? hold.known : this.#firstRid(transaction) <= asOfRid
      const isKept = !isContained && this.settings.unaware_updates === 'keep_holds'
      if (isKept) blocked += hold.remaining
      if (!isContained && !isKept && hold.counted) lost.push(tid)
      hold.known ||= isContained
      hold.counted = isContained || isKept
    }
    account.actual = actual
    account.blocked = blocked
    account.newest = { source, lost }
  }

  /** The issuer is told something now, and takes it or not. */
  deliver (advice: ModelAdvice, isTaken: boolean): void {
    advice.attempts += 1
    if (!isTaken) {
      const isParked = advice.attempts >= 10
      advice.state = isParked ? 'parked' : 'retrying'
      advice.nextAtMs = isParked ? undefined : this.nowMs + Math.min(300_000, 1000 * 2 ** (advice.attempts - 1))
      return
    }
    advice.state = 'acknowledged'
    advice.nextAtMs = undefined
    const { hold } = this.transactions.find(({ tid }) => tid === advice.tid) ?? {}
    if (hold !== undefined) hold.known = true
  }

  /** All balances are what they were at the beginning, and nothing of what happened counts. */
  restore (): void {
    for (const [index, account] of this.accounts.entries()) {
      const { actual, blocked } = this.#begin[index] ?? account
      if (account.actual === actual && account.blocked === blocked) continue
      Object.assign(account, { actual, blocked, newest: { source: 'snapshot', lost: [] } })
    }
    for (const transaction of this.transactions) {
      if (transaction.account !== undefined) transaction.state = 'reset'
      if (transaction.hold !== undefined && transaction.hold.remaining > 0n) {
        Object.assign(transaction.hold, { remaining: 0n, counted: false })
      }
    }
    for (const advice of this.advices) {
      if (advice.nextAtMs !== undefined) Object.assign(advice, { state: 'cancelled', nextAtMs: undefined })
    }
  }
}

/** What an issuer answers with that approves. */
function approves (de39: string, { amount, partial }: ModelPayment): boolean {
  return de39 === '00' || (de39 === '10' && partial) || (de39 === '85' && amount === 0n)
}
