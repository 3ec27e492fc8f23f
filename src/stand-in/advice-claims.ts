import type { Admission, Throttle } from '../fast/throttle.js'
import {
  DELIVERY_LEASE_MS, type AdviceClaim, type AdviceStore, type DueAdvice, type DueTimes
} from '../store/port/advices.js'

/** How many messages are under way at once to one issuer: one that is slow keeps no other waiting. */
const UNDER_WAY_MAX = 16

/** What is taken of a client's advices. */
export interface Claim extends AdviceClaim {
  /** Behind a throttle: the leave to send one. */
  readonly probe?: Admission
}

/**
 * Says how many advices of each client may be sent now. A throttled issuer is left alone (reference, section 6). Then
 * one message probes it: an advice where no payment came before.
 */
export function claimsFor (
  { advicesInMs }: DueTimes,
  { underWay, throttle, nowMs }: {
    readonly underWay: readonly DueAdvice[], readonly throttle: Throttle, readonly nowMs: number
  }
): Claim[] {
  return [...advicesInMs].filter(([, inMs]) => inMs <= 0).flatMap(([clientId]) => {
    const limit = UNDER_WAY_MAX - underWay.filter((advice) => advice.clientId === clientId).length
    if (limit <= 0) return []
    if (throttle.stateOf(clientId, nowMs) === 'on') return [{ clientId, limit }]
    const probe = throttle.admit(clientId, nowMs)
    return probe === undefined ? [] : [{ clientId, limit: 1, probe }]
  })
}

/** Takes advices and sends them. A probe for which none was taken is left to the next message. */
export async function takeAdvices (
  store: Pick<AdviceStore, 'claimAdvices'>, claims: readonly Claim[],
  send: (advice: DueAdvice, probe: Admission | undefined) => void
): Promise<void> {
  const probes = new Map(claims.map(({ clientId, probe }) => [clientId, probe]))
  try {
    for (const advice of await store.claimAdvices(claims, DELIVERY_LEASE_MS)) {
      send(advice, probes.get(advice.clientId))
      probes.delete(advice.clientId)
    }
  } finally {
    for (const probe of probes.values()) probe?.release()
  }
}
