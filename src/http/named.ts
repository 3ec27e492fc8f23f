import type { FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/**
 * Gives a plugin with a context of its own the name of its function. Fastify looks for the name of one without in all
 * loaded modules, twice: that was a tenth of the time in which a service is put together.
 */
export function named<Options extends object> (plugin: FastifyPluginAsync<Options>): FastifyPluginAsync<Options> {
  return fastifyPlugin(plugin, { name: plugin.name, encapsulate: true })
}
