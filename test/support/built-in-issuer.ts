import { setImmediate } from 'node:timers/promises'
import { makeService, type TestService } from './service.js'
import type { Test } from './folder.js'

/** A FAST message with what a built-in issuer reads of it. */
export function fastMessage (type = '0100', summary: object = {}, iso: object = {}): object {
  return {
    MESSAGE_TYPE: { Message_Type: type, Message_Desc: 'x' },
    SUMMARY: {
      TID: '42',
      RID: '910001',
      Transaction_Amount: '18.40',
      Billing_Amount: '2990.00',
      Billing_Currency: 'KES',
      Processor_Decision_Code: '00',
      ...summary
    },
    PROCESSOR_VALIDATIONS: {},
    ISO_MSG: { DE2: '12345', DE3_1: '00', ...iso },
    RULES: []
  }
}

/** A service that listens, with built-in issuers to be asked. */
export interface IssuerService extends TestService {
  readonly address: string
  /** Sets the issuer `main`. */
  readonly define: (definition: object) => Promise<void>
  /** Sends a message to the issuer `main`. */
  readonly ask: (message?: unknown, init?: RequestInit) => Promise<Response>
  /** Waits until so many answers wait. */
  readonly untilWaiting: (count: number) => Promise<void>
}

export async function serveIssuer (t: Test, options: Parameters<typeof makeService>[2] = {}): Promise<IssuerService> {
  const service = await makeService(t, undefined, options)
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  const waiting = async (): Promise<number> => (await service.read('/issuers/main')).json().waiting
  return {
    ...service,
    address,
    define: async (definition) => {
      const response = await service.call('PUT', '/issuers/main', definition)
      if (response.statusCode !== 200) throw new Error(response.body)
    },
    ask: async (message = fastMessage(), init = {}) => await fetch(`${address}/issuer/main`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(message), ...init
    }),
    untilWaiting: async (count) => {
      // Each look is a turn of the event loop of its own.
      while (await waiting() !== count) await setImmediate()
    }
  }
}
