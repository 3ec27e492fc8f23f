import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { IssuerChange, StandInChoice } from '../../../schemas/client-settings.js'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import {
  Issuer, IssuerState, IssuerSwitch, REMOVED_ISSUER, StandInSettings
} from '../../../schemas/sandbox/client-settings.js'
import { ClientParameters } from '../../../schemas/sandbox/clients.js'
import { Faults } from '../../domain/faults.js'
import { checkIssuer, type IssuerHosts } from '../../domain/issuer-endpoint.js'
import type { Clock } from '../../clock.js'
import type { Throttle, ThrottleState } from '../../fast/throttle.js'
import { sendFaults, sendProblem } from '../../http/problem.js'
import type { FoundState, IssuerRecord, NoIssuer } from '../../store/port/client-settings.js'
import type { Store } from '../../store/port/store.js'

const CLIENT_UNKNOWN = {
  404: problemResponse('There is no such client.', {
    title: 'Not Found', status: 404, detail: 'There is no client 789'
  })
}

const NO_ISSUER = {
  404: problemResponse('There is no such client, or it has no issuer.', {
    title: 'Not Found', status: 404, detail: 'Client 789 has no issuer. Set one with PUT /sandbox/v1/clients/789/issuer'
  })
}

const call = (operationId: string, summary: string, description: string) =>
  ({ operationId, summary, description, tags: ['Stand-in'], params: ClientParameters })

const READ_STAND_IN = {
  ...call('readStandInSettings', 'Read how stand-in decides', 'How stand-in decides for a client: what it has ' +
    'set, and the defaults.'),
  response: { 200: StandInSettings, ...COMMON_PROBLEMS, ...CLIENT_UNKNOWN }
}

const SET_STAND_IN = {
  ...call('setStandInSettings', 'Set how stand-in decides', 'Sets what is sent. The rest stays as it is. The answer ' +
    'has all that holds then.'),
  body: StandInChoice,
  response: { 200: StandInSettings, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...CLIENT_UNKNOWN }
}

const READ_ISSUER = {
  ...call('readIssuer', 'Read a client\'s issuer', 'Where and how the client\'s issuer is asked. The value of its ' +
    'header is not shown.'),
  response: { 200: Issuer, ...COMMON_PROBLEMS, ...NO_ISSUER }
}

const SET_ISSUER = {
  ...call('setIssuer', 'Set a client\'s issuer', 'Sets what is sent. The rest stays as it is. The answer has ' +
    'all that holds then. A new issuer is on.'),
  body: IssuerChange,
  response: {
    200: Issuer,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    ...CLIENT_UNKNOWN,
    422: faultsResponse(
      'The settings themselves are not right. Nothing was changed.', 422,
      'url is required, because the client has no issuer yet'
    )
  }
}

const REMOVE_ISSUER = {
  ...call('removeIssuer', 'Remove a client\'s issuer', 'From now on nobody is asked, and stand-in decides. Who ' +
    'switched the issuer stays recorded.'),
  response: { 200: REMOVED_ISSUER, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...NO_ISSUER }
}

const READ_STATE = {
  ...call('readIssuerState', 'Read whether an issuer is asked', 'Whether the issuer is on or off, and who switched ' +
    'it when and why.'),
  response: { 200: IssuerState, ...COMMON_PROBLEMS, ...NO_ISSUER }
}

const SWITCH_ISSUER = {
  ...call('switchIssuer', 'Switch an issuer on or off', 'Off: nobody asks the issuer, stand-in decides every ' +
    'payment, and advices wait. Each call is recorded with its reason.'),
  body: IssuerSwitch,
  response: { 200: IssuerState, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...NO_ISSUER }
}

