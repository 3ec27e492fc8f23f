import { Type } from '@sinclair/typebox'

const count = (what: string) => Type.Integer({ minimum: 0, description: `How many ${what} were made.` })

export const ScenarioLoaded = Type.Object({
  clients: count('clients'),
  accounts: count('accounts'),
  rates: count('rates'),
  rules: Type.Optional(Type.Integer({
    minimum: 1, description: 'How many stand-in rules were made. Left out where there were none.'
  }))
}, {
  title: 'ScenarioLoaded',
  description: 'All of it is loaded, and durable.',
  examples: [{ clients: 2, accounts: 7, rates: 5, rules: 2 }]
})

/**
 * Room for more than a million accounts. All of them are held until they are written, so that it limits memory, too.
 */
export const SCENARIO_LIMIT_BYTES = 256 * 1024 * 1024
