/** Runs in a thread of its own: writes the log into the database file, and disturbs nobody. */
import { workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
const database = new Database(String(workerData), { fileMustExist: true, timeout: 0 });
try {
    database.pragma('wal_checkpoint(PASSIVE)');
}
finally {
    database.close();
}
//# sourceMappingURL=checkpoint-worker.js.map