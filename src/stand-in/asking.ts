import type { FastifyBaseLogger } from 'fastify'
import type { PaymentStore } from '../store/port/payments.js'
import type { IssuerClient } from './issuer-client.js'

const NOT_ENDED = 'whether a payment was ended could not be read: its issuer is asked until the deadline'

/** The issuers that are asked now, by payment, with those of which a late answer may come. */
export class Asking {
  readonly #store: Pick<PaymentStore, 'readTransaction'>
  readonly #log: Pick<FastifyBaseLogger, 'warn'>
  readonly #ends = new Map<bigint, (reason: string) => void>()
  #resets = 0

  constructor (store: Pick<PaymentStore, 'readTransaction'>, log: Pick<FastifyBaseLogger, 'warn'>) {
    this.#store = store
    this.#log = log
  }

  /** How often balances were set back. */
  get resets (): number {
    return this.#resets
  }

  /** @param resets how often balances had been set back before the payment was received */
  add (tid: bigint, { late, end }: Pick<ReturnType<IssuerClient['ask']>, 'late' | 'end'>, resets: number): void {
    this.#ends.set(tid, end)
    late.then(() => this.#ends.delete(tid))
    if (resets !== this.#resets) this.#endIfReset(tid, end)
  }

  /** To be called when balances were set back: ends the asking about payments that this has ended. Never rejected. */
  async endReset (): Promise<void> {
    this.#resets += 1
    await Promise.all([...this.#ends].map(async ([tid, end]) => { await this.#endIfReset(tid, end) }))
  }

  async #endIfReset (tid: bigint, end: (reason: string) => void): Promise<void> {
    try {
      const found = await this.#store.readTransaction(tid)
      if (found === undefined || found.state === 'reset') end('balances were set back')
    } catch (error) {
      this.#log.warn({ err: error, tid: tid.toString() }, NOT_ENDED)
    }
  }
}
