import type { Currency } from './currency.js'
import type { Faults } from './faults.js'
import { readAmount, readCurrency, readNumber } from './fields.js'
import { formatAmount } from './money.js'
import { formatWindow, parseWindow, WINDOW_RULE, type RuleWindow } from './rule-window.js'

/** Which of the earlier payments a rule counts. */
export const COUNTED = ['approvals', 'stand_in_approvals', 'all'] as const
export type Counted = typeof COUNTED[number]

/** Merchant category codes (ISO 18245), the first and the last of a range: `5812` and `5814`, or twice the same. */
export interface CategoryRange {
  readonly from: string
  readonly to: string
}

/** Of what a rule allows the payments. An empty condition matches everything; all others must match. */
export interface RuleConditions {
  readonly accounts: readonly bigint[]
  readonly tokens: readonly bigint[]
  /** Such as `POS - Purchase`. */
  readonly spendTypes: readonly string[]
  readonly entryModes: readonly string[]
  readonly merchantCategories: readonly CategoryRange[]
  /** ISO 3166-1, two letters: `GB`. */
  readonly countries: readonly string[]
  readonly messageTypes: readonly string[]
}

/** A limit over a window. With `includeCurrent` the payment that is decided counts as well. */
export interface WindowLimit<Max> {
  readonly max: Max
  readonly window: RuleWindow
  readonly includeCurrent: boolean
}

/** Limits of amounts are minor units of `currency`. */
export interface RuleLimits {
  /** Undefined where there is no limit of an amount. */
  readonly currency: Currency | undefined
  readonly amount: { readonly max: bigint } | undefined
  readonly count: WindowLimit<number> | undefined
  readonly cumulative: WindowLimit<bigint> | undefined
}

/** A rule that allows payments in stand-in: those that meet its conditions and keep its limits. */
export interface StandInRule {
  readonly ruleId: string
  readonly clientId: number
  readonly name: string
  readonly active: boolean
  /** The lowest number comes first. */
  readonly priority: number
  readonly conditions: RuleConditions
  readonly limits: RuleLimits
  readonly counts: {
    readonly per: 'token' | 'account'
    readonly what: Counted
    /** Whether fully reversed and expired payments count as well. */
    readonly includeReversed: boolean
  }
}

interface WindowLimitDocument<Max> {
  readonly max: Max
  readonly window: string
  readonly include_current?: boolean
}

/** A rule as a document has it. Amounts are in major units, accounts and tokens are digits. */
export interface StandInRuleDocument {
  readonly rule_id: string
  readonly client_id: number
  readonly name?: string
  readonly active?: boolean
  readonly priority?: number
  readonly applies_to?: { readonly accounts?: string[], readonly tokens?: string[] }
  readonly when?: {
    readonly spend_types?: string[]
    readonly entry_modes?: string[]
    /** Such as `5411` or `5812-5814`. */
    readonly merchant_categories?: string[]
    readonly countries?: string[]
    readonly message_types?: string[]
  }
  readonly limits?: {
    /** ISO 4217 code, numeric or alphabetic. */
    readonly currency?: string
    readonly amount?: { readonly max: string }
    readonly count?: WindowLimitDocument<number>
    readonly cumulative?: WindowLimitDocument<string>
  }
  readonly counts?: {
    readonly per?: 'token' | 'account'
    readonly what?: Counted
    readonly include_reversed?: boolean
  }
}

/** How many rules a client may have: each decision in stand-in evaluates all of them. */
export const MAX_RULES_PER_CLIENT = 100

/** The priority of a rule that names none. */
export const DEFAULT_PRIORITY = 100

/**
 * Checks what a schema cannot: that numbers fit 64 bits, that ranges are in order, that windows can be read, and that
 * limits of amounts have a currency and fit it.
 *
 * @param place of the rule, such as `rules[3]`; empty where the rule is the whole document
 * @returns the rule; of no use when there are faults
 */
