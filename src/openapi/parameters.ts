import { WHOLE_NUMBERS } from '../../schemas/address.js'

/** One parameter of a call. */
export interface Parameter {
  readonly name: string
  readonly in: string
  readonly example?: unknown
  readonly schema: ParameterSchema
}

interface ParameterSchema {
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
}

/** Documents a parameter by what its text stands for: a whole number, a truth value, or the text itself. */
export function typeParameter (parameter: Parameter): Parameter {
  const { schema, example } = parameter
  const wholeNumber = WHOLE_NUMBERS.get(schema.pattern ?? '')
  if (wholeNumber !== undefined) {
    return { ...parameter, schema: wholeNumber, ...example === undefined ? {} : { example: Number(example) } }
  }
  if (schema.enum?.join() !== 'true,false') return parameter
  return { ...parameter, schema: { type: 'boolean', default: schema.default === 'true' } as ParameterSchema }
}
