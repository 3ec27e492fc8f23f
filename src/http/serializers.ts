import type { FastifyInstance } from 'fastify'
import buildSerializer from 'fast-json-stringify'
import fastifyPlugin from 'fastify-plugin'

type Serializer = (value: unknown) => string

/** What was compiled already. */
const compiled = new WeakMap<object, Serializer>()

function serializerOf (schema: object): Serializer {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const serialize = buildSerializer(schema)
  compiled.set(schema, serialize)
  return serialize
}

/**
 * Compiles each response schema once, when the first answer has it. Fastify itself compiles a schema for each route and
 * status at the start, and most of our answers are one problem document.
 */
export const serializers = fastifyPlugin(async (app: FastifyInstance) => {
  app.setSerializerCompiler<object>(({ schema }) => (value) => serializerOf(schema)(value))
}, { name: 'serializers' })
