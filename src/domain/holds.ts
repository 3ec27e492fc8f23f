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
  /** The approval's message: balances as of this RID or a later one contain the hold. */
  readonly rid: bigint
}

/**
 * An account's open holds that the issuer does not know of, or that the listing does not contain, and what its client
 * wants to become of them.
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
  /** What each of the holds is from now on, in their order: the sender knows it, or the listing contains it. */
  readonly holds: readonly Hold[]
}

/** What is left of an account's unaware holds once balances were set beside them. */
export function unawareAfter (
  unaware: UnawareHolds | undefined, beside: SetBeside | undefined
): UnawareHolds | undefined {
  return unaware && beside && { ...unaware, holds: beside.holds.filter(({ known }) => !known) }
}

/** What the same balances do once more: nothing is left that they could lose, or make known. */
export function onceMore (beside: SetBeside): SetBeside {
  return { ...beside, lost: [], holds: beside.holds.filter(({ known }) => !known) }
}

/**
 * Sets balances beside open holds that the issuer has not acknowledged (reference, 5.1). As published, both balances
 * are set and the holds are lost: that is flagged. `keep_holds` adds them to what was sent. A hold that the issuer
 * knows of is contained in what it sends, also one that was lost before.
 *
 * @param sent the balances as sent, in the account's minor units
 * @param asOfRid the last message that the sender knew; undefined where the sender does not say
 */
export function setBeside (
  sent: Balances, { holds, setting }: UnawareHolds, asOfRid: bigint | undefined
): SetBeside | 'out-of-range' {
  const isContained = (rid: bigint): boolean => asOfRid !== undefined && rid <= asOfRid
  const judged = holds.map((hold) => ({ ...hold, known: hold.known || isContained(hold.rid) }))
  const others = judged.filter(({ known }) => !known)
  const kept = setting === 'keep_holds'
  const blocked = kept ? others.reduce((sum, { remaining }) => sum + remaining, sent.blocked) : sent.blocked
  if (!isInt64(blocked)) return 'out-of-range'
  return {
    next: { ...sent, blocked },
    lost: kept ? [] : others.filter(({ counted }) => counted).map(({ tid }) => tid),
    // Balances as of a later message contain the hold.
    holds: judged.map((hold) => ({ ...hold, counted: hold.known || kept }))
  }
}
