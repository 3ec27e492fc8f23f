import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { completeDocument, type Document } from '../openapi/document.js'
import { packageVersion } from '../package-root.js'

/** A document that is ready to be sent. */
interface WrittenDocument {
  readonly contentType: string
  readonly bytes: Buffer
}

/** The content types at the addresses of the OpenAPI document. */
const JSON_TYPE = 'application/json; charset=utf-8'
const YAML_TYPE = 'application/yaml; charset=utf-8'

/**
 * The OpenAPI document at `/openapi.json`, made from the routes' own schemas, and its interactive page at `/docs`.
 *
 * The document is large, and anybody may ask for it. So it is written once in each form, and all answers share the
 * bytes.
 */
export const documentation = fastifyPlugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    transformObject: ({ openapiObject }: object & { openapiObject?: object }) =>
      completeDocument(openapiObject as Document),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'stip-sandbox',
        version: packageVersion,
        description: 'A stand-in processing (STIP) sandbox: account balances, exact and durable, behind the card ' +
          'processors\' own balance-update calls.',
        contact: { name: 'The stip-sandbox project' },
        license: { name: 'MIT', identifier: 'MIT' }
      },
      servers: [{ url: '/', description: 'The service that this document comes from.' }],
      tags: [
        { name: 'Paymentology', description: 'The calls of Paymentology, as its documents have them.' },
        {
          name: 'AMLYZE',
          description: 'AMLYZE\'s account balance calls. What is reported here never changes a stand-in balance.'
        },
        { name: 'Clients', description: 'Who may call, and with which key.' },
        { name: 'Accounts', description: 'Accounts and the tokens on them.' },
        { name: 'Balances', description: 'Setting balances by hand.' },
        { name: 'Balance files', description: 'The processor\'s daily CSV.' },
        { name: 'Rates', description: 'Exchange rates, from when on each holds, and what they make of an amount.' },
        { name: 'Snapshots', description: 'Balances saved under a name, compared, and set back.' },
        { name: 'History', description: 'What changed balances, and what it did.' },
        { name: 'Scenarios', description: 'All that is there, as one document.' },
        { name: 'Health', description: 'For a supervisor of the process.' }
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY', description: 'The client\'s key.' },
          amlyzeToken: { type: 'http', scheme: 'bearer', description: 'The client\'s token for AMLYZE\'s calls.' },
          adminToken: {
            type: 'http',
            scheme: 'bearer',
            description: 'The ADMIN_TOKEN that the service was started with.'
          }
        }
      }
    }
  })
  const readJson = once(() => ({ contentType: JSON_TYPE, bytes: Buffer.from(JSON.stringify(app.swagger())) }))
  const readYaml = once(() => ({ contentType: YAML_TYPE, bytes: Buffer.from(app.swagger({ yaml: true })) }))
  const documents: ReadonlyMap<string | undefined, () => WrittenDocument> = new Map([
    ['/docs/json', readJson],
    ['/docs/yaml', readYaml]
  ])
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'stip-sandbox' },
    uiHooks: {
      // The page's own routes would write the document for each request.
      preHandler: (request, reply, next) => {
        const read = documents.get(request.routeOptions.url)
        if (read === undefined) next()
        else send(reply, read())
      }
    }
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => send(reply, readJson()))
}, { name: 'documentation' })

function send (reply: FastifyReply, { contentType, bytes }: WrittenDocument): FastifyReply {
  return reply.type(contentType).send(bytes)
}

/** Writes a document at its first reading, when every route is known, and gives the same one from then on. */
function once (write: () => WrittenDocument): () => WrittenDocument {
  let document: WrittenDocument | undefined
  return () => {
    document ??= write()
    return document
  }
}
