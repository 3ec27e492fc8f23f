/** What the exit code of a command says. */
export const EXIT = {
    done: 0,
    /**
     * The service refused, or what a command was to read or to start with is not right. Nothing was changed, but for rows
     * of a balance file before the place where it cannot be read on.
     */
    refused: 1,
    /** The command line itself is wrong. Nothing was sent. */
    usage: 2,
    /** The service cannot be reached, or failed. */
    unavailable: 3,
    /**
     * Rows of a file failed, or saved accounts are gone, and the others are done; or all is done, and the output of it
     * could not be written.
     */
    partly: 4,
    /** Broken off by Ctrl+C, or by SIGTERM: 128 and the number of the signal, as shells have it. */
    interrupted: 130,
    terminated: 143
};
/** Ends a command with an exit code and a message for standard error. */
export class CommandFailure extends Error {
    exitCode;
    status;
    name = 'CommandFailure';
    /** @param status of the service's answer, where it has refused */
    constructor(exitCode, message, status) {
        super(message);
        this.exitCode = exitCode;
        this.status = status;
    }
}
//# sourceMappingURL=exit.js.map