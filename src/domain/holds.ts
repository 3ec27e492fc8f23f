import type { StandInSettings } from './issuer-settings.js'
import { isInt64, type Balances } from './money.js'

/** What a stand-in approval keeps blocked. */
export interface Hold {
  readonly tid: bigint
  /** Minor units, above zero while the hold is open. */
  readonly remaining: bigint
  /** Whether the account's blocked balance contains it. */
  readonly counted: boolean
  /** Whether the issuer has acknowledged its advice, or has sent balances that contain it. */
  readonly known: boolean
  /**
   * The first message that went out about it: the request, or the advice where nobody asked. Balances as of this RID or
   * a later one contain the hold, and balances as of an earlier one do not.
   */
  readonly rid: bigint
}

/**
 * An account's open holds: at least those that stand apart from its balances. And what its client wants to become of
 * them.
 */
export interface UnawareHolds {
  readonly holds: readonly Hold[]
  readonly setting: StandInSettings['unaware_updates']
}

/** What balances do that are set by somebody who may not know of some holds. */
export interface SetBeside {
  readonly next: Balances
  /** The payments whose holds the balances wiped. */
  readonly lost: readonly bigint[]
  /** How many more holds stand apart from the balances than before; below zero for fewer. */
  readonly apart: number
  /** What each of the holds is from now on, in their order. */
  readonly holds: readonly Hold[]
}

/** Tells whether balances contain a hold. */
export type Contains = (hold: Hold) => boolean

/**
 * What the balances of a sender contain: the holds up to the message that it names, or those whose advices were
 * acknowledged.
 *
 * @param asOfRid the last message that the balances contain; undefined where the sender does not say
 */
export function containedAsOf (asOfRid: bigint | undefined): Contains {
  return asOfRid === undefined ? ({ known }) => known : ({ rid }) => rid <= asOfRid
}

/** Tells whether a hold stands apart from its account's balances: nobody sends it, or the listing has lost it. */
export function isApart ({ known, counted }: Hold): boolean {
  return !known || !counted
}

/** What an account's holds are once balances were set beside them. Those behind may say that they know of less. */
export function unawareAfter (
  unaware: UnawareHolds | undefined, beside: SetBeside | undefined
): UnawareHolds | undefined {
  return unaware && beside && { ...unaware, holds: beside.holds }
}

/** What the same balances do once more: nothing is left that they could lose, or make known. */
export function onceMore (beside: SetBeside): SetBeside {
  return { ...beside, lost: [], apart: 0 }
}

/**
 * Sets balances beside open holds (reference, 5.1). As published, both balances are set. A hold that they do not
 * contain is lost, and that is flagged; `keep_holds` adds it to what was sent.
 *
 * @param sent the balances as sent, in the account's minor units
 */
export function setBeside (
  sent: Balances, { holds, setting }: UnawareHolds, isContained: Contains
): SetBeside | 'out-of-range' {
  const others = holds.filter((hold) => !isContained(hold))
  const kept = setting === 'keep_holds'
  const blocked = kept ? others.reduce((sum, { remaining }) => sum + remaining, sent.blocked) : sent.blocked
  if (!isInt64(blocked)) return 'out-of-range'
  const judged = holds.map((hold) =>
    ({ ...hold, known: hold.known || isContained(hold), counted: kept || isContained(hold) }))
  return {
    next: { ...sent, blocked },
    lost: kept ? [] : others.filter(({ counted }) => counted).map(({ tid }) => tid),
    apart: judged.filter(isApart).length - holds.filter(isApart).length,
    holds: judged
  }
}
