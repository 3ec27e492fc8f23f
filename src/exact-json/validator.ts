import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'
import { exactInteger, isExactNumber } from './parse.js'

/** The bounds of a whole number, both of them allowed. */
interface IntegerBounds {
  readonly minimum: bigint
  readonly maximum: bigint
}

/** The greatest value of each whole-number format of OpenAPI. The least is its negative, less one. */
const FORMAT_MAXIMUM: Readonly<Record<string, bigint>> = { int32: 2n ** 31n - 1n, int64: 2n ** 63n - 1n }

// With `verbose`, a fault knows the schema that it broke, and so the rule in words.
const ajv = new Ajv({
  allErrors: false, coerceTypes: false, removeAdditional: false, useDefaults: false, strict: true, verbose: true
})
addFormats.default(ajv)
ajv.addVocabulary(['x-rule'])

/** What was compiled already: many routes have one schema, and Ajv takes milliseconds for each. */
const compiled = new WeakMap<object, ValidateFunction>()

ajv.addKeyword({ keyword: 'exactInteger', schemaType: 'object', compile: checkInteger, errors: 'full' })
ajv.addKeyword({ keyword: 'exactNumber', schemaType: 'boolean', compile: checkNumber, errors: 'full' })

/**
 * Compiles a schema into a check for values of `parseExactJson`. Nothing is coerced, removed or filled in,
 * and the first fault ends the check.
 *
 * Ajv itself knows numbers only as doubles: it would refuse an exact one and compare bounds after rounding.
 * So the numbers of the schema are put under keywords of our own here, and the schema that the documentation
 * shows stays plain JSON Schema.
 *
 * @returns the same check for the same schema object. Its `errors` are those of its latest run: read them at once
 * @throws Error when the schema itself is not valid
 */
export function compileExact (schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const validate = ajv.compile(withExactNumbers(schema) as object)
  compiled.set(schema, validate)
  return validate
}

function withExactNumbers (node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withExactNumbers)
  if (typeof node !== 'object' || node === null) return node
  const { type, format, ...rest } = node as Record<string, unknown>
  // Whatever bound is left in `rest` has no type beside it, and so Ajv's strict mode refuses the schema.
  if (type === 'number') return { ...rest, exactNumber: true }
  if (type === 'integer') {
    const { minimum, maximum, ...others } = rest
    return { ...others, exactInteger: integerBounds(String(format), minimum, maximum) }
  }
  return Object.fromEntries(Object.entries(node).map(([name, member]) =>
    [name, name === 'examples' ? member : withExactNumbers(member)]))
}

/**
 * Gives the bounds of a whole number.
 *
 * @param format OpenAPI's: int32 or int64
 * @param minimum the schema's own, where it has one
 * @param maximum the schema's own, where it has one
 * @throws Error for any other format
 */
export function integerBounds (format: string, minimum: unknown, maximum: unknown): IntegerBounds {
  const greatest = FORMAT_MAXIMUM[format]
  if (greatest === undefined) throw new Error(`a whole number needs the format int32 or int64, not ${format}`)
  return {
    minimum: typeof minimum === 'number' ? BigInt(minimum) : -greatest - 1n,
    maximum: typeof maximum === 'number' ? BigInt(maximum) : greatest
  }
}

function checkNumber (): DataValidateFunction {
  return reporting((data) => isExactNumber(data) ? undefined : `must be a number${hintFor(data)}`)
}

function checkInteger ({ minimum, maximum }: IntegerBounds): DataValidateFunction {
  return reporting((data) => {
    const value = isExactNumber(data) ? exactInteger(data) : undefined
    if (value === undefined) return `must be a whole number${hintFor(data)}`
    return value >= minimum && value <= maximum ? undefined : `must be from ${minimum} to ${maximum}`
  })
}

/** Without it, `"200"` would be told that it must be a number, which its sender thinks it is. */
function hintFor (data: unknown): string {
  return typeof data === 'string' ? ', not a string' : ''
}

/** Makes Ajv's kind of check of a function that returns the fault. */
function reporting (findFault: (data: unknown) => string | undefined): DataValidateFunction {
  const check: DataValidateFunction = (data: unknown) => {
    const message = findFault(data)
    check.errors = message === undefined
      ? []
      : [{ keyword: 'exactNumber', message, params: {} } satisfies Partial<ErrorObject>]
    return message === undefined
  }
  return check
}
