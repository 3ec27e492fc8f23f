import { textOf } from '../../http/journal-entry.js';
export function presentRequestSummary(record) {
    return { request_id: record.requestId.toString(), ...presentFacts(record) };
}
export function presentRequest(record) {
    return { ...presentRequestSummary(record), ...presentTexts(record) };
}
export function presentSentRequest(sent) {
    return { request_id: sent.requestId?.toString() ?? null, ...presentFacts(sent), ...presentTexts(sent) };
}
function presentFacts(entry) {
    return {
        received_at: entry.receivedAt.toISOString(),
        duration_ms: Math.round(entry.durationMs * 1000) / 1000,
        x_request_id: entry.xRequestId,
        dialect: entry.dialect,
        client_id: entry.clientId ?? null,
        method: entry.method,
        route: entry.route,
        identifier: entry.identifier ?? null,
        preferences: entry.preferences ?? null,
        dry_run: entry.dryRun ?? null,
        replayed: entry.replayed,
        resent_from: entry.resentFrom?.toString() ?? null,
        status: entry.status ?? null,
        code: entry.code ?? null,
        items: entry.items ?? null,
        failed_items: entry.failedItems ?? null,
        note: entry.note ?? null,
        operation: operationOf(entry)
    };
}
/** Gives where the sandbox's own API tells what an identifier changed. Only Paymentology's call changes balances. */
function operationOf({ dialect, clientId, identifier, status, dryRun, redacted }) {
    if (dialect !== 'paymentology' || clientId === undefined || identifier === undefined)
        return null;
    if (status !== 200 || dryRun !== false || redacted)
        return null;
    return `/sandbox/v1/operations?${new URLSearchParams({ client_id: String(clientId), identifier }).toString()}`;
}
function presentTexts(entry) {
    const { redacted, bodyBytes, body, answer } = entry;
    const text = body && textOf(body);
    return {
        redacted,
        body_bytes: bodyBytes,
        body: text ?? null,
        body_base64: body === undefined || text !== undefined ? null : Buffer.from(body).toString('base64'),
        answer: answer ?? null
    };
}
//# sourceMappingURL=present-request.js.map