import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { failPathUnknown, paymentology } from './api/paymentology/index.js'
import { sandbox } from './api/sandbox/index.js'
import { handleError, handleNotFound, sendProblem } from './api/sandbox/problem.js'
import { documentation } from './plugins/documentation.js'
import { exactJson } from './plugins/exact-json.js'
import { health } from './plugins/health.js'
import { loggerOptions } from './plugins/logging.js'
import type { Store } from './store/store.js'

/** What the service is made with. */
export interface AppOptions {
  /** Closed together with the service. */
  readonly store: Store
  /** What the sandbox's own API asks for as a bearer token. */
  readonly adminToken: string
  /** The least level that is logged. */
  readonly logLevel: string
}

/** Builds the whole service, which needs no port to be used (`inject`). Each dialect stands below a prefix of its own. */
export function buildApp ({ store, adminToken, logLevel }: AppOptions): FastifyInstance {
  const app = fastify({
    ...loggerOptions(logLevel),
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (_error, request, reply) => { answerBadAddress(request, reply) }
  })
  app.setErrorHandler(handleError)
  app.setNotFoundHandler(handleNotFound)
  app.register(exactJson)
  app.register(documentation)
  app.register(health, { prefix: '/health', store })
  app.register(paymentology, { prefix: '/ppws', store })
  app.register(sandbox, { prefix: '/sandbox/v1', store, adminToken })
  app.addHook('onClose', async () => { await store.close() })
  return app
}

/** An address that cannot be decoded reaches no route, so that the dialect is told from the address alone. */
function answerBadAddress (request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return request.url.startsWith('/ppws')
    ? failPathUnknown(reply)
    : sendProblem(reply, 400, 'The address is not a valid one: a percent sign must be followed by two hexadecimal digits')
}
