import { change } from '../engine.js';
import { run, sql } from '../sql.js';
/** How long a run of a file counts as under way after its process has last said so. */
const LEASE_MS = 60_000;
/** How often a process says so, however slowly the file comes in. */
export const LEASE_RENEWAL_MS = LEASE_MS / 3;
/** @returns milliseconds since 1970 */
export function leaseFrom(nowMs) {
    return BigInt(nowMs + LEASE_MS);
}
/** Says that the process still reads the file. */
export const renewLease = change(function* ({ nowMs }, jobId) {
    yield* run(sql `UPDATE balance_files SET lease_until_ms = ${leaseFrom(nowMs)}
    WHERE job_id = ${BigInt(jobId)} AND outcome IS NULL`);
}, { leavesAccounts: true });
/**
 * Says that no process reads any file. For the start of a process that is sure to be alone with the database, so that
 * the runs which its predecessor left are interrupted at once.
 */
export function* endLeases(nowMs) {
    yield* run(sql `UPDATE balance_files SET lease_until_ms = ${BigInt(nowMs - 1)}
    WHERE outcome IS NULL AND lease_until_ms >= ${BigInt(nowMs)}`);
}
//# sourceMappingURL=balance-file-leases.js.map