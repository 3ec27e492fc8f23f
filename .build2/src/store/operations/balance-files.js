import { NAMED_FAILURES_MAX } from '../../domain/balance-file.js';
import { change, reading } from '../engine.js';
import { all, draw, first, run, sql, together } from '../sql.js';
import { leaseFrom } from './balance-file-leases.js';
/** @returns undefined when there is no such client */
export const startFile = change(function* ({ nowMs }, start) {
    const clientId = BigInt(start.clientId);
    const client = yield* first(sql `SELECT client_id FROM clients WHERE client_id = ${clientId}`);
    if (client === undefined)
        return undefined;
    const [newFileId, jobId] = yield* together(draw('file'), draw('job'));
    // A name that is there is set to the same, so that it is locked, and returned.
    const [name] = yield* all(sql `INSERT INTO balance_file_names (file_id, client_id, file_name)
    VALUES (${newFileId}, ${clientId}, ${start.fileName})
    ON CONFLICT (client_id, file_name) DO UPDATE SET file_name = excluded.file_name RETURNING file_id`);
    const { file_id: fileId } = name;
    yield* run(sql `INSERT INTO balance_files (job_id, file_id, dry_run, started_at_ms, lease_until_ms)
    VALUES (${jobId}, ${fileId}, ${start.dryRun ? 1n : 0n}, ${BigInt(nowMs)}, ${leaseFrom(nowMs)})`);
    return { ...start, jobId: Number(jobId), fileId };
}, { leavesAccounts: true });
/**
 * Ends a run at the end of its file.
 *
 * @returns undefined when the run has ended before
 */
export const finishFile = change(function* ({ nowMs }, jobId) {
    const ended = yield* run(sql `UPDATE balance_files SET outcome = 'done', finished_at_ms = ${BigInt(nowMs)}
    WHERE job_id = ${BigInt(jobId)} AND outcome IS NULL`);
    const file = ended === 1 ? yield* findFile(jobId) : undefined;
    return file && (yield* summaryOf(jobId, file));
}, { leavesAccounts: true });
/**
 * Ends a run before the end of its file, unless it has ended.
 *
 * @param reason why, in words
 */
export const breakFileOff = change(function* ({ nowMs }, jobId, reason) {
    yield* run(sql `UPDATE balance_files
    SET outcome = 'broken-off', reason = ${reason}, finished_at_ms = ${BigInt(nowMs)}
    WHERE job_id = ${BigInt(jobId)} AND outcome IS NULL`);
}, { leavesAccounts: true });
/** @returns undefined for an unknown number */
export const readFile = reading(function* ({ nowMs }, jobId) {
    const file = yield* findFile(jobId);
    return file && { dryRun: file.dry_run === 1n, progress: yield* progressOf(jobId, file, nowMs) };
});
/**
 * Reads failed rows in the order of their lines, from a line on.
 *
 * @returns undefined for an unknown number
 */
export const readFailures = reading(function* (_context, jobId, fromLine, limit) {
    const [file, failures] = yield* together(findFile(jobId), findFailures(jobId, fromLine, limit));
    return file && failures;
});
/** A run of a forgotten file is unknown. */
function* findFile(jobId) {
    return yield* first(sql `SELECT dry_run, client_id, file_name, started_at_ms, lease_until_ms, finished_at_ms,
      outcome, reason, total_records, failed_records, repeated_records
    FROM balance_files JOIN balance_file_names USING (file_id)
    WHERE job_id = ${BigInt(jobId)} AND file_name IS NOT NULL`);
}
function* findFailures(jobId, fromLine, limit) {
    const rows = yield* all(sql `SELECT line, row, subject, reason FROM balance_file_failures
    WHERE job_id = ${BigInt(jobId)} AND line >= ${BigInt(fromLine)} ORDER BY line LIMIT ${BigInt(limit)}`);
    return rows.map((failure) => ({ ...failure, line: Number(failure.line) }));
}
function* progressOf(jobId, file, nowMs) {
    switch (file.outcome) {
        case null: return { status: file.lease_until_ms < nowMs ? 'interrupted' : 'running' };
        case 'broken-off': return { status: 'broken-off', reason: file.reason };
        case 'done': return { status: 'done', summary: yield* summaryOf(jobId, file) };
    }
}
function* summaryOf(jobId, file) {
    return {
        jobId,
        clientId: Number(file.client_id),
        fileName: file.file_name,
        startedAt: new Date(Number(file.started_at_ms)),
        finishedAt: new Date(Number(file.finished_at_ms)),
        totalRecords: Number(file.total_records),
        failedRecords: Number(file.failed_records),
        repeatedRecords: Number(file.repeated_records),
        firstFailures: yield* findFailures(jobId, 1, NAMED_FAILURES_MAX)
    };
}
//# sourceMappingURL=balance-files.js.map