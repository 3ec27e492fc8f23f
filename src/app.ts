import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { amlyze, answerHttpError, type AmlyzeLists } from './api/amlyze/index.js'
import { failPathUnknown, paymentology } from './api/paymentology/index.js'
import { sandbox } from './api/sandbox/index.js'
import { handleError, handleNotFound, sendProblem } from './api/sandbox/problem.js'
import type { Clock } from './clock.js'
import { documentation } from './plugins/documentation.js'
import { exactJson } from './plugins/exact-json.js'
import { health } from './plugins/health.js'
import { loggerOptions } from './plugins/logging.js'
import type { Store } from './store/store.js'

/** What the service is made with. */
export interface AppOptions {
  /** Closed together with the service. */
  readonly store: Store
  readonly clock: Clock
  /** What the sandbox's own API asks for as a bearer token. */
  readonly adminToken: string
  /** The least level that is logged. */
  readonly logLevel: string
  /** What AMLYZE's calls are held against. */
  readonly amlyzeLists: AmlyzeLists
}

/** Builds the whole service, which needs no port to be used (`inject`). Each dialect stands below a prefix of its own. */
export function buildApp ({ store, clock, adminToken, logLevel, amlyzeLists }: AppOptions): FastifyInstance {
  const app = fastify({
    ...loggerOptions(logLevel),
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (_error, request, reply) => { answerBadAddress(request, reply, clock) }
  })
  app.setErrorHandler(handleError)
  app.setNotFoundHandler(handleNotFound)
  app.register(exactJson)
  app.register(documentation)
  app.register(health, { prefix: '/health', store })
  app.register(paymentology, { prefix: '/ppws', store })
  app.register(amlyze, { prefix: '/amlyze-ws-rest', store, clock, lists: amlyzeLists })
  app.register(sandbox, { prefix: '/sandbox/v1', store, adminToken })
  app.addHook('onClose', async () => { await store.close() })
  return app
}

/** An address that cannot be decoded reaches no route, so that the dialect is told from the address alone. */
function answerBadAddress (request: FastifyRequest, reply: FastifyReply, clock: Clock): FastifyReply {
  if (request.url.startsWith('/ppws')) return failPathUnknown(reply)
  if (request.url.startsWith('/amlyze-ws-rest')) return answerHttpError(404, request, reply, clock)
  return sendProblem(reply, 400, 'The address is not a valid one: a percent sign must be followed by two hexadecimal digits')
}
