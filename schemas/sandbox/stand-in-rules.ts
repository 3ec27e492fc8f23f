import { Type, type Static } from '@sinclair/typebox'
import { Int32Text } from '../address.js'
import { DryRunQuery } from '../dry-run.js'
import { TypedCurrency } from '../numbers.js'
import { RULE_EXAMPLE, RuleId, StandInRule } from '../stand-in-rule.js'
import { NextCursor, PageQuery } from './pages.js'

/** The documents of the API, with an example each. */
export const StandInRuleBody = Type.Unsafe<StandInRule>({ ...StandInRule, examples: [RULE_EXAMPLE] })

export const RuleParameters = Type.Object({ rule_id: RuleId })

export const RuleQuery = Type.Object({
  client_id: Type.Optional(Int32Text({ description: 'Only the rules of this client.' })),
  ...PageQuery.properties
}, { additionalProperties: false })

export const RulePage = Type.Object({
  rules: Type.Array(StandInRule, { description: 'By client, then by priority, then by `rule_id`.' }),
  next_cursor: NextCursor
}, {
  title: 'StandInRulePage',
  description: 'Rules in the order in which they are evaluated.',
  examples: [{ rules: [RULE_EXAMPLE], next_cursor: null }]
})
export type RulePage = Static<typeof RulePage>

/** The names of the presets. */
export const PRESET_NAMES = ['visa-like', 'paymentology-example'] as const

export const PresetParameters = Type.Object({
  name: Type.Unsafe<typeof PRESET_NAMES[number]>({
    type: 'string', enum: PRESET_NAMES, description: 'The name of the preset.', examples: ['visa-like']
  })
})

export const PresetQuery = Type.Object({
  client_id: Int32Text({ description: 'The client that gets the rules.' }),
  currency: Type.Optional(TypedCurrency({
    description: 'The currency of the limits. Default: that of the client\'s account with the lowest number.'
  })),
  ...DryRunQuery.properties
}, { additionalProperties: false })

export const Presets = Type.Object({
  presets: Type.Array(Type.Object({
    name: Type.String(),
    description: Type.String({ description: 'What its rules allow. Amounts are in the currency of the limits.' })
  }))
}, {
  title: 'StandInPresets',
  description: 'Sets of rules to begin with.',
  examples: [{ presets: [{ name: 'paymentology-example', description: 'Purchases up to 5000, …' }] }]
})

export const PresetRules = Type.Object({ rules: Type.Array(StandInRule) }, {
  title: 'StandInPresetRules',
  description: 'The rules that were made.',
  examples: [{ rules: [RULE_EXAMPLE] }]
})
