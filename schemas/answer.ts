import type { TSchema } from '@sinclair/typebox'
import type { HeaderSchema } from './headers.js'

/** The documentation of one answer in JSON. Several answers may share its schema. */
export interface JsonAnswer<Schema extends TSchema> {
  readonly description: string
  readonly headers: Readonly<Record<string, HeaderSchema>>
  readonly content: {
    readonly 'application/json': {
      readonly schema: Schema
      readonly examples: Readonly<Record<string, { readonly value: unknown }>>
    }
  }
}

/**
 * Documents one answer in JSON.
 *
 * @param description what leads to this answer
 * @param examples bodies of it, each under a name
 * @param headers those that no rule gives it; see `src/openapi/headers.ts`
 */
export function jsonAnswer<Schema extends TSchema> (
  description: string,
  schema: Schema,
  examples: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, HeaderSchema>> = {}
): JsonAnswer<Schema> {
  const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]))
  return { description, headers, content: { 'application/json': { schema, examples: named } } }
}
