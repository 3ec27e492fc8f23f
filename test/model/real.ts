import { isDeepStrictEqual } from 'node:util'
import type { LightMyRequestResponse } from 'fastify'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import { serveOthers } from '../../src/turns.js'
import { decide, hangUp, reply, startIssuer, stayAway, type Step, type TestIssuer } from '../support/issuer.js'
import type { Test } from '../support/folder.js'
import { makeService, type TestService } from '../support/service.js'
import {
  Ledger, RULES, type IssuerBehaviour, type ModelAccount, type ModelAdvice, type ModelHold, type ModelPayment,
  type ModelTransaction, type Statement
} from './ledger.js'

/** Long enough for every answer that is to come, on any machine. */
const LONG_MS = 30_000

/** As short as may be, for an answer that never comes. */
const SHORT_MS = 100

const SCENARIO: ScenarioDocument = {
  clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123' }],
  accounts: [
    {
      client_id: 123,
      account_id: '1001',
      currency: '404',
      actual_balance: '1000.00',
      blocked_balance: '10.00',
      tokens: ['111', '112']
    },
    {
      client_id: 123,
      account_id: '1002',
      currency: '840',
      actual_balance: '100.00',
      blocked_balance: '0.00',
      tokens: ['222']
    }
  ],
  rates: [{ base: '840', quote: '404', rate: '129.05' }, { base: '840', quote: '392', rate: '151.37' }],
  rules: RULES
}

interface TransactionAnswer {
  readonly tid: string
  readonly rid: string | null
  readonly status: string
  readonly de39: string
  readonly decided_by: string
  readonly reason_code: string
  readonly billing_amount: string | null
  readonly hold: object | null
}

interface AdviceAnswer {
  readonly tid: string
  readonly rid: string
  readonly original_rid: string
  readonly message_type: string
  readonly state: string
  readonly attempts: number
  readonly next_at: string | null
}

