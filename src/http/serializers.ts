import type { FastifyInstance } from 'fastify'
import buildSerializer from 'fast-json-stringify'
import fastifyPlugin from 'fastify-plugin'

type Serializer = (value: unknown) => string

/** What was compiled already. */
const compiled = new WeakMap<object, Serializer>()

/**
 * Compiles each response schema once. Fastify itself compiles a schema once for each route and status that has it, and
 * most of our answers are one problem document.
 */
export const serializers = fastifyPlugin(async (app: FastifyInstance) => {
  app.setSerializerCompiler<object>(({ schema }) => {
    const known = compiled.get(schema)
    if (known !== undefined) return known
    const serialize = buildSerializer(schema)
    compiled.set(schema, serialize)
    return serialize
  })
}, { name: 'serializers' })
