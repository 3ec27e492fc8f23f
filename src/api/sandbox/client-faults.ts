import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import { ClientFaults, ClientFaultsDefinition, ENDED_FAULTS } from '../../../schemas/sandbox/client-faults.js'
import { ClientParameters } from '../../../schemas/sandbox/clients.js'
import type { ClientFault, ClientFaults as Faulty, FaultDefinition } from '../../client-faults.js'
import { Faults } from '../../domain/faults.js'
import { sendProblem } from '../../http/problem.js'
import type { Store } from '../../store/port/store.js'

const NO_FAULTS = {
  404: problemResponse('There is no such client, or no faults are set for it.', {
    title: 'Not Found', status: 404, detail: 'No faults are set for client 123'
  })
}

const call = (operationId: string, summary: string, description: string) =>
  ({ operationId, summary, description, tags: ['Client faults'], params: ClientParameters })

const READ = {
  ...call('readClientFaults', 'Read a client\'s faults', 'What was set, also when it is over, and how many calls ' +
    'have met it. It lives in the memory of this process.'),
  response: { 200: ClientFaults, ...COMMON_PROBLEMS, ...NO_FAULTS }
}

const SET = {
  ...call('setClientFaults', 'Let a client\'s calls fail', 'The client\'s next calls of `pws_update_balance` meet ' +
    'this fault, in place of one that was set before. Each answer to one names it in the header `Stip-Sandbox-Fault`.'),
  body: ClientFaultsDefinition,
  response: {
    200: ClientFaults,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    404: problemResponse('There is no such client.', {
      title: 'Not Found', status: 404, detail: 'There is no client 789'
    }),
    422: faultsResponse(
      'The faults themselves are not right. Nothing was changed.', 422,
      'calls or for_ms is required: no fault is for ever'
    )
  }
}

const END = {
  ...call('endClientFaults', 'End a client\'s faults', 'From now on its calls are answered as they should be.'),
  response: { 200: ENDED_FAULTS, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...NO_FAULTS }
}

/** Faults that a client's calls meet, because somebody wants to know what the client does then. */
export const clientFaults: FastifyPluginAsyncTypebox<{
  store: Store
  faults: Faulty
}> = async (app, { store, faults }) => {
  app.get('/clients/:client_id/faults', { schema: READ }, async ({ params: { client_id: clientId } }, reply) => {
    const found = faults.read(Number(clientId))
    return found === undefined ? sendNone(reply, clientId) : present(found)
  })

  app.put('/clients/:client_id/faults', { schema: SET }, async ({ params: { client_id: clientId }, body }, reply) => {
    check(body)
    // Each client has settings, be they the defaults.
    if (await store.readStandIn(Number(clientId)) === undefined) {
      return sendProblem(reply, 404, `There is no client ${clientId}`)
    }
    return present(faults.set(Number(clientId), body))
  })

  app.delete('/clients/:client_id/faults', { schema: END }, async ({ params: { client_id: clientId } }, reply) => {
    const ended = faults.end(Number(clientId))
    return ended === undefined ? sendNone(reply, clientId) : present(ended)
  })
}

/** @throws InputError with each fault */
function check ({ fault, status, delay_ms: delayMs = 0, calls, for_ms: forMs }: FaultDefinition): void {
  const faults = new Faults()
  if (fault === undefined && delayMs === 0) faults.add('fault or delay_ms', 'is required')
  if (status !== undefined && fault !== 'status') faults.add('status', 'belongs to the fault status only')
  if (calls === undefined && forMs === undefined) faults.add('calls or for_ms', 'is required: no fault is for ever')
  faults.refuse()
}

function sendNone (reply: FastifyReply, clientId: string): FastifyReply {
  return sendProblem(reply, 404, `No faults are set for client ${clientId}`)
}

function present ({ definition, callsLeft, until, hits }: ClientFault): ClientFaults {
  return { definition, calls_left: callsLeft ?? null, until: until?.toISOString() ?? null, hits }
}
