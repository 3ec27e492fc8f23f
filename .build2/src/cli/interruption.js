import { CommandFailure, EXIT } from './exit.js';
const EXIT_CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated };
/**
 * Does work that Ctrl+C or SIGTERM breaks off in order, so that the terminal is as before and the user knows what was
 * done. A second signal ends the process at once.
 *
 * @param describe says what was done, and what to do now
 * @param work gives up when the signal aborts
 * @throws CommandFailure after a signal, with the exit code of shells for it; else what the work throws
 */
export async function interruptible(signals, describe, work) {
    const controller = new AbortController();
    const listeners = ['SIGINT', 'SIGTERM'].map((name) => ({
        name, listener: () => { controller.abort(new CommandFailure(EXIT_CODES[name], describe())); }
    }));
    for (const { name, listener } of listeners)
        signals.once(name, listener);
    return await work(controller.signal)
        .catch((error) => { throw controller.signal.aborted ? controller.signal.reason : error; })
        .finally(() => { for (const { name, listener } of listeners)
        signals.off(name, listener); });
}
//# sourceMappingURL=interruption.js.map