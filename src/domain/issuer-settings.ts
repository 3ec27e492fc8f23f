import type { Faults } from './faults.js'

/** When the issuer is left alone for a while: after so many failures within a time, for a time. */
export interface ThrottleSettings {
  readonly failures: number
  readonly within_ms: number
  readonly for_ms: number
}

/** A header that the sandbox sends with each message, for the issuer's own authentication. */
export interface IssuerHeader {
  readonly name: string
  readonly value: string
}

/** Where and how a client's issuer is asked. The names are those of the API and of the database. */
export interface IssuerSettings {
  readonly url: string
  /** Where decisions are told afterwards; null for nowhere. */
  readonly passive_url: string | null
  /** The time for a complete answer, the connection included. */
  readonly deadline_ms: number
  /** How long after the deadline an answer is still read and recorded. It is never applied. */
  readonly late_answer_ms: number
  readonly throttle: ThrottleSettings
  /** Which failures count for the throttle. */
  readonly throttle_on: readonly FailureKind[]
  readonly header: IssuerHeader | null
}

/** How an issuer fails to answer (the switches of {@link StandInSettings} have the same names). */
export const FAILURE_KINDS = ['timeout', 'connection', 'error', 'invalid_answer'] as const
export type FailureKind = typeof FAILURE_KINDS[number]

/**
 * What holds unless a client sets it otherwise. The deadline is that of Stripe, Adyen and Airwallex; the throttle's
 * figures are those that Oracle's session border controller publishes for the same pattern.
 */
export const ISSUER_DEFAULTS: Omit<IssuerSettings, 'url'> = {
  passive_url: null,
  deadline_ms: 2000,
  late_answer_ms: 30_000,
  throttle: { failures: 5, within_ms: 10_000, for_ms: 15_000 },
  throttle_on: ['timeout'],
  header: null
}

/** How a client's stand-in decides. */
export const STAND_IN_MODES = ['basic', 'enhanced', 'enhanced_with_listing'] as const

/** How stand-in decides for a client. The names are those of the API and of the database. */
export interface StandInSettings {
  readonly mode: typeof STAND_IN_MODES[number]
  /** The failures that the client stands in for. Of any other kind, a payment is declined with 91. */
  readonly stand_in_on: readonly FailureKind[]
  /** What mode `basic` declines with. */
  readonly decline_code: '05' | '91'
  /** Whether nobody asks the issuer, and stand-in decides everything. */
  readonly manual: boolean
  /** What an update of balances does whose sender does not know of a hold. */
  readonly unaware_updates: 'overwrite' | 'keep_holds'
}

export const STAND_IN_DEFAULTS: StandInSettings = {
  mode: 'enhanced_with_listing',
  stand_in_on: FAILURE_KINDS,
  decline_code: '05',
  manual: false,
  unaware_updates: 'overwrite'
}

/** What a client has chosen of how stand-in decides. The rest is as {@link STAND_IN_DEFAULTS} has it. */
export type StandInChoice = Partial<StandInSettings>

/** What a client has chosen of how its issuer is asked. The rest is as {@link ISSUER_DEFAULTS} has it. */
export interface IssuerChoice extends Partial<Omit<IssuerSettings, 'url' | 'throttle'>> {
  readonly url: string
  readonly throttle?: Partial<ThrottleSettings>
}

export function completeStandIn (choice: StandInChoice): StandInSettings {
  return { ...STAND_IN_DEFAULTS, ...choice }
}

export function completeIssuer (choice: IssuerChoice): IssuerSettings {
  return { ...ISSUER_DEFAULTS, ...choice, throttle: { ...ISSUER_DEFAULTS.throttle, ...choice.throttle } }
}

/** What is to be set of an issuer. What is left out stays as it is. */
export interface IssuerChange extends Partial<Omit<IssuerChoice, 'header'>> {
  /** A value of null is the one that the header of this name has already. */
  readonly header?: { readonly name: string, readonly value: string | null } | null
}

/**
 * Merges what is sent with what a client has chosen before.
 *
 * @param before undefined for a client without an issuer
 * @returns the choice; of no use when there are faults
 */
export function mergeIssuer (before: IssuerChoice | undefined, sent: IssuerChange, faults: Faults): IssuerChoice {
  const { header: sentHeader, ...others } = sent
  const url = sent.url ?? before?.url
  if (url === undefined) faults.add('url', 'is required, because the client has no issuer yet')
  const merged = { ...before, ...others, url: url ?? '' }
  const throttle = { ...before?.throttle, ...sent.throttle }
  return {
    ...merged,
    ...Object.keys(throttle).length === 0 ? {} : { throttle },
    ...sentHeader === undefined ? {} : { header: mergeHeader(before?.header, sentHeader, faults) }
  }
}

function mergeHeader (
  before: IssuerHeader | null | undefined, sent: NonNullable<IssuerChange['header']> | null, faults: Faults
): IssuerHeader | null {
  if (sent === null) return null
  const { name, value } = sent
  const kept = value ?? (before?.name === name ? before.value : undefined)
  if (kept === undefined) faults.add('header.value', `is required, because no value of ${name} is known`)
  return { name, value: kept ?? '' }
}
