import { Faults } from '../../domain/faults.js'
import { readRule as readDocument, writeRule, type StandInRule } from '../../domain/stand-in-rule.js'
import { change, reading } from '../engine.js'
import type { RuleKey, RuleStorage, RuleStorageOptions } from '../port/stand-in-rules.js'
import { all, eachFirst, eachRun, first, FOR_UPDATE, int8, run, sql, statement, text, type Operation } from '../sql.js'
import { insertEvent, insertEvents } from './events.js'

interface RuleRow {
  definition: string
}

const FIND_OWNER = statement`SELECT client_id FROM stand_in_rules WHERE rule_id = ${text}`
const REMOVE = statement`DELETE FROM stand_in_rules WHERE rule_id = ${text} AND client_id = ${int8}`
const INSERT = statement`INSERT INTO stand_in_rules (rule_id, client_id, priority, definition)
  VALUES (${text}, ${int8}, ${int8}, ${text})`

/** Finds all rules of a client, inactive ones too, by priority and then by identifier, as a part of an operation. */
export function * findRules (clientId: number): Operation<readonly StandInRule[]> {
  const rows = yield * all<RuleRow>(sql`SELECT definition FROM stand_in_rules WHERE client_id = ${BigInt(clientId)}
    ORDER BY priority, rule_id`)
  return rows.map(ruleOf)
}

/** Lists rules by client, then by priority, then by identifier, behind a key. */
export const listRules = reading(function * (
  _context, clientId: number | undefined, after: RuleKey | undefined, limit: number
): Operation<StandInRule[]> {
  const ofClient = clientId === undefined ? sql`client_id > 0` : sql`client_id = ${BigInt(clientId)}`
  const behind = after === undefined
    ? sql``
    : sql` AND (client_id, priority, rule_id) > (${BigInt(after.clientId)}, ${BigInt(after.priority)}, ${after.ruleId})`
  const rows = yield * all<RuleRow>(sql`SELECT definition FROM stand_in_rules WHERE ${ofClient}${behind}
    ORDER BY client_id, priority, rule_id LIMIT ${BigInt(limit)}`)
  return rows.map(ruleOf)
}, { asksOnce: true })

export const readRule = reading(function * (_context, ruleId: string): Operation<StandInRule | undefined> {
  return yield * findRule(ruleId)
}, { asksOnce: true })

/** Stores rules of one client, all or none. Those who store rules of the same client wait for each other. */
export const storeRules = change(function * (
  { nowMs }, rules: readonly StandInRule[], { replaces, max }: RuleStorageOptions
): Operation<RuleStorage> {
  const [{ clientId }] = rules as readonly [StandInRule]
  const client = yield * first(sql`SELECT client_id FROM clients WHERE client_id = ${BigInt(clientId)} ${FOR_UPDATE}`)
  if (client === undefined) return { kind: 'client-unknown' }
  const owners = yield * eachFirst<{ client_id: bigint }>(FIND_OWNER, rules.map(({ ruleId }) => [ruleId]))
  for (const [index, owner] of owners.entries()) {
    if (owner === undefined || (replaces && Number(owner.client_id) === clientId)) continue
    return { kind: 'taken', ruleId: (rules[index] as StandInRule).ruleId, clientId: Number(owner.client_id) }
  }
  const added = owners.filter((owner) => owner === undefined).length
  const [{ count }] = (yield * all<{ count: bigint }>(sql`SELECT count(*) AS count FROM stand_in_rules
    WHERE client_id = ${BigInt(clientId)}`)) as [{ count: bigint }]
  if (added > 0 && Number(count) + added > max) return { kind: 'too-many' }
  yield * eachRun(REMOVE, rules.map(({ ruleId }) => [ruleId, BigInt(clientId)]))
  yield * insertRules(rules)
  yield * insertEvents(rules.map(({ ruleId }, index) => ({
    type: 'rule', clientId, data: { rule_id: ruleId, change: owners[index] === undefined ? 'created' : 'replaced' }
  })), nowMs)
  return { kind: 'stored', created: added === rules.length }
}, { leavesAccounts: true })

/** Writes rules whose identifiers are free, as a part of an operation. */
export function * insertRules (rules: readonly StandInRule[]): Operation<void> {
  yield * eachRun(INSERT, rules.map((rule) =>
    [rule.ruleId, BigInt(rule.clientId), BigInt(rule.priority), JSON.stringify(writeRule(rule))]))
}

/** @returns the rule as it was, or undefined when there is none */
export const deleteRule = change(function * ({ nowMs }, ruleId: string): Operation<StandInRule | undefined> {
  const rule = yield * findRule(ruleId)
  if (rule === undefined) return undefined
  yield * run(sql`DELETE FROM stand_in_rules WHERE rule_id = ${ruleId}`)
  yield * insertEvent(
    { type: 'rule', clientId: rule.clientId, data: { rule_id: ruleId, change: 'deleted' } }, nowMs)
  return rule
}, { leavesAccounts: true })

/** Finds the currency of the client's account with the lowest number. */
export const findFirstCurrency = reading(function * (_context, clientId: number): Operation<string | undefined> {
  const row = yield * first<{ currency: string }>(sql`SELECT currency FROM accounts
    WHERE client_id = ${BigInt(clientId)} ORDER BY account_id LIMIT 1`)
  return row?.currency
}, { asksOnce: true })

function * findRule (ruleId: string): Operation<StandInRule | undefined> {
  const row = yield * first<RuleRow>(sql`SELECT definition FROM stand_in_rules WHERE rule_id = ${ruleId}`)
  return row && ruleOf(row)
}

/** Reads a rule as it was stored. One that cannot be read must not be left out silently. */
function ruleOf ({ definition }: RuleRow): StandInRule {
  const faults = new Faults()
  const rule = readDocument(JSON.parse(definition), '', faults)
  faults.refuse()
  return rule
}
