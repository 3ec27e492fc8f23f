import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { packageVersion } from '../package-root.js'

/** The OpenAPI document at `/openapi.json`, made from the routes' own schemas, and its interactive page at `/docs`. */
export const documentation = fastifyPlugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'stip-sandbox',
        version: packageVersion,
        description: 'A stand-in processing (STIP) sandbox: account balances, exact and durable, behind the card processors\' own balance-update calls.',
        license: { name: 'MIT', identifier: 'MIT' }
      },
      tags: [
        { name: 'Paymentology', description: 'The calls of Paymentology, as its documents have them.' },
        { name: 'AMLYZE', description: 'AMLYZE\'s account balance calls. What is reported here never changes a stand-in balance.' },
        { name: 'Clients', description: 'Who may call, and with which key.' },
        { name: 'Accounts', description: 'Accounts and the tokens on them.' },
        { name: 'Balances', description: 'Setting balances by hand.' },
        { name: 'Balance files', description: 'The processor\'s daily CSV.' },
        { name: 'Rates', description: 'Exchange rates, from when on each holds, and what they make of an amount.' },
        { name: 'Snapshots', description: 'Balances saved under a name, compared, and set back.' },
        { name: 'History', description: 'What changed balances, and what it did.' },
        { name: 'Scenarios', description: 'All that is there, as one document.' },
        { name: 'Health', description: 'For whoever supervises the process.' }
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY', description: 'The client\'s key.' },
          amlyzeToken: { type: 'http', scheme: 'bearer', description: 'The client\'s token for AMLYZE\'s calls.' },
          adminToken: { type: 'http', scheme: 'bearer', description: 'The ADMIN_TOKEN that the service was started with.' }
        }
      }
    }
  })
  await app.register(swaggerUi, { routePrefix: '/docs', theme: { title: 'stip-sandbox' } })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}, { name: 'documentation' })
