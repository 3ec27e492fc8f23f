import type { StandInRule } from '../../domain/stand-in-rule.js'

/** A rule's place in a list. */
export type RuleKey = Pick<StandInRule, 'clientId' | 'priority' | 'ruleId'>

/** What became of rules that were to be stored. Only after `stored` was anything written, and of a dry run nothing. */
export type RuleStorage =
  /** `created` tells whether all of them are new. */
  | { readonly kind: 'stored', readonly created: boolean }
  | { readonly kind: 'client-unknown' }
  /** A rule has the identifier of one that is there: another client's, or any where only new ones are stored. */
  | { readonly kind: 'taken', readonly ruleId: string, readonly clientId: number }
  | { readonly kind: 'too-many' }

/** How rules are stored. */
export interface RuleStorageOptions {
  /** Whether a rule of the same client with the same identifier is replaced. Else it refuses all. */
  readonly replaces: boolean
  /** How many rules the client may have afterwards. */
  readonly max: number
}

export interface StandInRuleStore {
  /** Lists rules by client, then by priority, then by identifier, behind a key. */
  listRules (clientId: number | undefined, after: RuleKey | undefined, limit: number): Promise<readonly StandInRule[]>
  readRule (ruleId: string): Promise<StandInRule | undefined>
  /** Stores rules of one client, all or none. */
  storeRules (rules: readonly StandInRule[], options: RuleStorageOptions, dryRun: boolean): Promise<RuleStorage>
  /** @returns the rule as it was, or undefined when there is none */
  deleteRule (ruleId: string, dryRun: boolean): Promise<StandInRule | undefined>
  /** Finds the currency (ISO 4217 numeric code) of the client's account with the lowest number. */
  findFirstCurrency (clientId: number): Promise<string | undefined>
}