/** Writes hundredths as the API does. */
export function major (units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(3, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function amountOf ({ amount, currency }: ModelPayment): string {
  return currency === '392' ? amount.toString() : major(amount)
}

/** A service whose clock stands still unless it is moved, its issuer, and the ledger that says what they must do. */
export class Real {
  #updates = 0

  private constructor (
    readonly ledger: Ledger, readonly service: TestService, readonly issuer: TestIssuer
  ) {}

  static async start (t: Test): Promise<Real> {
    const ledger = new Ledger()
    const issuer = await startIssuer(t)
    const service = await makeService(t, SCENARIO, { clock: () => new Date(ledger.nowMs) })
    const real = new Real(ledger, service, issuer)
    await real.put('/clients/123/issuer', {
      url: issuer.url, deadline_ms: LONG_MS, late_answer_ms: 0, throttle: { failures: 1000 }
    })
    await service.app.ready()
    return real
  }

  async #done (response: Promise<LightMyRequestResponse>): Promise<LightMyRequestResponse> {
    const { statusCode, body } = await response
    if (statusCode !== 200) throw new Error(`answered ${statusCode}: ${body}`)
    return await response
  }

  async put (path: string, body: object): Promise<void> {
    await this.#done(this.service.call('PUT', path, body))
  }

  async #read<Answer> (path: string): Promise<Answer> {
    return (await this.#done(this.service.read(path))).json()
  }

  /** Lets a payment arrive. `meanwhile` happens while the issuer is asked. */
  async pay (payment: ModelPayment, behaviour: IssuerBehaviour, meanwhile: () => Promise<void>): Promise<void> {
    const { ledger, issuer, service } = this
    const isAsked = ledger.asks(payment)
    const isSilent = isAsked && behaviour.outcome === 'timeout'
    if (isSilent) await this.put('/clients/123/issuer', { deadline_ms: SHORT_MS })
    issuer.behaviour = async (response, received) => {
      if (!isSilent) await meanwhile()
      await stepOf(behaviour)(response, received)
    }
    const asked = issuer.received.length
    const { transaction, trace, balances } = (await this.#done(service.call('POST', '/simulations/authorizations', {
      token: payment.token,
      amount: amountOf(payment),
      currency: payment.currency,
      kind: payment.kind,
      channel: payment.channel,
      message_type: payment.messageType,
      processor_decision: payment.processor === '00' ? null : payment.processor,
      partial_approval_capable: payment.partial
    }))).json()
    const expected = ledger.pay(payment, behaviour, transaction.tid, transaction.rid)
    equal('how the transaction is answered', transaction, { ...transaction, ...transactionOf(expected) })
    equal('the trace', trace.issuer?.outcome ?? null, outcomeOf(expected, isAsked, behaviour))
    const account = ledger.accountOf(expected.account)
    equal('the balances in the answer', balances, account === undefined ? null : balancesOf(account))
    if (isSilent) await this.put('/clients/123/issuer', { deadline_ms: LONG_MS })
    else equal('how often the issuer was asked', issuer.received.length - asked, isAsked ? 1 : 0)
  }

  /** Sends balances as the client does. */
  async update (account: ModelAccount, statement: Statement, asOfRid: bigint | undefined): Promise<void> {
    this.#updates += 1
    const number = (units: bigint): number => Number(major(units))
    const response = await this.#done(this.service.update({
      client_id: 123,
      api_call_unique_identifier: `u${this.#updates}`,
      balance_list: [{
        input_type: 'a',
        input_id: Number(account.id),
        act_balance: number(statement.actual),
        blk_balance: number(statement.blocked),
        bill_ccy: statement.currency
      }]
    }, asOfRid === undefined ? {} : { 'stip-sandbox-as-of-rid': asOfRid.toString() }))
    equal('how many items failed', response.json().body.total_failed, 0)
    this.ledger.set(account, statement, 'paymentology', asOfRid)
  }

  /** Sends advices: `first`, by hand, and all that are due as well. Ends once something has come of each. */
  async deliver (first: ModelAdvice, isTaken: boolean): Promise<void> {
    first.attempts = 0
    await this.#deliverBy(isTaken, [first], async () => {
      await this.#done(this.service.call('POST', `/advices/${first.rid}/retry`))
    })
  }

  /** Switches the issuer. Back on, it gets what has waited. */
  async switch (state: 'on' | 'off', isTaken: boolean): Promise<void> {
    this.ledger.issuerIsOn = state === 'on'
    await this.#deliverBy(isTaken, [], async () => { await this.put('/clients/123/issuer/state', { state }) })
  }

  /** Has advices sent, and all that are due as well. */
  async #deliverBy (isTaken: boolean, first: ModelAdvice[], begin: () => Promise<void>): Promise<void> {
    const { ledger, issuer } = this
    issuer.behaviour = isTaken ? reply(202, '') : reply(503, '')
    const due = ledger.issuerIsOn
      ? ledger.advices.filter(({ nextAtMs = Infinity }) => nextAtMs <= ledger.nowMs)
      : []
    const sent = new Set([...first, ...due])
    for (const advice of sent) ledger.deliver(advice, isTaken)
    await begin()
    for (const { tid, attempts, state } of sent) {
      const isSettled = (advice: AdviceAnswer | undefined): boolean =>
        advice?.attempts === attempts && (state === 'acknowledged') === (advice.state === 'acknowledged')
      while (!isSettled((await this.#advices(`&tid=${tid}`))[0])) await serveOthers()
    }
  }

  async cancel (advice: ModelAdvice): Promise<void> {
    await this.#done(this.service.call('DELETE', `/advices/${advice.rid}`))
    Object.assign(advice, { state: 'cancelled', nextAtMs: undefined })
  }

  async restore (): Promise<void> {
    await this.#done(this.service.call('POST', '/snapshots/scenario/restore'))
    this.ledger.restore()
  }

  async #advices (filter = ''): Promise<AdviceAnswer[]> {
    return (await this.#read<{ advices: AdviceAnswer[] }>(`/advices?limit=1000${filter}`)).advices
  }

  /** Holds everything that the service shows against the ledger. @throws naming what differs */
  async check (): Promise<void> {
    const { ledger } = this
    for (const account of ledger.accounts) {
      const shown = await this.#read<object>(`/accounts/${account.id}`)
      equal(`account ${account.id}`, shown, { ...shown, ...balancesOf(account) })
      if (account.newest === undefined) continue
      const { changes: [change] } = await this.#read<{
        changes: Array<{ after: object, lost_holds: string[], operation: { source: string } }>
      }>(`/accounts/${account.id}/history?limit=1`)
      const { lost_holds: lost, operation: { source } = {}, after } = change ?? {}
      equal(`the newest change of account ${account.id}`, { source, lost, after },
        { ...account.newest, after: balancesOf(account) })
    }
    const { transactions } = await this.#read<{ transactions: TransactionAnswer[] }>('/transactions?limit=1000')
    const shown = transactions.toReversed()
    equal('the transactions', shown,
      ledger.transactions.map((transaction, index) => ({ ...shown[index], ...transactionOf(transaction) })))
    this.#checkAdvices((await this.#advices()).toReversed())
  }

  #checkAdvices (shown: readonly AdviceAnswer[]): void {
    const { advices, transactions } = this.ledger
    for (const [index, advice] of advices.entries()) advice.rid ??= shown[index]?.rid
    equal('the advices', shown, advices.map(({ tid, rid, state, attempts, nextAtMs }, index) => ({
      ...shown[index],
      tid,
      rid,
      original_rid: transactions.find((transaction) => transaction.tid === tid)?.rid,
      message_type: '0120',
      state,
      attempts,
      next_at: nextAtMs === undefined ? null : new Date(nextAtMs).toISOString()
    })))
  }
}

