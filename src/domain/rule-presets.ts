import type { StandInRuleDocument } from './stand-in-rule.js'

/** Rules to begin with. Their amounts are whole units, so that they fit every currency. */
interface Preset {
  readonly name: string
  /** What the rules allow, in words. */
  readonly description: string
  /** Each rule's identifier gets the client's number behind it. */
  readonly rules: ReadonlyArray<Omit<StandInRuleDocument, 'client_id'>>
}

const PURCHASES = ['POS - Purchase', 'ECOM - Purchase', 'MOTO - Purchase']
const CASH = ['ATM - Withdrawal', 'POS - Withdrawal', 'POS - Cash Advance', 'ATM - Cash Advance']

/**
 * Visa's stand-in knows the highest count, the highest sum and the highest single amount, apart for purchases and for
 * cash. The figures are ours: Visa's issuers choose their own. The other preset has the figures of the processor's
 * published example.
 */
export const PRESETS: readonly Preset[] = [
  {
    name: 'visa-like',
    description: 'Purchases up to 200 each, at most 10 and 1000 in all a day; cash up to 100 each, at most 3 and 200 ' +
      'in all a day. A day is the last 24 hours. Payments in stand-in count, per account.',
    rules: [
      {
        rule_id: 'visa-purchase',
        name: 'Purchases',
        priority: 10,
        when: { spend_types: PURCHASES },
        limits: limitsOf('200', 10, '1000'),
        counts: { per: 'account', what: 'stand_in_approvals' }
      },
      {
        rule_id: 'visa-cash',
        name: 'Cash',
        priority: 20,
        when: { spend_types: CASH },
        limits: limitsOf('100', 3, '200'),
        counts: { per: 'account', what: 'stand_in_approvals' }
      }
    ]
  },
  {
    name: 'paymentology-example',
    description: 'Purchases up to 5000 each by chip or contactless, after at most 3 in the last 3 hours, and at most ' +
      '7000 in all in the last 24 hours. Approvals count, per card.',
    rules: [{
      rule_id: 'paymentology-example',
      name: 'Small purchases',
      priority: 10,
      when: { spend_types: ['POS - Purchase', 'ECOM - Purchase'], entry_modes: ['chip', 'contactless'] },
      limits: {
        amount: { max: '5000' },
        count: { max: 3, window: 'PT3H', include_current: false },
        cumulative: { max: '7000', window: 'PT24H', include_current: true }
      }
    }]
  }
]

function limitsOf (amount: string, count: number, sum: string): NonNullable<StandInRuleDocument['limits']> {
  const window = 'PT24H'
  return {
    amount: { max: amount },
    count: { max: count, window, include_current: true },
    cumulative: { max: sum, window, include_current: true }
  }
}

/**
 * Makes the rules of a preset for a client.
 *
 * @param currency ISO 4217 code of the limits
 */
export function presetRules (name: string, clientId: number, currency: string): StandInRuleDocument[] {
  return PRESETS.filter((preset) => preset.name === name).flatMap(({ rules }) => rules).map((rule) => ({
    ...rule, rule_id: `${rule.rule_id}-${clientId}`, client_id: clientId, limits: { currency, ...rule.limits }
  }))
}
