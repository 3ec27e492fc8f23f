import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DryRunQuery } from '../../../schemas/dry-run.js'
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { SCENARIO_LIMIT_BYTES, ScenarioLoaded } from '../../../schemas/sandbox/scenarios.js'
import { ScenarioDocument } from '../../../schemas/scenario.js'
import { readScenario, ScenarioError, writeScenario } from '../../domain/scenario.js'
import type { Store } from '../../store/store.js'
import { readDryRun } from '../dry-run.js'
import { FILE_BYTES_A_PART } from './parameters.js'
import { sendFaults, sendProblem } from './problem.js'

/** Filling an empty database with a scenario, and writing what is there as one. */
export const scenarios: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ScenarioError) return sendFaults(reply, 422, error.faults)
    throw error
  })

  app.post('/scenario', {
    bodyLimit: SCENARIO_LIMIT_BYTES,
    config: { jsonPartsMax: SCENARIO_LIMIT_BYTES / FILE_BYTES_A_PART },
    schema: {
      operationId: 'loadScenario',
      tags: ['Scenarios'],
      summary: 'Load a scenario',
      description: `Fills an empty database with clients, accounts and rates, all of them or nothing. Up to ${SCENARIO_LIMIT_BYTES} bytes. Its balances are what \`reset\` goes back to.`,
      querystring: DryRunQuery,
      body: ScenarioDocument,
      response: {
        201: ScenarioLoaded,
        ...COMMON_PROBLEMS,
        409: problemResponse('The database is not empty. Nothing was written.', { title: 'Conflict', status: 409, detail: notEmpty({ clients: 2, accounts: 7, rates: 5 }) }),
        ...BODY_PROBLEMS,
        422: problemResponse('The scenario itself is not right. Nothing was written.', { title: 'Unprocessable Entity', status: 422, detail: 'accounts[0].actual_balance has more decimals than KES has (2)', errors: ['accounts[0].actual_balance has more decimals than KES has (2)'] })
      }
    }
  }, async (request, reply) => {
    const dryRun = readDryRun(request.query, reply)
    const scenario = readScenario(request.body)
    const outcome = await store.loadScenario(scenario, dryRun)
    if (outcome.kind === 'not-empty') return sendProblem(reply, 409, notEmpty(outcome))
    const { clients, accounts, rates } = scenario
    return reply.code(201).send({ clients: clients.length, accounts: accounts.length, rates: rates.length })
  })

  app.get('/scenario', {
    schema: {
      operationId: 'exportScenario',
      tags: ['Scenarios'],
      summary: 'Export a scenario',
      description: 'Everything that is there now as a scenario that can be loaded: clients with the hashes of their keys, which go on working, accounts with their tokens and balances, and rates. History, snapshots and reported balances are no part of it.',
      response: { 200: ScenarioDocument, ...COMMON_PROBLEMS }
    }
  }, async () => writeScenario(await store.exportScenario()))
}

function notEmpty ({ clients, accounts, rates }: { clients: number, accounts: number, rates: number }): string {
  return `The database is not empty. It has clients: ${clients}, accounts: ${accounts}, rates: ${rates}. Start the service with another DATABASE_PATH to load a scenario`
}
