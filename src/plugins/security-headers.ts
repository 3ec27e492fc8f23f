import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/**
 * Pages may load what this service has itself, call it, and do nothing else. The documentation's page needs two things
 * besides: icons at data addresses, and styles in its elements.
 */
const CONTENT_SECURITY_POLICY = {
  'default-src': ['\'none\''],
  'base-uri': ['\'none\''],
  'connect-src': ['\'self\''],
  'font-src': ['\'self\'', 'data:'],
  'form-action': ['\'none\''],
  'frame-ancestors': ['\'none\''],
  'img-src': ['\'self\'', 'data:'],
  'script-src': ['\'self\''],
  'style-src': ['\'self\'', '\'unsafe-inline\'']
}

/**
 * Tells browsers to be strict. Nothing lets pages of other origins read an answer (CORS): that is off, and stays off.
 *
 * @param isTls whether browsers reach the service by HTTPS; some headers mean nothing to them without it
 */
export const securityHeaders = fastifyPlugin(async (app: FastifyInstance, { isTls }: { isTls: boolean }) => {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    ...isTls ? {} : { strictTransportSecurity: false, crossOriginOpenerPolicy: false, originAgentCluster: false }
  })
}, { name: 'security-headers' })
