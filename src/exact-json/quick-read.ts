import { MAX_DEPTH } from './parse.js'
import { compileInteger, compileString, type IntegerSchema, type StringSchema } from './quick-scalars.js'
import { hasName, nameToken, openText, passGap, readNumber, type NameToken, type Read } from './quick-text.js'

/**
 * Reads a body and checks it, or gives undefined for one that it does not understand or that is not valid. Then
 * `parseExactJson` and `compileExact` have to decide.
 */
export type QuickReader = (body: Buffer) => object | undefined

/** The keywords that we know, of a schema that `compileExact` takes. */
interface Schema extends StringSchema, IntegerSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
}

/** A place behind which a member may stand. */
interface Place {
  /** The one that stood there the last time, and so will most likely do again. */
  next: Field | undefined
}

/** One member of an object that a schema describes. */
interface Field extends Place {
  readonly name: string
  readonly token: NameToken
  readonly read: Read
  readonly bit: number
}

/** How schemas of a type are compiled, and what may stand in them. */
interface Kind {
  readonly keywords: readonly string[]
  readonly compile: (schema: Schema, level: number) => Read | undefined
}

const KINDS: ReadonlyMap<unknown, Kind> = new Map([
  ['object', { keywords: ['properties', 'required', 'additionalProperties'], compile: compileObject }],
  ['array', { keywords: ['items', 'minItems', 'maxItems'], compile: compileArray }],
  ['string', { keywords: ['minLength', 'maxLength', 'pattern', 'enum'], compile: compileString }],
  ['integer', { keywords: ['format', 'minimum', 'maximum'], compile: compileInteger }],
  ['number', { keywords: [], compile: () => readNumber }]
])

/** What has a meaning for people only. */
const ANNOTATIONS = ['type', 'title', 'description', 'examples', 'x-rule']

/** Each name has its bit in a number of 32 bits. */
const FIELDS_MAX = 32

/** Without escapes, and not `__proto__`. */
const PLAIN_NAME = /^[A-Za-z]\w*$/

const COMMA = 0x2c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/**
 * Compiles a schema into a reader that goes through a body once and checks every bound on the way, which takes less
 * time than `JSON.parse` alone. Whatever is rare is left to the slow way: characters beyond ASCII, escapes, exponents,
 * more than 15 digits, names that the schema does not know, white space before a colon, empty lists.
 *
 * @param schema one that `compileExact` takes
 * @returns undefined for a schema with a keyword that the reader would not check. The value that a reader gives is the
 *   one that `parseExactJson` gives, and one that the schema's check accepts
 */
export function compileQuickReader (schema: object): QuickReader | undefined {
  const read = (schema as Schema).type === 'object' ? compile(schema, 1) : undefined
  return read && ((body) => {
    const cursor = openText(body)
    if (cursor === undefined) return undefined
    const value = read(cursor)
    passGap(cursor)
    return cursor.at === body.length ? value as object | undefined : undefined
  })
}

/** @param level in how many lists and objects a value of the schema stands, counted with itself */
function compile (schema: Schema, level: number): Read | undefined {
  const kind = KINDS.get(schema.type)
  if (kind === undefined || level > MAX_DEPTH) return undefined
  const isKnown = (keyword: string): boolean => ANNOTATIONS.includes(keyword) || kind.keywords.includes(keyword)
  return Object.keys(schema).every(isKnown) ? kind.compile(schema, level) : undefined
}

function compileObject ({ properties = {}, required = [] }: Schema, level: number): Read | undefined {
  const fields = compileFields(properties, level)
  if (fields === undefined || !required.every((name) => Object.hasOwn(properties, name))) return undefined
  const requiredBits = fields.filter(({ name }) => required.includes(name)).reduce((bits, { bit }) => bits | bit, 0)
  const start: Place = { next: undefined }
  return (cursor) => {
    if (passGap(cursor) !== OPENING_BRACE) return undefined
    const object: Record<string, unknown> = {}
    let seen = 0
    let previous = start
    let byte = COMMA
    for (; byte === COMMA; byte = passGap(cursor)) {
      cursor.at += 1
      passGap(cursor)
      const likely = previous.next
      const field = likely !== undefined && hasName(cursor, likely.token)
        ? likely
        : fields.find(({ token }) => hasName(cursor, token))
      if (field === undefined || (seen & field.bit) !== 0) return undefined
      previous.next = field
      previous = field
      seen |= field.bit
      cursor.at += field.token.length
      const value = field.read(cursor)
      if (value === undefined) return undefined
      object[field.name] = value
    }
    if (byte !== CLOSING_BRACE || (seen & requiredBits) !== requiredBits) return undefined
    cursor.at += 1
    return object
  }
}

function compileFields (properties: Readonly<Record<string, Schema>>, level: number): Field[] | undefined {
  const fields: Field[] = []
  for (const [name, schema] of Object.entries(properties)) {
    const read = compile(schema, level + 1)
    if (read === undefined || fields.length === FIELDS_MAX || !PLAIN_NAME.test(name)) return undefined
    fields.push({ name, token: nameToken(name), read, bit: 1 << fields.length, next: undefined })
  }
  return fields
}

function compileArray ({ items = {}, minItems = 0, maxItems = Infinity }: Schema, level: number): Read | undefined {
  const readItem = compile(items, level + 1)
  return readItem && ((cursor) => {
    if (passGap(cursor) !== OPENING_BRACKET) return undefined
    const list: unknown[] = []
    let byte = COMMA
    for (; byte === COMMA; byte = passGap(cursor)) {
      cursor.at += 1
      const item = readItem(cursor)
      if (item === undefined) return undefined
      list.push(item)
    }
    if (byte !== CLOSING_BRACKET || list.length < minItems || list.length > maxItems) return undefined
    cursor.at += 1
    return list
  })
}
