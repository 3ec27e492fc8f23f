import { statSync } from 'node:fs';
import { StoreUnavailableError } from '../port/unavailable.js';
import { realPathOf } from './files.js';
/**
 * Remembers the files of a database that was just opened: the main file, the write-ahead log, and the log's index.
 * SQLite goes on with files that were removed, moved or replaced, and what it writes to them is lost with the process.
 * While a database is open, none of its files changes its identity.
 *
 * @returns a check that costs three calls of `stat`, a few microseconds. It throws StoreUnavailableError when a file is
 *   gone or is another one. Call it after a commit and before the answer, so that no answer promises what nobody can
 *   find
 */
export function rememberFiles(database) {
    const path = database.name;
    const real = realPathOf(path);
    const paths = [path, `${real}-wal`, `${real}-shm`];
    const files = paths.map((file) => ({ path: file, identity: identityOf(file) }));
    return () => {
        if (!database.open)
            return; // Its closing removes the log.
        for (const file of files) {
            const identity = identityOf(file.path);
            file.identity ??= identity;
            if (identity !== file.identity)
                throw new StoreUnavailableError(describe(file.path, identity));
        }
    };
}
function identityOf(path) {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found && `${found.dev}:${found.ino}`;
}
function describe(path, identity) {
    const what = identity === undefined ? 'was removed or moved' : 'was replaced by another file';
    return `${path} ${what} while the service uses it. ` +
        'Stop the service, put the right file in its place or restore a backup, and start again';
}
//# sourceMappingURL=file-identity.js.map