/** How stand-in decides for a client, and how its issuer is asked. */
export const clientSettings: FastifyPluginAsyncTypebox<{
  store: Store
  issuerHosts: IssuerHosts
  throttle: Throttle
  wakeSender: () => void
  clock: Clock
}> = async (app, { store, issuerHosts, throttle, wakeSender, clock }) => {
  const throttleOf = (clientId: string): ThrottleState => throttle.stateOf(Number(clientId), clock().getTime())

  app.get('/clients/:client_id/stand-in', { schema: READ_STAND_IN }, async ({ params }, reply) =>
    await store.readStandIn(Number(params.client_id)) ?? sendNoClient(reply, params.client_id))

  app.put('/clients/:client_id/stand-in', { schema: SET_STAND_IN }, async ({ params, body }, reply) =>
    await store.setStandIn(Number(params.client_id), body) ?? sendNoClient(reply, params.client_id))

  app.get('/clients/:client_id/issuer', { schema: READ_ISSUER }, async ({ params }, reply) => {
    const outcome = await store.readIssuer(Number(params.client_id))
    if (outcome.kind !== 'found') return sendNoIssuer(reply, params.client_id, outcome)
    return presentIssuer(outcome.issuer)
  })

  app.put('/clients/:client_id/issuer', { schema: SET_ISSUER }, async ({ params, body }, reply) => {
    const faults = new Faults()
    checkIssuer(body, '', faults, issuerHosts)
    faults.refuse()
    const outcome = await store.setIssuer(Number(params.client_id), body)
    if (outcome.kind === 'client-unknown') return sendNoClient(reply, params.client_id)
    if (outcome.kind === 'refused') return sendFaults(reply, 422, outcome.faults)
    return presentIssuer(outcome.issuer)
  })

  app.delete('/clients/:client_id/issuer', { schema: REMOVE_ISSUER }, async ({ params }, reply) => {
    const outcome = await store.removeIssuer(Number(params.client_id))
    if (outcome.kind !== 'found') return sendNoIssuer(reply, params.client_id, outcome)
    return presentIssuer(outcome.issuer)
  })

  app.get('/clients/:client_id/issuer/state', { schema: READ_STATE }, async ({ params }, reply) => {
    const outcome = await store.readIssuerState(Number(params.client_id))
    if (outcome.kind !== 'found') return sendNoIssuer(reply, params.client_id, outcome)
    return presentState(outcome, throttleOf(params.client_id))
  })

  app.put('/clients/:client_id/issuer/state', { schema: SWITCH_ISSUER }, async ({ params, body }, reply) => {
    const { state, reason, user_id: userId } = body
    const transition = { state: state === 'off' ? state : 'on' as const, reason, userId }
    const outcome = await store.switchIssuer(Number(params.client_id), transition)
    if (outcome.kind !== 'found') return sendNoIssuer(reply, params.client_id, outcome)
    if (state === 'probe') throttle.probe(Number(params.client_id))
    wakeSender()
    return presentState(outcome, throttleOf(params.client_id))
  })
}

function sendNoClient (reply: FastifyReply, clientId: string): FastifyReply {
  return sendProblem(reply, 404, `There is no client ${clientId}`)
}

function sendNoIssuer (reply: FastifyReply, clientId: string, { kind }: NoIssuer): FastifyReply {
  if (kind === 'client-unknown') return sendNoClient(reply, clientId)
  return sendProblem(
    reply, 404, `Client ${clientId} has no issuer. Set one with PUT /sandbox/v1/clients/${clientId}/issuer`
  )
}

/** The header's value is a secret of the issuer. */
function presentIssuer ({ settings, state }: IssuerRecord): Issuer {
  const { header, ...shown } = settings
  return { ...shown, header: header && { name: header.name, value: null }, state }
}

function presentState ({ state, transitions }: FoundState, throttleState: ThrottleState): IssuerState {
  return {
    state,
    throttle_state: throttleState,
    transitions: transitions.map(({ state, reason = null, userId = null, at }) =>
      ({ state, reason, user_id: userId, at: at.toISOString() }))
  }
}
