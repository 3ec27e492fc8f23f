import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { DryRunQuery } from '../../../schemas/dry-run.js'
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { SCENARIO_LIMIT_BYTES, ScenarioLoaded } from '../../../schemas/sandbox/scenarios.js'
import { ScenarioDocument } from '../../../schemas/scenario.js'
import {
  ScenarioError, ScenarioReader, writeScenario, type Scenario, type StoredScenario
} from '../../domain/scenario.js'
import { sendFaults, sendProblem } from '../../http/problem.js'
import type { ContentCounts } from '../../store/port/scenarios.js'
import type { Store } from '../../store/port/store.js'
import { readDryRun } from '../dry-run.js'
import { longBodyValidator, makeLongBodyReader, takeLongBodies } from '../long-body.js'
import { writeLongDocument } from '../long-document.js'
import { sendSpooled } from '../spool.js'

const LONG_NAMES = ['clients', 'accounts', 'rates', 'rules'] as const

const readParts = makeLongBodyReader(ScenarioDocument, LONG_NAMES)

/** Fills an empty database from a scenario, and exports the database as one. */
export const scenarios: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  takeLongBodies(app)
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ScenarioError) return sendFaults(reply, 422, error.faults)
    throw error
  })

  app.post('/scenario', {
    bodyLimit: SCENARIO_LIMIT_BYTES,
    validatorCompiler: longBodyValidator,
    schema: {
      operationId: 'loadScenario',
      tags: ['Scenarios'],
      summary: 'Load a scenario',
      description: 'Fills an empty database with clients, accounts, rates and stand-in rules, all of them or ' +
        `nothing. Up to ${SCENARIO_LIMIT_BYTES} bytes. Its balances are what \`reset\` goes back to.`,
      querystring: DryRunQuery,
      body: ScenarioDocument,
      response: {
        201: ScenarioLoaded,
        ...COMMON_PROBLEMS,
        409: problemResponse('The database is not empty. Nothing was written.', {
          title: 'Conflict',
          status: 409,
          detail: notEmpty({ clients: 2, accounts: 7, rates: 5 })
        }),
        ...BODY_PROBLEMS,
        422: problemResponse('The scenario itself is not right. Nothing was written.', {
          title: 'Unprocessable Entity',
          status: 422,
          detail: 'accounts[0].actual_balance has more decimals than KES has (2)',
          errors: ['accounts[0].actual_balance has more decimals than KES has (2)']
        })
      }
    }
  }, async (request, reply) => {
    const dryRun = readDryRun(request.query, reply)
    // The answer names what stands in the way before the document is read: it may be large.
    const content = await store.countContent()
    if (content !== undefined) return sendProblem(reply, 409, notEmpty(content))
    const scenario = await read(request)
    const outcome = await store.loadScenario(scenario, dryRun)
    if (outcome.kind === 'not-empty') return sendProblem(reply, 409, notEmpty(outcome.content))
    const { clients, accounts, rates, rules } = scenario
    return reply.code(201).send({
      clients: clients.length,
      accounts: accounts.length,
      rates: rates.length,
      ...rules.length > 0 && { rules: rules.length }
    })
  })

  app.get('/scenario', {
    schema: {
      operationId: 'exportScenario',
      tags: ['Scenarios'],
      summary: 'Export a scenario',
      description: 'Everything that is there now as a scenario that can be loaded: clients with the hashes of their ' +
        'keys, which go on working, accounts with their tokens and balances, rates, and stand-in rules. History, ' +
        'snapshots and reported balances are no part of it.',
      response: { 200: ScenarioDocument, ...COMMON_PROBLEMS }
    }
  }, async (_request, reply) =>
    await sendSpooled(reply, writeLongDocument({}, LONG_NAMES, documentsOf(store.exportScenario()))))
}

/** @throws ScenarioError with the places that are wrong */
async function read (request: FastifyRequest): Promise<Scenario> {
  const reader = new ScenarioReader()
  for await (const part of readParts(request)) {
    if (part.kind === 'items') reader.add({ [part.name]: part.items })
  }
  return reader.finish()
}

async function * documentsOf (parts: AsyncIterable<StoredScenario>): AsyncGenerator<ScenarioDocument> {
  for await (const part of parts) yield writeScenario(part)
}

function notEmpty ({ clients, accounts, rates }: ContentCounts): string {
  return `The database is not empty. It has clients: ${clients}, accounts: ${accounts}, rates: ${rates}. Start the ` +
    'service with another DATABASE_PATH to load a scenario'
}
