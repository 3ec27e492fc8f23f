import type { LightMyRequestResponse } from 'fastify'
import type { AppOptions } from '../../src/app.js'
import type { Test } from './folder.js'
import { startIssuer, type TestIssuer } from './issuer.js'
import { makeService, NOW, type TestService } from './service.js'

/** The card of account {@link ACCOUNT}, 1000.00 KES with 10.00 blocked, of client 123. */
export const TOKEN = '12345'
export const ACCOUNT = '9007199254740993'

/** 100.00 KES, the account's own currency. */
export const PAYMENT = { token: TOKEN, amount: '100.00', currency: 'KES' }

/** Allows every payment. */
export const ANY_PAYMENT = { rule_id: 'any', client_id: 123, name: 'Any payment', priority: 10 }

/** The clock stands: no advice becomes due by itself, so that none takes a step of the issuer's script. */
export const STILL = { clock: (): Date => NOW }

/** A service with a client that has an issuer and a rule. */
export interface StandInService extends TestService {
  readonly issuer: TestIssuer
  readonly pay: (members?: object) => Promise<LightMyRequestResponse>
  /** The balances of the account: actual and blocked. */
  readonly balances: () => Promise<readonly [actual: string, blocked: string]>
  /** Reads a transaction once something has come. */
  readonly wait: (tid: string, event: string) => Promise<Record<string, unknown>>
}

/** Starts a service whose client 123 has an issuer and a rule. A test in which it is silent gives a short deadline. */
export async function makeStandInService (
  t: Test, { deadlineMs = 20_000, rules = [ANY_PAYMENT], ...options }: {
    readonly deadlineMs?: number, readonly rules?: readonly object[]
  } & Partial<AppOptions> = {}
): Promise<StandInService> {
  const issuer = await startIssuer(t)
  const service = await makeService(t, undefined, { clock: () => new Date(), ...options })
  const { call, read } = service
  const succeed = async (response: Promise<LightMyRequestResponse>): Promise<void> => {
    const { statusCode, body } = await response
    if (statusCode >= 300) throw new Error(body)
  }
  await succeed(call('PUT', '/clients/123/issuer', {
    url: issuer.url, deadline_ms: deadlineMs, throttle: { failures: 1000 }
  }))
  for (const rule of rules) await succeed(call('POST', '/stand-in/rules', rule))
  await service.app.ready()
  return {
    ...service,
    issuer,
    pay: async (members = {}) => await call('POST', '/simulations/authorizations', { ...PAYMENT, ...members }),
    balances: async () => {
      const { actual_balance: actual, blocked_balance: blocked } = (await read(`/accounts/${ACCOUNT}`)).json()
      return [actual, blocked]
    },
    wait: async (tid, event) => {
      // The short deadline was for the request that it does not answer.
      await succeed(call('PUT', '/clients/123/issuer', { deadline_ms: 20_000 }))
      return (await read(`/transactions/${tid}?wait_for=${event}&timeout_ms=20000`)).json()
    }
  }
}
