import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { BODY_PROBLEMS, problemResponse, UNREAD_PROBLEMS } from '../../schemas/problem.js'
import { ISSUER_ANSWER, IssuerMessage, IssuerParameters } from '../../schemas/sandbox/issuers.js'
import { sendProblem } from '../http/problem.js'
import { describeBehaviour, STATUS, type AnyBehaviour } from '../issuer/definition.js'
import type { BuiltInIssuers, Plan } from '../issuer/issuers.js'
import { readMessage } from '../issuer/message.js'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Says of each answer what the issuer was told to do. */
const ISSUER_HEADER = 'stip-sandbox-issuer'

const SCHEMA = {
  operationId: 'answerIssuerMessage',
  tags: ['Built-in issuers'],
  summary: 'Ask a built-in issuer',
  description: 'Takes a FAST message, or presentments, and does what the issuer was told. It asks for no credential. ' +
    'Nobody answers here before an issuer of this name is set. The header `Stip-Sandbox-Issuer` names the behaviour.',
  security: [],
  params: IssuerParameters,
  body: IssuerMessage,
  response: {
    200: ISSUER_ANSWER,
    ...UNREAD_PROBLEMS,
    ...BODY_PROBLEMS,
    404: problemResponse('There is no such issuer.', {
      title: 'Not Found',
      status: 404,
      detail: 'There is no built-in issuer main. Make it with PUT /sandbox/v1/issuers/main'
    })
  }
}

/** The built-in issuers, which do with a message what they were told. */
export const issuer: FastifyPluginAsyncTypebox<{ issuers: BuiltInIssuers }> = async (app, { issuers }) => {
  app.addHook('preClose', async () => { issuers.cancelAll() })

  app.post('/:name', { schema: SCHEMA }, async (request, reply) => {
    const { name } = request.params
    const found = issuers.find(name)
    if (found === undefined) {
      return sendProblem(
        reply, 404, `There is no built-in issuer ${name}. Make it with PUT /sandbox/v1/issuers/${name}`
      )
    }
    const plan = found.take(readMessage(request.body))
    const { behaviour, delay_ms: delayMs = 0 } = plan.behaviour
    const waitMs = behaviour === 'never_answer' ? undefined : delayMs
    const isOver = waitMs === 0 || await found.waits.wait(waitMs, request.raw.socket)
    return isOver ? answer(request, reply, plan) : hangUp(request, reply)
  })
}

function answer (request: FastifyRequest, reply: FastifyReply, { behaviour, answer }: Plan): FastifyReply {
  reply.header(ISSUER_HEADER, describeBehaviour(behaviour)).type(JSON_TYPE)
  const act = ACTIONS[behaviour.behaviour]
  return act === undefined ? reply.send(answer) : act(request, reply, answer, behaviour)
}

type Action = (request: FastifyRequest, reply: FastifyReply, answer: string, behaviour: AnyBehaviour) => FastifyReply

/** What is not a plain answer. */
const ACTIONS: Readonly<Partial<Record<AnyBehaviour['behaviour'], Action>>> = {
  drop: hangUp,
  drop_midway: (request, reply, answer) => {
    const { raw } = reply.hijack()
    raw.writeHead(200, { ...headersOf(reply), 'content-length': Buffer.byteLength(answer) })
    raw.write(answer.slice(0, answer.length / 2), () => { request.raw.socket.destroy() })
    return reply
  },
  status: (_request, reply, _answer, { status = STATUS }) => sendProblem(reply, status, 'As the issuer was told'),
  not_json: (_request, reply) => reply.type('text/html; charset=utf-8').send('<h1>It works!</h1>\n'),
  answer_twice: (request, reply, answer) => {
    const { raw } = reply.hijack()
    const head = Object.entries(headersOf(reply)).map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const second = `HTTP/1.1 200 OK\r\n${head}content-length: ${Buffer.byteLength(answer)}\r\n\r\n${answer}`
    const { socket } = request.raw
    raw.writeHead(200, { ...headersOf(reply), 'content-length': Buffer.byteLength(answer) })
    raw.end(answer, () => { socket.end(second) })
    return reply
  }
}

function headersOf (reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]))
}

/** Closes the connection without an answer. */
function hangUp (request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}
