import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { StoreUnavailableError } from '../port/unavailable.js';
/** How long an operation waits for another process that holds the database's lock. */
const LOCK_TIMEOUT_MS = 5000;
/**
 * How long it waits before it tries again. SQLite's own waiting would hold up everything else that the service does.
 */
const LOCK_RETRY_MS = 20;
/** SQLite's result codes for what lies outside the database and may pass: a lock, the disk, the rights, the memory. */
const PASSING_CODE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/;
const LOCK_CODE = /^SQLITE_(BUSY|LOCKED)/;
/** Makes the waiting of one store. */
export function makeLockWaiting() {
    const line = [];
    let lastNumber = 0;
    let failed = false;
    async function waitInLine(number, deadline) {
        await new Promise((resolve) => {
            line.push({ number, deadline, goOn: resolve });
            line.sort((left, right) => left.number - right.number);
            if (line.length === 1)
                setTimeout(tryFirst, LOCK_RETRY_MS);
        });
    }
    /**
     * Lets the first in line try again, and with it those whose time is over. The line is in the order of their
     * deadlines, too.
     */
    function tryFirst() {
        const now = performance.now();
        const count = Math.max(1, line.filter(({ deadline }) => deadline < now).length);
        for (const { goOn } of line.splice(0, count))
            goOn();
        if (line.length > 0)
            setTimeout(tryFirst, LOCK_RETRY_MS);
    }
    /** Lets all in line try at once, in their order, so that they can share a commit. */
    function tryAll() {
        for (const { goOn } of line.splice(0))
            goOn();
    }
    async function write(attempt) {
        const number = lastNumber += 1;
        const deadline = newDeadline();
        if (line.length > 0)
            await waitInLine(number, deadline);
        for (;;) {
            try {
                const result = await attempt();
                failed = false;
                tryAll();
                return result;
            }
            catch (error) {
                if (!isLocked(error) || performance.now() > deadline)
                    throw fail(error);
            }
            await waitInLine(number, deadline);
        }
    }
    function fail(error) {
        const storeError = storeErrorOf(error);
        failed = storeError instanceof StoreUnavailableError;
        return storeError;
    }
    return { write, read, hasFailed: () => failed };
}
async function read(attempt) {
    const deadline = newDeadline();
    for (;;) {
        try {
            return await attempt();
        }
        catch (error) {
            if (!isLocked(error) || performance.now() > deadline)
                throw storeErrorOf(error);
        }
        await wait(LOCK_RETRY_MS);
    }
}
/** Not by the clock of the service: that one may jump. */
function newDeadline() {
    return performance.now() + LOCK_TIMEOUT_MS;
}
/** Tells whether an error says that another process holds the lock. */
export function isLocked(error) {
    return error instanceof Database.SqliteError && LOCK_CODE.test(error.code);
}
/** Gives the store's error for one of SQLite's: its own, unless the cause lies outside the database and may pass. */
export function storeErrorOf(error) {
    if (!(error instanceof Database.SqliteError) || !PASSING_CODE.test(error.code))
        return error;
    return new StoreUnavailableError(`${error.message} (${error.code})`, { cause: error });
}
//# sourceMappingURL=lock-waiting.js.map