import { JsonError, parseExactJson } from './parse.js'

/** A part of a document whose long arrays are read in parts. */
export type DocumentPart =
  /** Some items of a long array. */
  | {
    readonly kind: 'items'
    /** The name of the array. */
    readonly name: string
    /** The place of the first of them in the array. */
    readonly from: number
    readonly items: readonly unknown[]
    /** The document as far as it had come before the array. Long arrays in it are empty. */
    readonly before: unknown
  }
  /** The last part: the whole document, with empty arrays in place of the long ones. */
  | { readonly kind: 'rest', readonly value: unknown }

/**
 * A part of a long array ends at the first item that begins behind this many bytes. It takes a few milliseconds to
 * read.
 */
const PART_BYTES = 64 * 1024

/** More than this is held of no item, and of nothing that stands outside of the long arrays. */
const HELD_BYTES_MAX = 1024 * 1024

const QUOTATION_MARK = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/** Closes a document behind the opening bracket of a long array. */
const REST_OF_DOCUMENT = Buffer.from(']}')

/**
 * Reads a JSON document of any size while it comes in. The long arrays among its members are cut out of it. Each of
 * their parts, and the rest of the document, go to {@link parseExactJson}, so that the rules are the same.
 *
 * @param body UTF-8; a byte order mark is skipped
 * @param longNames the names of the arrays that are cut out where they are members of the document itself
 * @param partBytes behind how many bytes a part of an array ends
 * @returns the parts in their order, and the rest at last
 * @throws JsonError with a message for the sender, to follow on the name of the text
 */
export async function * readDocumentParts (
  body: AsyncIterable<Uint8Array>, longNames: readonly string[], partBytes = PART_BYTES
): AsyncGenerator<DocumentPart> {
  const cutter = new Cutter(longNames, partBytes)
  for await (const chunk of body) yield * cutter.read(chunk)
  yield * cutter.finish()
}

/** A long array that is being read. */
interface LongArray {
  readonly name: string
  readonly before: unknown
  /** How many items were read of it. */
  count: number
}

/** Finds the places to cut at. It only follows strings and brackets; whether all is right, the parser says. */
class Cutter {
  readonly #longNames: readonly string[]
  readonly #partBytes: number
  /** The document without the long arrays, as far as it has come. */
  readonly #rest: Buffer[] = []
  /** What has come and is not dealt with yet, and how far it was looked through. */
  #held = Buffer.alloc(0)
  #at = 0
  #depth = 0
  #isInString = false
  #isEscaped = false
  /** Where the last string began and ended, and what stood before the last colon. */
  #stringStart = 0
  #stringEnd = 0
  #name: string | undefined
  #array: LongArray | undefined

  constructor (longNames: readonly string[], partBytes: number) {
    this.#longNames = longNames
    this.#partBytes = partBytes
  }

  * read (chunk: Uint8Array): Generator<DocumentPart> {
    this.#held = Buffer.concat([this.#held, chunk])
    for (; this.#at < this.#held.length; this.#at += 1) {
      const byte = this.#held[this.#at] as number
      if (this.#isInString) this.#passCharacter(byte)
      else if (byte < QUOTATION_MARK) continue
      else if (this.#array === undefined) this.#lookAt(byte)
      else yield * this.#lookAtItem(byte, this.#array)
    }
    if (this.#held.length > HELD_BYTES_MAX) throw tooLarge(this.#array, this.#longNames)
  }

  * finish (): Generator<DocumentPart> {
    const cut = this.#rest.length > 0
    const value =
      parse(Buffer.concat([...this.#rest, this.#held]), cut ? `without ${this.#longNames.join(', ')}` : undefined)
    yield * this.#findEscaped(value)
    yield { kind: 'rest', value }
  }

  #passCharacter (byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTATION_MARK) {
      this.#isInString = false
      this.#stringEnd = this.#at
    }
  }

  /** Follows what stands at any place: strings, and how deep brackets go. */
  #follow (byte: number): void {
    if (byte === QUOTATION_MARK) {
      this.#isInString = true
      this.#stringStart = this.#at + 1
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) this.#depth += 1
    else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) this.#depth -= 1
  }

  /** Looks outside of the long arrays for the beginning of one. */
  #lookAt (byte: number): void {
    const name = byte === OPENING_BRACKET && this.#depth === 1 ? this.#name : undefined
    this.#follow(byte)
    this.#name = byte === COLON ? this.#held.toString('latin1', this.#stringStart, this.#stringEnd) : undefined
    if (name === undefined || !this.#longNames.includes(name)) return
    this.#rest.push(this.#take(this.#at + 1))
    const before = parse(Buffer.concat([...this.#rest, REST_OF_DOCUMENT]))
    this.#array = { name, before, count: 0 }
  }

  /** Looks inside of a long array for the places where a part ends. */
  * #lookAtItem (byte: number, array: LongArray): Generator<DocumentPart> {
    this.#follow(byte)
    if (this.#depth === 1) {
      yield * readItems(array, this.#take(this.#at), byte)
      this.#array = undefined
    } else if (byte === COMMA && this.#depth === 2 && this.#at >= this.#partBytes) {
      yield * readItems(array, this.#take(this.#at), byte)
      this.#take(1)
    }
  }

  /** Takes the first bytes of the buffer. */
  #take (count: number): Buffer {
    const taken = this.#held.subarray(0, count)
    this.#held = this.#held.subarray(count)
    this.#at -= count
    return taken
  }

  /** Gives long arrays whose names were written with escapes, so that they were not cut out. */
  * #findEscaped (value: unknown): Generator<DocumentPart> {
    if (typeof value !== 'object' || value === null) return
    for (const [name, items] of Object.entries(value)) {
      if (!this.#longNames.includes(name) || !Array.isArray(items) || items.length === 0) continue
      yield { kind: 'items', name, from: 0, items, before: value }
    }
  }
}

/** @param end what stands behind the items: a comma, or the bracket that closes the array */
function * readItems (array: LongArray, bytes: Buffer, end: number): Generator<DocumentPart> {
  const { name, count: from, before } = array
  const closing = Buffer.of(end === COMMA ? CLOSING_BRACKET : end)
  const items =
    parse(Buffer.concat([Buffer.of(OPENING_BRACKET), bytes, closing]), `from ${name}[${from}] on`) as unknown[]
  if (items.length === 0) {
    if (end === COMMA || from > 0) throw new JsonError(`is not valid JSON: ${name}[${from}] is missing`)
    return
  }
  array.count += items.length
  yield { kind: 'items', name, from, items, before }
}

/** @param counted tells where the places in a message are counted from, for a piece of the document */
function parse (bytes: Buffer, counted?: string): unknown {
  try {
    return parseExactJson(bytes)
  } catch (error) {
    if (counted === undefined || !/ position \d/.test((error as JsonError).message)) throw error
    throw new JsonError(`${(error as JsonError).message}, counted ${counted}`)
  }
}

function tooLarge (array: LongArray | undefined, longNames: readonly string[]): JsonError {
  return new JsonError(array === undefined
    ? `has more than ${HELD_BYTES_MAX} bytes beside ${longNames.join(', ')}`
    : `has an item of ${array.name} with more than ${HELD_BYTES_MAX} bytes`)
}
