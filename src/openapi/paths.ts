import type { Parameter } from './parameters.js'

/** Calls by their paths and methods. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** One call. */
export interface Operation {
  readonly security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>
  readonly parameters?: readonly Parameter[]
  readonly responses: Readonly<Record<string, Response>>
}

/** One answer of a call, or a reference to it. */
export interface Response {
  readonly $ref?: string
  readonly headers?: object
  readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>>
}

/** Gives the paths with every call changed. */
export function mapOperations (paths: Paths, change: (operation: Operation) => Operation): Paths {
  return mapValues(paths, (operations) => mapValues(operations, change))
}

/** Gives an object with every value changed, under the same names. */
export function mapValues<Value, Changed> (
  values: Readonly<Record<string, Value>>, change: (value: Value, name: string) => Changed
): Record<string, Changed> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]))
}
