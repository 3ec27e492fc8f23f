import { Faults } from '../../src/domain/faults.js'
import { readRule, type StandInRule, type StandInRuleDocument } from '../../src/domain/stand-in-rule.js'

/** Reads a rule that the test takes for granted. */
export function rule (document: Partial<StandInRuleDocument>): StandInRule {
  const faults = new Faults()
  const read = readRule({ rule_id: 'r', client_id: 1, ...document }, '', faults)
  faults.refuse()
  return read
}
