import type { LightMyRequestResponse } from 'fastify'
import type { AppOptions } from '../../src/app.js'
import type { Test } from './folder.js'
import { startIssuer, type Step, type TestIssuer } from './issuer.js'
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
  /** Reads a transaction once something has come. Only what never comes takes minutes. */
  readonly wait: (tid: string, event: string) => Promise<Record<string, unknown>>
}

/** The longest deadline that an issuer may have. */
const DEADLINE_MS_MAX = 30_000

/** How often something is waited for, 20 seconds each time. */
const WAITS_MAX = 9

/** Starts a service whose client 123 has an issuer and a rule. */
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
      for (let waits = 1; ; waits += 1) {
        const found = (await read(`/transactions/${tid}?wait_for=${event}&timeout_ms=20000`)).json()
        if (found.reached === true || waits === WAITS_MAX) return found
      }
    }
  }
}

/** A payment whose issuer has got its request, and has not answered it in time. */
export interface LatePayment extends StandInService {
  readonly answer: LightMyRequestResponse
  readonly deadlineMs: number
}

/**
 * Pays with a deadline that the issuer lets pass. On a slow machine a short one may pass before the request goes out;
 * then a longer one is tried, in another service.
 *
 * @param step what the issuer does with the request, which is no answer in time
 */
export async function payTooLate (t: Test, step: Step, options: Partial<AppOptions> = {}): Promise<LatePayment> {
  for (let deadlineMs = 100; ; deadlineMs = Math.min(4 * deadlineMs, DEADLINE_MS_MAX)) {
    const service = await makeStandInService(t, { ...options, deadlineMs })
    const { issuer, pay } = service
    issuer.script.push(step)
    const answer = await pay()
    if (!/^no complete answer/.test(answer.json().trace.issuer.reason) && deadlineMs < DEADLINE_MS_MAX) continue
    await issuer.hasReceived(1)
    return { ...service, answer, deadlineMs }
  }
}
