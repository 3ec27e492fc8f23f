import type { FastifyReply, FastifyRequest } from 'fastify'
import type { JournalEntry } from '../domain/journal.js'
import { redact } from '../domain/redaction.js'
import { parseExactJson } from '../exact-json/parse.js'
import { routeOf } from './logging.js'
import type { FaultAnswer } from './request-fault.js'

/** A request that the sandbox sends again itself, in the name of a client. */
export interface Resend {
  readonly clientId: number
  /** The request that it repeats. */
  readonly requestId: bigint
  /** How it was journalled; undefined before. */
  entry: JournalEntry | undefined
}

/** What the journal shows of a body, whatever it is. */
export type BodyFacts = Pick<JournalEntry, 'identifier' | 'items' | 'subjects'>

/** What the journal shows of an answer. */
export type AnswerFacts = Pick<JournalEntry, 'code' | 'failedItems' | 'note'>

/** How the journal reads one dialect. */
export interface JournalledDialect {
  readonly name: string
  readonly prefix: string
  /** @param body as it was parsed; undefined where it was not */
  readonly describeBody: (body: unknown) => BodyFacts
  /** @param answer a body that the dialect has written */
  readonly describeAnswer: (answer: string) => AnswerFacts
  /** Writes what a header `Prefer` asks for as `Preference-Applied` would. */
  readonly describePreferences: (prefer: string | undefined) => string | undefined
}

/** Larger bodies and answers are counted, and not kept. */
const KEPT_BYTES = 1024 * 1024

/** Of an answer in no shape of its dialect. */
export const NO_FACTS: AnswerFacts = { code: undefined, failedItems: undefined, note: undefined }

/** A request that was answered, before anything of it is looked into. */
export interface AnsweredRequest extends Pick<
  JournalEntry,
  'durationMs' | 'xRequestId' | 'clientId' | 'method' | 'route' | 'dryRun' | 'replayed' | 'status' | 'bodyBytes' |
  'body' | 'answer'
> {
  readonly dialect: JournalledDialect
  readonly answeredMs: number
  /** What a body shows that is too large to keep; undefined for any other, which is looked into when it is written. */
  readonly bodyFacts: BodyFacts | undefined
  /** The header. */
  readonly prefer: string | undefined
  readonly resend: Resend | undefined
}

/** Takes from a request that is answered what the journal will need. */
export function answeredRequestOf (
  request: FastifyRequest, reply: FastifyReply, dialect: JournalledDialect, answeredMs: number
): Omit<AnsweredRequest, 'resend'> {
  const { rawBody, sentAnswer } = request
  const isKept = rawBody === undefined || rawBody.length <= KEPT_BYTES
  return {
    dialect,
    answeredMs,
    durationMs: reply.elapsedTime,
    xRequestId: request.id,
    clientId: request.clientId || undefined,
    method: request.method,
    route: routeOf(request),
    dryRun: reply.hasHeader('dry-run') || dryRunOf(request.query),
    replayed: reply.hasHeader('idempotent-replayed'),
    status: sentAnswer === undefined ? undefined : reply.statusCode,
    bodyBytes: rawBody?.length ?? 0,
    body: isKept ? rawBody : undefined,
    answer: sentAnswer,
    // A parsed body that waits costs the garbage collector far more than its bytes.
    bodyFacts: isKept ? undefined : dialect.describeBody(request.body),
    prefer: request.headers['prefer'] as string | undefined
  }
}

/** Takes a request that broke off before it was one: nothing of it is known but how it was answered. */
export function unseenRequestOf (
  xRequestId: string, { status, body }: FaultAnswer, dialect: JournalledDialect, answeredMs: number
): Omit<AnsweredRequest, 'resend'> {
  return {
    dialect,
    answeredMs,
    durationMs: 0,
    xRequestId,
    clientId: undefined,
    method: 'unknown',
    route: 'unknown',
    dryRun: undefined,
    replayed: false,
    status,
    bodyBytes: 0,
    body: undefined,
    answer: body,
    bodyFacts: undefined,
    prefer: undefined
  }
}

/** Describes a request that was answered. */
export function entryOf (
  answered: AnsweredRequest, { isRedacted, partsMax }: { readonly isRedacted: boolean, readonly partsMax: number }
): JournalEntry {
  const { dialect, answeredMs, durationMs, bodyFacts, prefer, resend, body, answer } = answered
  const entry: JournalEntry = {
    receivedAt: new Date(answeredMs - Math.round(durationMs)),
    durationMs,
    xRequestId: answered.xRequestId,
    dialect: dialect.name,
    clientId: answered.clientId,
    method: answered.method,
    route: answered.route,
    preferences: dialect.describePreferences(prefer),
    dryRun: answered.dryRun,
    replayed: answered.replayed,
    resentFrom: resend?.requestId,
    status: answered.status,
    ...bodyFacts ?? dialect.describeBody(body && parse(body, partsMax)),
    ...answer === undefined ? NO_FACTS : dialect.describeAnswer(answer),
    redacted: isRedacted,
    bodyBytes: answered.bodyBytes,
    body,
    answer: answer !== undefined && answer.length <= KEPT_BYTES ? answer : undefined
  }
  return isRedacted ? redactEntry(entry) : entry
}

/** @returns undefined where the query was refused: it may have been meant so, or not */
function dryRunOf (query: unknown): boolean | undefined {
  const entries = Object.entries(query as object)
  if (entries.length === 0) return false
  const [[name, value] = []] = entries
  const isKnown = entries.length === 1 && name === 'dry_run' && (value === 'true' || value === 'false')
  return isKnown ? value === 'true' : undefined
}

/**
 * Reads an answer, whatever it is.
 *
 * @returns an object without fields where there is none
 */
export function readAnswer (answer: string): object {
  try {
    return Object(JSON.parse(answer)) as object
  } catch {
    return {}
  }
}

/** @returns undefined for a text that is no JSON, or JSON that is refused */
function parse (body: Uint8Array, partsMax: number): unknown {
  try {
    return parseExactJson(body, { partsMax })
  } catch {
    return undefined
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Gives a body as text, or undefined when it is not UTF-8. */
export function textOf (body: Uint8Array): string | undefined {
  try {
    return UTF8.decode(body)
  } catch {
    return undefined
  }
}

/** Masks what an entry shows of accounts and tokens. It cannot be found by them, either. */
function redactEntry (entry: JournalEntry): JournalEntry {
  const { body, answer, note, identifier } = entry
  const text = body && textOf(body)
  const masked = text && redact(text)
  return {
    ...entry,
    subjects: [],
    body: masked === undefined ? undefined : Buffer.from(masked),
    answer: answer && redact(answer),
    note: note && redact(note),
    identifier: identifier && redact(identifier)
  }
}