export function readRule (document: StandInRuleDocument, place: string, faults: Faults): StandInRule {
  const at = (field: string): string => place === '' ? field : `${place}.${field}`
  const { rule_id: ruleId, client_id: clientId, applies_to: appliesTo = {}, when = {}, counts = {} } = document
  const numbers = (field: 'accounts' | 'tokens'): bigint[] => (appliesTo[field] ?? []).map((digits, index) =>
    readNumber(at(`applies_to.${field}[${index}]`), digits, faults))
  return {
    ruleId,
    clientId,
    name: document.name ?? ruleId,
    active: document.active ?? true,
    priority: document.priority ?? DEFAULT_PRIORITY,
    conditions: {
      accounts: numbers('accounts'),
      tokens: numbers('tokens'),
      spendTypes: when.spend_types ?? [],
      entryModes: when.entry_modes ?? [],
      merchantCategories: (when.merchant_categories ?? []).map((range, index) =>
        readCategories(at(`when.merchant_categories[${index}]`), range, faults)),
      countries: when.countries ?? [],
      messageTypes: when.message_types ?? []
    },
    limits: readLimits(document.limits ?? {}, at('limits'), faults),
    counts: {
      per: counts.per ?? 'token', what: counts.what ?? 'approvals', includeReversed: counts.include_reversed ?? false
    }
  }
}

function readCategories (place: string, range: string, faults: Faults): CategoryRange {
  const [from = '', to = from] = range.split('-')
  if (from > to) faults.add(place, `is ${range}, which ends before it begins. Write ${to}-${from}`)
  return { from, to }
}

function readLimits (
  { currency: code, amount, count, cumulative }: NonNullable<StandInRuleDocument['limits']>, place: string,
  faults: Faults
): RuleLimits {
  const currency = code === undefined ? undefined : readCurrency(`${place}.currency`, code, faults)
  if (code === undefined && (amount !== undefined || cumulative !== undefined)) {
    faults.add(`${place}.currency`, 'is missing. A limit of an amount (amount, cumulative) needs it')
  }
  const read = (field: string, text: string): bigint =>
    currency === undefined ? 0n : readLimit(`${place}.${field}.max`, text, currency, faults)
  return {
    currency,
    amount: amount && { max: read('amount', amount.max) },
    count: count && { max: count.max, ...readWindow(`${place}.count`, count, false, faults) },
    cumulative: cumulative && {
      max: read('cumulative', cumulative.max), ...readWindow(`${place}.cumulative`, cumulative, true, faults)
    }
  }
}

function readLimit (place: string, text: string, currency: Currency, faults: Faults): bigint {
  const max = readAmount(place, text, currency, faults)
  if (max < 0n) faults.add(place, 'must not be negative')
  return max
}

/** @param includeCurrent what holds where the document does not say it: the processor's published example */
function readWindow (
  place: string, { window: text, include_current: given }: WindowLimitDocument<unknown>, includeCurrent: boolean,
  faults: Faults
): { window: RuleWindow, includeCurrent: boolean } {
  const window = parseWindow(text)
  if (window === undefined) faults.add(`${place}.window`, WINDOW_RULE)
  return { window: window ?? { kind: 'day' }, includeCurrent: given ?? includeCurrent }
}

/** Writes a rule in full: {@link readRule} of it gives the same. */
export function writeRule ({
  ruleId, clientId, name, active, priority, conditions, limits, counts
}: StandInRule): Required<StandInRuleDocument> {
  return {
    rule_id: ruleId,
    client_id: clientId,
    name,
    active,
    priority,
    applies_to: { accounts: conditions.accounts.map(String), tokens: conditions.tokens.map(String) },
    when: {
      spend_types: [...conditions.spendTypes],
      entry_modes: [...conditions.entryModes],
      merchant_categories: conditions.merchantCategories.map(({ from, to }) => from === to ? from : `${from}-${to}`),
      countries: [...conditions.countries],
      message_types: [...conditions.messageTypes]
    },
    limits: writeLimits(limits),
    counts: { per: counts.per, what: counts.what, include_reversed: counts.includeReversed }
  }
}

/** A limit that there is not is left out, because a limit of nothing would allow nothing. */
function writeLimits (
  { currency, amount, count, cumulative }: RuleLimits
): NonNullable<StandInRuleDocument['limits']> {
  const window = ({ window, includeCurrent }: WindowLimit<unknown>): { window: string, include_current: boolean } =>
    ({ window: formatWindow(window), include_current: includeCurrent })
  return {
    ...count && { count: { max: count.max, ...window(count) } },
    ...currency && {
      currency: currency.numericCode,
      ...amount && { amount: { max: formatAmount(amount.max, currency) } },
      ...cumulative && { cumulative: { max: formatAmount(cumulative.max, currency), ...window(cumulative) } }
    }
  }
}
