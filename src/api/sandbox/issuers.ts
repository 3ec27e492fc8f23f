import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import {
  BuiltInIssuer, BuiltInIssuers, IssuerDefinition, IssuerParameters, IssuerScript, REMOVED_BUILT_IN_ISSUER
} from '../../../schemas/sandbox/issuers.js'
import { Faults } from '../../domain/faults.js'
import { sendProblem } from '../../http/problem.js'
import { checkDefinition, checkScript } from '../../issuer/definition.js'
import { ISSUERS_MAX, type BuiltInIssuer as Issuer, type BuiltInIssuers as Issuers } from '../../issuer/issuers.js'

const UNKNOWN = {
  404: problemResponse('There is no such issuer.', {
    title: 'Not Found',
    status: 404,
    detail: 'There is no built-in issuer main. Make it with PUT /sandbox/v1/issuers/main'
  })
}

const call = (operationId: string, summary: string, description: string) =>
  ({ operationId, summary, description, tags: ['Built-in issuers'] })

const LIST = {
  ...call('listBuiltInIssuers', 'List the built-in issuers', 'The issuers of this process, by name. They live in ' +
    'its memory: a restart ends them, and other processes do not have them.'),
  response: { 200: BuiltInIssuers, ...COMMON_PROBLEMS }
}

const READ = {
  ...call('readBuiltInIssuer', 'Read a built-in issuer', 'How it behaves now, and how often it was asked.'),
  params: IssuerParameters,
  response: { 200: BuiltInIssuer, ...COMMON_PROBLEMS, ...UNKNOWN }
}

const faultsOf = (fault: string) =>
  faultsResponse('The definition itself is not right. Nothing was changed.', 422, fault)

const DEFINE = {
  ...call('defineBuiltInIssuer', 'Set a built-in issuer', 'Makes the issuer, or puts this definition in the place of ' +
    'all that it had, and counts anew. Answers that wait already go on waiting.'),
  params: IssuerParameters,
  body: IssuerDefinition,
  response: {
    200: BuiltInIssuer,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    409: problemResponse('There are too many issuers.', {
      title: 'Conflict', status: 409, detail: `There are ${ISSUERS_MAX} built-in issuers. Delete one first`
    }),
    422: faultsOf('default.code does not belong to the behaviour approve: leave code out')
  }
}

const SCRIPT = {
  ...call('scriptBuiltInIssuer', 'Set the script of a built-in issuer', 'Puts these steps in the place of those that ' +
    'are left. All else stays.'),
  params: IssuerParameters,
  body: IssuerScript,
  response: {
    200: BuiltInIssuer,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    ...UNKNOWN,
    422: faultsOf('steps[0].code does not belong to the behaviour approve: leave code out')
  }
}

const RESET = {
  ...call('resetBuiltInIssuer', 'Reset a built-in issuer', 'Goes back to how it was set: counts, script, ledger and ' +
    'times begin anew. Answers that wait are cancelled, and their connections end.'),
  params: IssuerParameters,
  response: { 200: BuiltInIssuer, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...UNKNOWN }
}

const REMOVE = {
  ...call('removeBuiltInIssuer', 'Remove a built-in issuer', 'From now on nobody answers at its address.'),
  params: IssuerParameters,
  response: { 200: REMOVED_BUILT_IN_ISSUER, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...UNKNOWN }
}

/** The built-in issuers: how they behave. */
export const builtInIssuers: FastifyPluginAsyncTypebox<{ issuers: Issuers }> = async (app, { issuers }) => {
  app.get('/issuers', { schema: LIST }, async () => ({ issuers: issuers.all.map(present) }))

  app.get('/issuers/:name', { schema: READ }, async ({ params: { name } }, reply) => {
    const issuer = issuers.find(name)
    return issuer === undefined ? sendUnknown(reply, name) : present(issuer)
  })

  app.put('/issuers/:name', { schema: DEFINE }, async ({ params: { name }, body }, reply) => {
    const faults = new Faults()
    const ledger = checkDefinition(body, faults)
    faults.refuse()
    const issuer = issuers.findOrMake(name)
    if (issuer === undefined) {
      return sendProblem(reply, 409, `There are ${ISSUERS_MAX} built-in issuers. Delete one first`)
    }
    issuer.define(body, ledger)
    return present(issuer)
  })

  app.put('/issuers/:name/script', { schema: SCRIPT }, async ({ params: { name }, body: { steps } }, reply) => {
    const faults = new Faults()
    checkScript('steps', steps, faults)
    faults.refuse()
    const issuer = issuers.find(name)
    if (issuer === undefined) return sendUnknown(reply, name)
    issuer.setScript(steps)
    return present(issuer)
  })

  app.post('/issuers/:name/reset', { schema: RESET }, async ({ params: { name } }, reply) => {
    const issuer = issuers.find(name)
    if (issuer === undefined) return sendUnknown(reply, name)
    issuer.reset()
    return present(issuer)
  })

  app.delete('/issuers/:name', { schema: REMOVE }, async ({ params: { name } }, reply) => {
    const issuer = issuers.remove(name)
    return issuer === undefined ? sendUnknown(reply, name) : present(issuer)
  })
}

function sendUnknown (reply: FastifyReply, name: string): FastifyReply {
  return sendProblem(reply, 404, `There is no built-in issuer ${name}. Make it with PUT /sandbox/v1/issuers/${name}`)
}

function present (issuer: Issuer) {
  const { name, definition, hits, waits, lastRequestAt } = issuer
  return {
    name,
    path: `/issuer/${name}`,
    definition,
    hits,
    waiting: waits.size,
    last_request_at: lastRequestAt?.toISOString() ?? null
  }
}
