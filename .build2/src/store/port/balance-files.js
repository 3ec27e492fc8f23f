/** Thrown for rows of a run that has ended: by its own end, or because a prune has removed it. */
export class BalanceFileEndedError extends Error {
    name = 'BalanceFileEndedError';
    constructor(jobId) {
        super(`The run ${jobId} of a balance file has ended and takes no more rows`);
    }
}
//# sourceMappingURL=balance-files.js.map