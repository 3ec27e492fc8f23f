import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../clock.js'
import type { IssuerMessages } from '../domain/issuer-messages.js'
import type { DecidedPayment } from '../store/port/payments.js'
import type { Store } from '../store/port/store.js'
import { makeAdviceSender, type AdviceSender } from './advice-sender.js'
import { makeAuthorizer, type Authorizer } from './authorizer.js'
import type { Throttle } from '../fast/throttle.js'
import type { IssuerClient } from './issuer-client.js'

/** What decides payments, and tells issuers of it. */
export interface StandIn {
  readonly authorizer: Authorizer
  readonly sender: AdviceSender
  readonly throttle: Throttle
  /**
   * To be called when balances were set back: of one client, or of all. Forgets what the throttle counted, and ends the
   * calls about payments that were ended. Never rejected.
   */
  setBack (clientId?: number): Promise<void>
  /** Ends the asking of issuers, so that the payments under way are decided and answered: as if nobody had answered. */
  endAsking (): void
  /** Ends the calls to issuers. To be called when no payment is under way any more. */
  close (): Promise<void>
}

/** What stand-in needs. */
export interface StandInOptions {
  readonly store: Store
  readonly client: IssuerClient
  readonly throttle: Throttle
  readonly messages: IssuerMessages
  readonly answer: (decided: DecidedPayment) => string
  readonly clock: Clock
  readonly log: Pick<FastifyBaseLogger, 'warn'>
}

/** Puts stand-in together. */
export function makeStandIn (options: StandInOptions): StandIn {
  const sender = makeAdviceSender(options)
  const authorizer = makeAuthorizer({ ...options, onAdvised: sender.wake })
  return {
    authorizer,
    sender,
    throttle: options.throttle,
    setBack: async (clientId) => {
      // First: that calls end here says nothing of issuers.
      options.throttle.reset(clientId)
      await authorizer.endReset()
    },
    endAsking: () => { options.client.endAsking() },
    close: async () => {
      // First: else it would send on what the closed client refuses.
      const stopped = sender.stop()
      await options.client.close()
      await Promise.all([stopped, authorizer.settled()])
    }
  }
}
