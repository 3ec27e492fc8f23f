import type { Money } from './payment.js'
import type { CategoryRange, RuleConditions } from './stand-in-rule.js'

/** What a condition is compared with. */
export interface Described {
  readonly token: bigint
  readonly spendType: string
  readonly entryMode: string
  /** Merchant category code, four digits. */
  readonly category: string
  readonly country: string
  readonly messageType: string
}

/** The payment that is to be decided, as rules see it. */
export interface RuleFacts extends Described {
  readonly accountId: bigint
  readonly clientId: number
  /** In the account's currency, never negative. */
  readonly billing: Money
  /** When it is decided, milliseconds since 1970. Windows end here: later payments do not count. */
  readonly atMs: number
}

/** A condition that rules may have. */
interface Condition<Facts> {
  readonly name: string
  readonly isSet: (conditions: RuleConditions) => boolean
  readonly matches: (conditions: RuleConditions, facts: Facts) => boolean
  readonly valueOf: (facts: Facts) => string
}

/** Makes a condition that one of the values that a rule allows meets. */
function anyOf<Facts, Allowed, Value extends bigint | string> (
  name: string, allowedBy: (conditions: RuleConditions) => readonly Allowed[], valueOf: (facts: Facts) => Value,
  meets: (allowed: Allowed, value: Value) => boolean
): Condition<Facts> {
  return {
    name,
    isSet: (conditions) => allowedBy(conditions).length > 0,
    matches: (conditions, facts) => {
      const value = valueOf(facts)
      return allowedBy(conditions).some((allowed) => meets(allowed, value))
    },
    valueOf: (facts) => valueOf(facts).toString()
  }
}

const isSame = (allowed: bigint | string, value: bigint | string): boolean => allowed === value

/** Of a payment that is decided only: the earlier ones are of the same account. */
export const ACCOUNTS = anyOf('accounts', ({ accounts }) => accounts, ({ accountId }: RuleFacts) => accountId, isSame)

/** What every payment is compared with, also an earlier one. */
export const CONDITIONS: ReadonlyArray<Condition<Described>> = [
  anyOf('tokens', ({ tokens }) => tokens, ({ token }) => token, isSame),
  anyOf('spend_types', ({ spendTypes }) => spendTypes, ({ spendType }) => spendType, isSame),
  anyOf('entry_modes', ({ entryModes }) => entryModes, ({ entryMode }) => entryMode, isSame),
  anyOf('merchant_categories', ({ merchantCategories }) => merchantCategories, ({ category }) => category, contains),
  anyOf('countries', ({ countries }) => countries, ({ country }) => country, isSame),
  anyOf('message_types', ({ messageTypes }) => messageTypes, ({ messageType }) => messageType, isSame)
]

/** Codes have four digits each, so that their order as texts is that of their numbers. */
function contains ({ from, to }: CategoryRange, category: string): boolean {
  return from <= category && category <= to
}
