import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { completeDocument, type Document } from '../openapi/document.js'
import { packageVersion } from '../package-root.js'
import { ICON, PAGE } from './documentation-page.js'

/** A document that is ready to be sent. */
interface WrittenDocument {
  readonly contentType: string
  readonly bytes: Buffer
}

/** The content types at the addresses of the OpenAPI document. */
const JSON_TYPE = 'application/json; charset=utf-8'
const YAML_TYPE = 'application/yaml; charset=utf-8'

const HTML_TYPE = 'text/html; charset=utf-8'

/** What opens a call. The page shows these texts where it asks for a key. */
const SECURITY_SCHEMES = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-KEY',
    description: 'The client\'s key. In the demo: demo-key-123'
  },
  amlyzeToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The client\'s token for AMLYZE\'s calls. In the demo: demo-amlyze-token-123'
  },
  adminToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The service\'s ADMIN_TOKEN. Without that setting, the service prints a token at its start.'
  }
} as const

/** Where to go on from `/`, for people and for programs. */
const ENTRANCE = {
  service: 'stip-sandbox',
  version: packageVersion,
  documentation: '/docs/',
  openapi: '/openapi.json',
  health: '/health/ready'
}

/**
 * The OpenAPI document at `/openapi.json`, made from the routes' own schemas, and its interactive page at `/docs`, to
 * which `/` leads.
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
          'processors\' own balance-update calls.\n\n' +
          'To try a call here, press *Authorize* first. The demo\'s key ' +
          'for Paymentology\'s call is `demo-key-123`, and its token for AMLYZE\'s calls `demo-amlyze-token-123`. ' +
          'The demo prints the admin token when it starts.',
        contact: { name: 'The stip-sandbox project' },
        license: { name: 'MIT', identifier: 'MIT' }
      },
      servers: [{ url: '/', description: 'The service that this document comes from.' }],
      tags: [
        { name: 'Paymentology', description: 'The calls of Paymentology, as its documents have them.' },
        {
          name: 'AMLYZE',
          description: 'AMLYZE\'s account balance calls. A report never changes a stand-in balance.'
        },
        { name: 'Clients', description: 'Who may call, and with which key.' },
        { name: 'Stand-in', description: 'How stand-in decides, and how an issuer is asked.' },
        { name: 'Client faults', description: 'What a client\'s calls meet, to try what it does then.' },
        { name: 'Built-in issuers', description: 'Issuers of the sandbox\'s own, which do what they are told.' },
        { name: 'Accounts', description: 'Accounts and the tokens on them.' },
        { name: 'Balances', description: 'Setting balances by hand.' },
        { name: 'Balance files', description: 'The processor\'s daily CSV.' },
        { name: 'Rates', description: 'Exchange rates, and conversions with them.' },
        { name: 'Stand-in rules', description: 'Which payments stand-in may approve.' },
        { name: 'Snapshots', description: 'Balances saved under a name, compared, and set back.' },
        { name: 'Journal', description: 'What arrived at the dialects, and how it was answered.' },
        { name: 'Events', description: 'What is committed, as it happens.' },
        { name: 'History', description: 'What changed balances, and what it did.' },
        { name: 'Scenarios', description: 'All clients, accounts and rates as one document.' },
        { name: 'Health', description: 'For a supervisor of the process.' }
      ],
      components: {
        securitySchemes: SECURITY_SCHEMES
      }
    }
  })
  const readJson = once(() => ({ contentType: JSON_TYPE, bytes: Buffer.from(JSON.stringify(app.swagger())) }))
  const readYaml = once(() => ({ contentType: YAML_TYPE, bytes: Buffer.from(app.swagger({ yaml: true })) }))
  const readPage = once(() => ({ contentType: HTML_TYPE, bytes: Buffer.from(PAGE) }))
  const documents: ReadonlyMap<string | undefined, () => WrittenDocument> = new Map([
    ['/docs', readPage],
    ['/docs/', readPage],
    ['/docs/json', readJson],
    ['/docs/yaml', readYaml]
  ])
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    logo: { type: 'image/svg+xml', content: ICON },
    uiConfig: { layout: 'BaseLayout' },
    uiHooks: {
      // The plugin's own routes would write the document for each request.
      preHandler: (request, reply, next) => {
        const read = documents.get(request.routeOptions.url)
        if (read === undefined) next()
        else send(reply, read())
      }
    }
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => send(reply, readJson()))
  app.get('/favicon.ico', { schema: { hide: true } }, async (_request, reply) => reply.type('image/svg+xml').send(ICON))
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply.code(302).header('location', ENTRANCE.documentation).type(JSON_TYPE).send(`${JSON.stringify(ENTRANCE)}\n`))
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
