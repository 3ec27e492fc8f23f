import type { Engine } from './engine.js'
import {
  deleteRule, findFirstCurrency, listRules, readRule, storeRules
} from './operations/stand-in-rules.js'
import type { StandInRuleStore } from './port/stand-in-rules.js'

/** Makes the part of the store that keeps rules. */
export function makeRuleMethods (engine: Engine): StandInRuleStore {
  const changeOrRehearse = (dryRun: boolean): Engine['change'] => dryRun ? engine.rehearse : engine.change
  return {
    listRules: async (clientId, after, limit) => await engine.read(listRules, clientId, after, limit),
    readRule: async (ruleId) => await engine.read(readRule, ruleId),
    storeRules: async (rules, options, dryRun) => await changeOrRehearse(dryRun)(storeRules, rules, options),
    deleteRule: async (ruleId, dryRun) => await changeOrRehearse(dryRun)(deleteRule, ruleId),
    findFirstCurrency: async (clientId) => await engine.read(findFirstCurrency, clientId)
  }
}
