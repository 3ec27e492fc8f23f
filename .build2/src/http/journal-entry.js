import { redact } from '../domain/redaction.js';
import { parseExactJson } from '../exact-json/parse.js';
import { routeOf } from './logging.js';
/** Larger bodies and answers are counted, and not kept. */
const KEPT_BYTES = 1024 * 1024;
/** Of an answer in no shape of its dialect. */
export const NO_FACTS = { code: undefined, failedItems: undefined, note: undefined };
/** Takes from a request that is answered what the journal will need. */
export function answeredRequestOf(request, reply, dialect, answeredMs) {
    const { rawBody, sentAnswer } = request;
    const isKept = rawBody === undefined || rawBody.length <= KEPT_BYTES;
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
        prefer: request.headers['prefer']
    };
}
/** Takes a request that broke off before it was one: nothing of it is known but how it was answered. */
export function unseenRequestOf(xRequestId, { status, body }, dialect, answeredMs) {
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
    };
}
/** Describes a request that was answered. */
export function entryOf(answered, { isRedacted, partsMax }) {
    const { dialect, answeredMs, durationMs, bodyFacts, prefer, resend, body, answer } = answered;
    const entry = {
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
    };
    return isRedacted ? redactEntry(entry) : entry;
}
/** @returns undefined where the query was refused: it may have been meant so, or not */
function dryRunOf(query) {
    const entries = Object.entries(query);
    if (entries.length === 0)
        return false;
    const [[name, value] = []] = entries;
    const isKnown = entries.length === 1 && name === 'dry_run' && (value === 'true' || value === 'false');
    return isKnown ? value === 'true' : undefined;
}
/**
 * Reads an answer, whatever it is.
 *
 * @returns an object without fields for what is none
 */
export function readAnswer(answer) {
    try {
        return Object(JSON.parse(answer));
    }
    catch {
        return {};
    }
}
/** @returns undefined for what is no JSON, or JSON that is refused */
function parse(body, partsMax) {
    try {
        return parseExactJson(body, { partsMax });
    }
    catch {
        return undefined;
    }
}
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Gives a body as text, or undefined when it is not UTF-8. */
export function textOf(body) {
    try {
        return UTF8.decode(body);
    }
    catch {
        return undefined;
    }
}
/** Masks what an entry shows of accounts and tokens. It cannot be found by them, either. */
function redactEntry(entry) {
    const { body, answer, note, identifier } = entry;
    const text = body && textOf(body);
    const masked = text && redact(text);
    return {
        ...entry,
        subjects: [],
        body: masked === undefined ? undefined : Buffer.from(masked),
        answer: answer && redact(answer),
        note: note && redact(note),
        identifier: identifier && redact(identifier)
    };
}
//# sourceMappingURL=journal-entry.js.map