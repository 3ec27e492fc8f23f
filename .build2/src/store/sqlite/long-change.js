import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { serveOthers } from '../../turns.js';
import { LOG_PAGES } from './database.js';
import { makePerform } from './statements.js';
/** How much the log may grow before it is brought to the disk. A small change ends before. */
const SYNC_BYTES = 2 * 1024 * 1024;
/**
 * Runs an operation in one transaction on a connection of its own, and lets the event loop turn at each of its
 * pauses. Others read meanwhile what was before it. What it has written is brought to the disk on the way, so that the
 * commit has little left to wait for, and into the database file by a thread of its own.
 *
 * @param database the connection of those that write meanwhile, which leave the log to that thread
 * @param end what becomes of the transaction when all of the operation is done
 * @throws SqliteError also when another connection holds the lock; then nothing was begun
 */
export async function transactAtLength(database, operation, end) {
    const path = database.name;
    const connection = new Database(path, { fileMustExist: true, timeout: 0 }).defaultSafeIntegers(true);
    let log;
    let isLarge = false;
    try {
        connection.pragma('synchronous = FULL');
        connection.pragma('foreign_keys = ON');
        connection.pragma('wal_autocheckpoint = 0');
        connection.pragma('cache_size = -4096'); // What does not fit goes into the log on the way.
        const perform = makePerform(connection);
        connection.exec('BEGIN IMMEDIATE');
        log = await open(`${path}-wal`);
        let syncedBytes = 0;
        let turn = perform(untilPause(operation));
        while (turn.done !== true) {
            const { size } = await log.stat();
            if (size - syncedBytes > SYNC_BYTES) {
                await log.datasync();
                syncedBytes = size;
            }
            await serveOthers();
            turn = perform(untilPause(operation));
        }
        setLogPages(database, 0);
        connection.exec(end);
        isLarge = syncedBytes > 0;
        return turn.value;
    }
    finally {
        connection.close(); // A transaction that did not end is taken back.
        await log?.close();
        if (isLarge)
            await checkpoint(path);
        setLogPages(database, LOG_PAGES);
    }
}
/** A service that stops may have closed its connection. */
function setLogPages(database, pages) {
    if (database.open)
        database.pragma(`wal_autocheckpoint = ${pages}`);
}
/** Goes on with an operation as far as its next pause. */
function* untilPause(operation) {
    let turn = operation.next();
    while (turn.done !== true && turn.value.kind !== 'pause')
        turn = operation.next(yield turn.value);
    return turn;
}
/** Writes the log into the database file, in a thread of its own. A failure is made up for later. */
export async function checkpoint(path) {
    const file = new URL('checkpoint-worker.js', import.meta.url);
    // What this process was started with may be nothing for a file.
    const worker = new Worker(file, { workerData: path, execArgv: [] });
    await new Promise((resolve) => { worker.on('error', () => { }).on('exit', () => { resolve(); }); });
}
//# sourceMappingURL=long-change.js.map