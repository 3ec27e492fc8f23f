import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { isLocked } from './lock-waiting.js';
import { makePrivateFile, realPathOf } from './files.js';
import { DatabaseError } from './database-error.js';
/** How many processes can use one database at the same time. */
const PLACES = 8;
/** How long a place is waited for that another process is just looking at. */
const LOOK_TIMEOUT_MS = 100;
/**
 * Takes a place among the processes that use a database. A place is a lock of the system on a file of its own, and ends
 * with the process, however it ends. It does not depend on the database file, which may have been removed or replaced.
 * The name begins with a dot, so that `rm database.sqlite*` does not remove it.
 *
 * @param path the database; its folder must exist
 * @throws DatabaseError when all places are taken, or none can be made
 */
export function occupy(path) {
    const real = realPathOf(path);
    const prefix = join(dirname(real), `.${basename(real)}.lock-`);
    const places = Array.from({ length: PLACES }, (_, index) => `${prefix}${index + 1}`);
    for (const place of places) {
        makePrivateFile(place);
        const lock = tryLock(place, 'BEGIN EXCLUSIVE', LOOK_TIMEOUT_MS);
        if (!(lock instanceof Error)) {
            const others = places.filter((other) => other !== place);
            return { countOthers: () => others.filter(isTaken).length, release: () => { lock.close(); } };
        }
        if (!isLocked(lock))
            throw new DatabaseError(describeRefusal(place, lock));
    }
    throw new DatabaseError(`${path} is in use by ${PLACES} processes, and no more can use it. End one of them`);
}
function describeRefusal(place, { message }) {
    return `${place} cannot be locked (${message}), and no other process could see that the database is in use. ` +
        'Let the user who runs stip-sandbox write this file';
}
/** Looks without keeping other lookers away. A place that cannot be looked at may be taken. */
function isTaken(place) {
    if (!existsSync(place))
        return false;
    const look = tryLock(place, 'BEGIN; SELECT 1 FROM sqlite_schema', 0);
    if (look instanceof Error)
        return true;
    look.close();
    return false;
}
/** @returns what holds the lock until it is closed, or why there is none */
function tryLock(place, sql, timeout) {
    let database;
    try {
        database = new Database(place, { timeout });
        return database.exec(sql);
    }
    catch (error) {
        database?.close();
        return error;
    }
}
//# sourceMappingURL=occupancy.js.map