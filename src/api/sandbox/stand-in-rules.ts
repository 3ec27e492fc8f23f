import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { DryRunQuery } from '../../../schemas/dry-run.js'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import {
  PresetParameters, PresetQuery, PresetRules, Presets, RulePage, RuleParameters, RuleQuery, StandInRuleBody
} from '../../../schemas/sandbox/stand-in-rules.js'
import { Faults, InputError } from '../../domain/faults.js'
import { readCurrency } from '../../domain/fields.js'
import { PRESETS, presetRules } from '../../domain/rule-presets.js'
import {
  MAX_RULES_PER_CLIENT, readRule, writeRule, type StandInRule, type StandInRuleDocument
} from '../../domain/stand-in-rule.js'
import { sendProblem } from '../../http/problem.js'
import type { RuleKey, RuleStorage } from '../../store/port/stand-in-rules.js'
import type { Store } from '../../store/port/store.js'
import { readDryRun } from '../dry-run.js'
import { CURSOR_FAULT, readLimit } from './parameters.js'

const OPERATION = { tags: ['Stand-in rules'] }

const RULE_UNKNOWN = {
  404: problemResponse('There is no such rule.', {
    title: 'Not Found', status: 404, detail: 'There is no rule small-pos'
  })
}

const REFUSALS = {
  409: problemResponse('The identifier is taken, or the client has as many rules as it may have.', {
    title: 'Conflict', status: 409, detail: 'There is a rule small-pos already, of client 123'
  }),
  ...BODY_PROBLEMS,
  422: faultsResponse(
    'The rule itself is not right. Nothing was written.', 422, 'limits.amount.max has more decimals than KES has (2)'
  )
}

const LIST_RULES = {
  ...OPERATION,
  operationId: 'listStandInRules',
  summary: 'List stand-in rules',
  description: 'By client, and of each in the order of their evaluation, page by page.',
  querystring: RuleQuery,
  response: { 200: RulePage, ...COMMON_PROBLEMS }
}

const CREATE_RULE = {
  ...OPERATION,
  operationId: 'createStandInRule',
  summary: 'Create a stand-in rule',
  description: `A client has at most ${MAX_RULES_PER_CLIENT} rules. The answer has the rule with all its defaults.`,
  querystring: DryRunQuery,
  body: StandInRuleBody,
  response: { 201: StandInRuleBody, ...COMMON_PROBLEMS, ...REFUSALS }
}

const READ_RULE = {
  ...OPERATION,
  operationId: 'readStandInRule',
  summary: 'Read a stand-in rule',
  description: 'The rule in full, with its defaults.',
  params: RuleParameters,
  response: { 200: StandInRuleBody, ...COMMON_PROBLEMS, ...RULE_UNKNOWN }
}

const PUT_RULE = {
  ...OPERATION,
  operationId: 'putStandInRule',
  summary: 'Create or replace a stand-in rule',
  description: 'Replaces all of it: what is left out has its default. A rule never moves to another client.',
  params: RuleParameters,
  querystring: DryRunQuery,
  body: StandInRuleBody,
  response: { 200: StandInRuleBody, 201: StandInRuleBody, ...COMMON_PROBLEMS, ...REFUSALS }
}

const DELETE_RULE = {
  ...OPERATION,
  operationId: 'deleteStandInRule',
  summary: 'Delete a stand-in rule',
  description: 'The answer has the rule as it was.',
  params: RuleParameters,
  querystring: DryRunQuery,
  response: { 200: StandInRuleBody, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...RULE_UNKNOWN }
}

const LIST_PRESETS = {
  ...OPERATION,
  operationId: 'listStandInPresets',
  summary: 'List presets of stand-in rules',
  description: 'Sets of rules to begin with, and what they allow.',
  response: { 200: Presets, ...COMMON_PROBLEMS }
}

const APPLY_PRESET = {
  ...OPERATION,
  operationId: 'applyStandInPreset',
  summary: 'Create the rules of a preset',
  description: 'All of them or none. Their identifiers end in the client\'s number. With `dry_run=true` the answer ' +
    'shows them, and nothing is written.',
  params: PresetParameters,
  querystring: PresetQuery,
  response: { 201: PresetRules, ...COMMON_PROBLEMS, ...REFUSALS }
}

const max = MAX_RULES_PER_CLIENT