/** @throws where the service shows something else than the ledger */
function equal (what: string, shown: unknown, expected: unknown): void {
  if (isDeepStrictEqual(shown, expected)) return
  throw new Error(`${what}: shown is ${JSON.stringify(shown)}\nand must be ${JSON.stringify(expected)}`)
}

function stepOf ({ outcome, de39, shadow }: IssuerBehaviour): Step {
  switch (outcome) {
    case 'timeout': return stayAway
    case 'connection': return hangUp
    case 'error': return reply(500, '{}')
    case 'invalid_answer': return reply(200, '<html>')
    case 'answered': return decide(de39, shadow === undefined ? {} : { SHADOW: shadowOf(shadow) })
  }
}

function shadowOf (shadow: Statement | 'unreadable'): object {
  if (shadow === 'unreadable') return { balances: 'none' }
  const { actual, blocked, currency } = shadow
  return { balances: [{ actual: major(actual), blocked: major(blocked), currency }] }
}

/** What the trace says of the asking. */
function outcomeOf ({ de39, account }: ModelTransaction, isAsked: boolean, { outcome }: IssuerBehaviour) {
  if (account === undefined || de39 === '96') return null
  return isAsked ? outcome : 'off'
}

function balancesOf ({ actual, blocked }: ModelAccount): object {
  return {
    actual_balance: major(actual), blocked_balance: major(blocked), available_balance: major(actual - blocked)
  }
}

function holdOf (hold: ModelHold | undefined): object | null {
  return hold === undefined ? null : { ...hold, amount: major(hold.amount), remaining: major(hold.remaining) }
}

function transactionOf (
  { tid, rid, state, payment, billing, de39, decidedBy, reason, hold }: ModelTransaction
): TransactionAnswer {
  return {
    tid,
    rid,
    status: state !== 'approved' ? state : payment.messageType === '0200' ? 'cleared' : 'pending',
    de39,
    decided_by: decidedBy,
    reason_code: reason,
    billing_amount: billing === undefined ? null : major(billing),
    hold: holdOf(hold)
  }
}
