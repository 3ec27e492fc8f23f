import { formatRate } from '../../domain/exchange.js';
import { bytes, draw, eachRun, int8, statement, text, together } from '../sql.js';
const INSERT_OPERATION = statement `INSERT INTO operations (operation_id, source, client_id, identifier, fingerprint,
    answer_body, answer_preference, user_id, remarks, reason, job_id, created_at_ms)
  VALUES (${int8}, ${text}, ${int8}, ${text}, ${bytes},
    ${text}, ${text}, ${text}, ${text}, ${text}, ${int8}, ${int8})`;
const INSERT_CHANGE = statement `INSERT INTO balance_changes (change_id, account_id, incarnation, position,
    previous_change_id, operation_id, item_index, record_id, currency, previous_actual, previous_blocked,
    actual, blocked, sent_actual, sent_blocked, sent_currency, rate, rate_effective_at_ms)
  VALUES (${int8}, ${int8}, ${int8}, ${int8},
    ${int8}, ${int8}, ${int8}, ${text}, ${text}, ${int8}, ${int8},
    ${int8}, ${int8}, ${int8}, ${int8}, ${text}, ${text}, ${int8})`;
const SET_BALANCES = statement `UPDATE balances
  SET actual = ${int8}, blocked = ${int8}, last_change_id = ${int8}, position = ${int8}, updated_at_ms = ${int8}
  WHERE account_id = ${int8}`;
/**
 * Writes operations whose numbers were drawn, `firstId` and those behind it. They are written in the order of their
 * identifiers: so two who write some of the same at once never wait for each other.
 */
export function* insertOperations(operations, firstId, nowMs) {
    const numbered = operations.map((operation, index) => ({ operation, operationId: firstId + BigInt(index), order: orderOf(operation) }));
    numbered.sort((left, right) => left.order < right.order ? -1 : Number(left.order > right.order));
    yield* eachRun(INSERT_OPERATION, numbered.map(({ operation, operationId }) => {
        const { source, clientId, identifier, fingerprint, answer, userId, remarks, reason, jobId } = operation;
        return [operationId, source, numberOf(clientId), identifier, fingerprint,
            answer?.body, answer?.preferenceApplied, userId, remarks, reason, numberOf(jobId), BigInt(nowMs)];
    }));
}
/** Clients may use the same identifiers. */
function orderOf({ identifier, clientId }) {
    return `${String(identifier)} ${String(clientId)}`;
}
/**
 * Draws numbers for operations and their changes, both at once: so of two operations, the one with the greater number
 * has the changes with greater numbers. To be called when the accounts are locked.
 */
export function* drawNumbers(operations, changes) {
    const [operationId, firstChangeId] = yield* together(draw('operation', operations), draw('change', changes));
    return { operationId, firstChangeId };
}
/** Writes one operation. @returns its number, to which its changes refer, and the first of theirs */
export function* insertOperation(operation, changes, nowMs) {
    const drawn = yield* drawNumbers(1, changes);
    yield* insertOperations([operation], drawn.operationId, nowMs);
    return drawn;
}
/** Makes the change of a planned update. */
export function changeOf({ account: { accountId, currency }, previous, next, sent, sentCurrency, conversion }, incarnation, operationId, itemIndex, recordId) {
    const [rate, rateEffectiveAtMs] = [formatRate(conversion), conversion.effectiveAtMs];
    return {
        accountId,
        incarnation,
        currency,
        operationId,
        itemIndex,
        recordId,
        previous,
        next,
        sent,
        sentCurrency,
        rate,
        rateEffectiveAtMs
    };
}
/**
 * Numbers changes in their order. An account may stand among them more than once.
 *
 * @param firstId the number that was drawn for the first
 * @param ends where each account's history ends so far; nothing for an account that begins. They are moved on
 */
export function numberChanges(changes, firstId, ends) {
    let changeId = firstId - 1n;
    return changes.map((change) => {
        const before = ends.get(change.accountId);
        changeId += 1n;
        const position = before === undefined ? 1n : before.position + 1n;
        ends.set(change.accountId, { changeId, position });
        return { change, changeId, position, previousChangeId: before?.changeId };
    });
}
/** Writes changes into the history. The accounts' balances must be set in the same transaction. */
export function* insertChanges(numbered) {
    yield* eachRun(INSERT_CHANGE, numbered.map(({ change, changeId, position, previousChangeId }) => {
        const { accountId, incarnation, operationId, itemIndex, recordId, currency, previous, next, sent } = change;
        return [
            changeId, accountId, BigInt(incarnation), position,
            previousChangeId, operationId, BigInt(itemIndex), recordId, currency.numericCode,
            previous?.actual, previous?.blocked, next.actual, next.blocked, sent.actual, sent.blocked,
            change.sentCurrency.numericCode, change.rate, numberOf(change.rateEffectiveAtMs)
        ];
    }));
}
/** Sets the balances of accounts to what their newest change among these has set, each once. */
export function* setBalances(numbered, nowMs) {
    const newest = new Map(numbered.map((entry) => [entry.change.accountId, entry]));
    const updatedAtMs = BigInt(nowMs);
    yield* eachRun(SET_BALANCES, [...newest.values()].map(({ change: { accountId, next }, changeId, position }) => [next.actual, next.blocked, changeId, position, updatedAtMs, accountId]));
}
function numberOf(value) {
    return value === undefined ? undefined : BigInt(value);
}
//# sourceMappingURL=history-writing.js.map