/** Rules that allow payments in stand-in, and presets of them. */
export const standInRules: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.get('/stand-in/rules', { schema: LIST_RULES }, async ({ query }, reply) => {
    const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
    if (query.cursor !== undefined && after === undefined) return sendProblem(reply, 400, CURSOR_FAULT)
    const clientId = query.client_id === undefined ? undefined : Number(query.client_id)
    const limit = readLimit(query)
    const found = await store.listRules(clientId, after, limit + 1)
    const rules = found.slice(0, limit)
    const last = found.length > limit ? rules.at(-1) : undefined
    return { rules: rules.map(writeRule), next_cursor: last === undefined ? null : writeCursor(last) }
  })

  app.post('/stand-in/rules', { schema: CREATE_RULE }, async ({ query, body }, reply) => {
    const rule = readOne(body)
    const outcome = await store.storeRules([rule], { replaces: false, max }, readDryRun(query, reply))
    if (outcome.kind !== 'stored') return refuse(outcome, rule, reply)
    return reply.code(201).send(writeRule(rule))
  })

  app.get('/stand-in/rules/:rule_id', { schema: READ_RULE }, async ({ params: { rule_id: ruleId } }, reply) => {
    const rule = await store.readRule(ruleId)
    return rule === undefined ? sendProblem(reply, 404, `There is no rule ${ruleId}`) : writeRule(rule)
  })

  app.put('/stand-in/rules/:rule_id', { schema: PUT_RULE }, async ({ params, query, body }, reply) => {
    if (body.rule_id !== params.rule_id) {
      throw new InputError([`rule_id is ${body.rule_id}, and the address names ${params.rule_id}. Write one of them`])
    }
    const rule = readOne(body)
    const outcome = await store.storeRules([rule], { replaces: true, max }, readDryRun(query, reply))
    if (outcome.kind !== 'stored') return refuse(outcome, rule, reply)
    return reply.code(outcome.created ? 201 : 200).send(writeRule(rule))
  })

  app.delete('/stand-in/rules/:rule_id', { schema: DELETE_RULE }, async ({ params, query }, reply) => {
    const rule = await store.deleteRule(params.rule_id, readDryRun(query, reply))
    return rule === undefined ? sendProblem(reply, 404, `There is no rule ${params.rule_id}`) : writeRule(rule)
  })

  app.get('/stand-in/presets', { schema: LIST_PRESETS }, async () => ({
    presets: PRESETS.map(({ name, description }) => ({ name, description }))
  }))

  app.post('/stand-in/presets/:name', { schema: APPLY_PRESET }, async ({ params, query }, reply) => {
    const clientId = Number(query.client_id)
    const code = query.currency ?? await store.findFirstCurrency(clientId)
    const faults = new Faults()
    if (code === undefined) faults.add('currency', `is missing, and client ${clientId} has no account to take it from`)
    else readCurrency('currency', code, faults)
    faults.refuse()
    const [first, ...others] = presetRules(params.name, clientId, String(code)).map(readOne) as [StandInRule]
    const rules = [first, ...others]
    const outcome = await store.storeRules(rules, { replaces: false, max }, readDryRun(query, reply))
    if (outcome.kind !== 'stored') return refuse(outcome, first, reply)
    return reply.code(201).send({ rules: rules.map(writeRule) })
  })
}

/** @throws InputError with the places that are wrong */
function readOne (document: StandInRuleDocument): StandInRule {
  const faults = new Faults()
  const rule = readRule(document, '', faults)
  faults.refuse()
  return rule
}

function refuse (
  outcome: Exclude<RuleStorage, { kind: 'stored' }>, { clientId }: StandInRule, reply: FastifyReply
): FastifyReply {
  switch (outcome.kind) {
    case 'client-unknown':
      return sendProblem(reply, 409, `client_id is ${clientId}, and there is no such client`)
    case 'taken':
      return sendProblem(reply, 409, `There is a rule ${outcome.ruleId} already, of client ${outcome.clientId}`)
    case 'too-many':
      return sendProblem(reply, 409, `Client ${clientId} may have at most ${max} rules. Delete one first`)
  }
}

/** A page goes on behind the last rule of the one before, also where that was deleted meanwhile. */
function writeCursor ({ clientId, priority, ruleId }: RuleKey): string {
  return Buffer.from(`${clientId} ${priority} ${ruleId}`).toString('base64url')
}

/** @returns undefined for a cursor that we have not written */
function readCursor (cursor: string): RuleKey | undefined {
  const [, clientId, priority, ruleId] =
    /^(\d{1,10}) (\d{1,7}) ([\w.-]{1,50})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return ruleId === undefined ? undefined : { clientId: Number(clientId), priority: Number(priority), ruleId }
}
