/** How long nothing was written before the log goes into the database file. */
const IDLE_MS = 1000;
/**
 * Writes the log into the database file, once nothing was written for a second. So a plain copy of the file
 * of an idle service is whole, and the log begins anew.
 *
 * It leaves the log alone while another process reads what is before it, and tries again a second later.
 */
export function makeIdleCheckpoint(database) {
    const checkpoint = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
    let timer;
    let wroteSince = false;
    function wait() {
        wroteSince = false;
        timer = setTimeout(look, IDLE_MS).unref();
    }
    function look() {
        timer = undefined;
        if (wroteSince || !isDone())
            wait();
    }
    function isDone() {
        if (database.inTransaction)
            return false;
        try {
            return checkpoint.get()?.busy === 0n;
        }
        catch {
            return false; // A full disk, or a lock of another process. What was committed is safe in the log.
        }
    }
    return {
        wrote: () => {
            wroteSince = true;
            if (timer === undefined)
                wait();
        },
        stop: () => { clearTimeout(timer); }
    };
}
//# sourceMappingURL=idle-checkpoint.js.map