import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { COMMON_PROBLEMS } from '../../schemas/problem.js'
import type { Metrics } from '../metrics.js'
import type { Store } from '../store/port/store.js'
import { requireAdminToken } from './admin-token.js'
import { routeOf } from './logging.js'

const EXAMPLE = 'http_request_duration_seconds_count' +
  '{method="POST",route="/ppws/api/v1/pws_update_balance",status="200"} 4711\n'

/** Counts every request that is answered. Register it before all routes. */
export const countedRequests = fastifyPlugin(async (app: FastifyInstance, { metrics }: { metrics: Metrics }) => {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.requestAnswered(request.method, routeOf(request), reply.statusCode, reply.elapsedTime)
    done()
  })
}, { name: 'counted-requests' })

/**
 * Shows all that is counted at `/metrics` in the text format of Prometheus, to the holder of the admin token:
 * others need not know how busy a host is.
 */
export const metricsPage = fastifyPlugin(async (
  app: FastifyInstance, { metrics, store, adminToken }: { metrics: Metrics, store: Store, adminToken: string }
) => {
  const { registry } = metrics
  for (const { name, help, read } of store.gauges) {
    registry.registerMetric(new Gauge({ name, help, registers: [], async collect () { this.set(await read()) } }))
  }
  app.get('/metrics', {
    // A budget of its own: scraping uses up nobody's.
    onRequest: requireAdminToken(adminToken, 'metrics'),
    schema: {
      operationId: 'readMetrics',
      tags: ['Health'],
      summary: 'How busy is it, and with what?',
      description: 'Metrics in the text format of Prometheus.',
      security: [{ adminToken: [] }],
      response: {
        200: {
          description: 'The metrics.',
          content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } }
        },
        ...COMMON_PROBLEMS
      }
    }
  }, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}, { name: 'metrics' })
