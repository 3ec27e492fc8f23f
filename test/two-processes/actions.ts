import fc from 'fast-check'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import { AUTHORIZATION } from '../support/service.js'

/** Few accounts, so that actions meet in them. Each has a token, its number and 4000. */
export const ACCOUNTS: readonly number[] = [1001, 1002, 1003, 1004, 1005]

export const SCENARIO: ScenarioDocument = {
  clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123' }],
  accounts: ACCOUNTS.map(accountOf)
}

function accountOf (account: number): NonNullable<ScenarioDocument['accounts']>[number] {
  return {
    client_id: 123,
    account_id: String(account),
    currency: '404',
    actual_balance: '0.00',
    blocked_balance: '0.00',
    tokens: [String(account + 4000)]
  }
}

const account = fc.constantFrom(...ACCOUNTS)

/** What a client does next. */
export const anyAction = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      accounts: fc.uniqueArray(account, { minLength: 1 }),
      byToken: fc.boolean(),
      isStrict: fc.nat(4).map((place) => place === 0),
      // The same request goes to both processes at the same moment.
      both: fc.boolean()
    })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(), isOther: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set' as const), account }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create' as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const) }) })
export type Action = typeof anyAction extends fc.Arbitrary<infer Value> ? Value : never

/** A request with its answer, and when it was sent and answered. */
export interface Told {
  readonly kind: Action['kind']
  /** Of an update or a repetition. */
  readonly identifier: string | undefined
  readonly path: string
  readonly body: object | undefined
  readonly sentMs: number
  readonly answeredMs: number
  readonly status: number
  readonly answer: string
  readonly replayed: boolean
}

/** What an update's answer says of one of its items. */
export interface ItemResult {
  readonly index: number
  readonly status: 'updated' | 'failed'
  readonly input_id: string
  readonly account_id?: string
  readonly previous_actual?: string
  readonly actual?: string
}

/** Reads what an update that was answered with 200 says of its items. */
export function resultsOf ({ answer }: Told): readonly ItemResult[] {
  return (JSON.parse(answer) as { body: { results: ItemResult[] } }).body.results
}

/** Clients of two processes, and all that they were told. */
export class Clients {
  readonly told: Told[] = []
  readonly #addresses: readonly string[]
  /** Each amount is set once, so that a change in the history tells whose it is. */
  #amounts = 0

  constructor (addresses: readonly string[]) {
    this.#addresses = addresses
  }

  #nextAmount (): number {
    this.#amounts += 1
    return this.#amounts
  }

  /** Does one thing after the other, at the processes in turn. */
  async run (line: number, actions: readonly Action[]): Promise<void> {
    for (const [index, action] of actions.entries()) await this.#act(action, line + index)
  }

  async #act (action: Action, place: number): Promise<void> {
    switch (action.kind) {
      case 'update': return await this.#update(action, place)
      case 'repeat': return await this.#repeat(action, place)
      case 'create':
        return await this.#sandbox('create', place, 'POST', '/accounts', { accounts: [accountOf(action.account)] })
      case 'delete': return await this.#sandbox('delete', place, 'DELETE', `/accounts/${action.account}`)
      case 'restore': return await this.#sandbox('restore', place, 'POST', '/snapshots/scenario/restore')
      case 'set': return await this.#sandbox('set', place, 'PUT', `/accounts/${action.account}/balances`, {
        actual_balance: `${this.#nextAmount()}.00`, blocked_balance: '0.00', currency: '404', reason: 'by hand'
      })
    }
  }

  async #update (
    { accounts, byToken, isStrict, both }: Extract<Action, { kind: 'update' }>, place: number
  ): Promise<void> {
    const identifier = `update-${this.#nextAmount()}`
    const body = {
      client_id: 123,
      api_call_unique_identifier: identifier,
      balance_list: accounts.map((account) => ({
        input_type: byToken ? 't' : 'a',
        input_id: byToken ? account + 4000 : account,
        act_balance: this.#nextAmount(),
        blk_balance: 0,
        bill_ccy: '404'
      }))
    }
    const prefer = `return=representation${isStrict ? ', handling=strict' : ''}`
    const places = both ? [place, place + 1] : [place]
    await Promise.all(places.map(async (at) => { await this.#sendUpdate('update', at, identifier, body, prefer) }))
  }

  /** Sends an update again that was answered, or something else under its identifier. */
  async #repeat ({ which, isOther }: Extract<Action, { kind: 'repeat' }>, place: number): Promise<void> {
    const applied = this.told.filter(({ kind, status }) => kind === 'update' && status === 200)
    const earlier = applied[which % applied.length]
    if (earlier === undefined) return
    const { identifier = '', body } = earlier
    const sent = isOther ? { ...body, remarks: 'other' } : body
    await this.#sendUpdate('repeat', place, identifier, sent as object, 'return=representation')
  }

  async #sendUpdate (
    kind: 'update' | 'repeat', place: number, identifier: string, body: object, prefer: string
  ): Promise<void> {
    await this.#send(kind, place, '/ppws/api/v1/pws_update_balance', {
      method: 'POST',
      headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json', prefer },
      body: JSON.stringify(body)
    }, { identifier, body })
  }

  async #sandbox (kind: Action['kind'], place: number, method: string, path: string, body?: object): Promise<void> {
    await this.#send(kind, place, `/sandbox/v1${path}`, {
      method,
      headers: { ...AUTHORIZATION, ...body === undefined ? {} : { 'content-type': 'application/json' } },
      ...body === undefined ? {} : { body: JSON.stringify(body) }
    }, { body })
  }

  async #send (
    kind: Action['kind'],
    place: number,
    path: string,
    request: RequestInit,
    more: { identifier?: string, body: object | undefined }
  ): Promise<void> {
    const sentMs = performance.now()
    const response = await fetch(`${this.#addresses[place % this.#addresses.length] as string}${path}`, request)
    const answer = await response.text()
    this.told.push({
      kind,
      identifier: more.identifier,
      path,
      body: more.body,
      sentMs,
      answeredMs: performance.now(),
      status: response.status,
      answer,
      replayed: response.headers.has('idempotent-replayed')
    })
  }
}
