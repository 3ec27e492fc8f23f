/**
 * The services of our own that the measured one is compared with, and the issuer that it asks. Arguments: which one,
 * the port, and what it needs: a database, the issuer to forward to, or whether the issuer sleeps.
 */
import { Agent, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import fastify, { type FastifyInstance } from 'fastify'
import { UpdateBalanceRequest, UpdateBalanceResponse } from '../schemas/paymentology.js'
import { buildApp } from '../src/app.js'
import { systemClock } from '../src/clock.js'
import { readConfig } from '../src/config.js'
import { makeMetrics } from '../src/metrics.js'
import type { Store } from '../src/store/port/store.js'
import { openSqliteStore } from '../src/store/sqlite/store.js'
import { AJV } from './ajv.js'
import { API_KEY, AUTHORIZE_PATH, CLIENT_ID, UPDATE_PATH } from './bodies.js'

const PIVOT_CURRENCY = '840'
const SUCCESS = { header: { error_id: 0, error_desc: 'success' }, body: { total_failed: 0, failed_note: '' } }

/** What of a message an issuer looks at; a forwarded one has none of it. */
interface Message {
  readonly MESSAGE_TYPE?: { readonly Message_Type: string }
  readonly SUMMARY?: { readonly TID: string, readonly RID: string }
}

const [kind = '', port = '', target = ''] = process.argv.slice(2)

const KINDS: Readonly<Record<string, () => FastifyInstance>> = {
  /** Fastify as it comes, with our schemas: its own JSON parser, its own validator, one constant answer. */
  'no-database': () => {
    const app = fastify({ logger: false, ajv: { customOptions: AJV } })
    app.post(UPDATE_PATH, {
      schema: { body: UpdateBalanceRequest, response: { 200: UpdateBalanceResponse } }
    }, async (request) => {
      if (request.headers['x-api-key'] !== API_KEY) throw new Error('the key is unknown')
      return SUCCESS
    })
    return app
  },

  /** Fastify as it comes, which forwards each body to an issuer over kept connections, and its answer back. */
  forward: () => {
    const app = fastify({ logger: false })
    const agent = new Agent({ keepAlive: true })
    app.post(AUTHORIZE_PATH, async (request, reply) => await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' }
      send(target, { method: 'POST', agent, headers }, (answer) => {
        text(answer).then((body) => resolve(reply.type('application/json').send(body)), reject)
      }).on('error', reject).end(JSON.stringify(request.body))
    }))
    return app
  },

  /** An issuer that approves at once, and acknowledges; or one that never answers a request. */
  issuer: () => {
    const app = fastify({ logger: false })
    app.post<{ Body: Message }>('/fast', async ({ body }, reply) => {
      if (target === 'sleep' && body.MESSAGE_TYPE?.Message_Type === '0100') return reply.hijack()
      return { SUMMARY: { TID: body.SUMMARY?.TID, RID: body.SUMMARY?.RID }, ISO_MSG: { DE39: '00' } }
    })
    return app
  },

  /** The whole service whose store does not keep updates. */
  'no-store': () => buildService({
    ...openSqliteStore({ path: target, pivotCurrency: PIVOT_CURRENCY, clock: systemClock }),
    findClientByKey: async () => CLIENT_ID,
    updateBalances: async () => ({
      kind: 'applied',
      answer: { body: JSON.stringify(SUCCESS), preferenceApplied: undefined },
      items: []
    })
  })
}

function buildService (store: Store): FastifyInstance {
  const { timeouts, limits, allowedHosts, journal } = readConfig({})
  return buildApp({
    store,
    clock: systemClock,
    adminToken: 'unused',
    logLevel: 'warn',
    amlyzeLists: { balanceTypes: [], businessUnits: new Map() },
    metrics: makeMetrics(),
    timeouts,
    limits,
    allowedHosts,
    rateLimit: 0,
    retentionDays: 0,
    journal
  })
}

const makeApp = KINDS[kind]
if (makeApp === undefined) throw new Error(`there is no service ${kind}: only ${Object.keys(KINDS).join(', ')}`)
const app = makeApp()
await app.listen({ host: '127.0.0.1', port: Number(port) })
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => { app.close() })
