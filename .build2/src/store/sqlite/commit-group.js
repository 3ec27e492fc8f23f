import { performance } from 'node:perf_hooks';
/** How many requests one commit takes at most, so that the first does not wait for a thousand others. */
const GROUP_SIZE_MAX = 256;
/** Makes a commit group. See {@link SharedCommit} for how requests share a commit. */
export function makeCommitGroup(transaction, now = () => performance.now()) {
    return new SharedCommit(transaction, now);
}
/**
 * A sync costs as much as several updates, and one sync makes everything durable that was written before it. So a
 * request is applied when the event loop has read all that the network holds; for a lone request that is at once.
 * While each turn of the loop brings more, the group waits on, but no longer than the last commit took. So nobody waits
 * for others longer than for the commit that this may save. Requests that arrive during a commit make up the next
 * group.
 *
 * Work does not fail in the ordinary course: what the rules refuse is a result. So a group has no savepoints, which
 * would copy every page that it writes. When its work fails after all, the whole transaction is rolled back, and each
 * request gets a transaction of its own.
 */
class SharedCommit {
    #transaction;
    #now;
    #waiting = [];
    /** How many of those that wait get a transaction of their own. */
    #alone = 0;
    /** How long the last commit took, and since when the next group gathers, with how many at the last look. */
    #commitMs = 0;
    #gatheringSinceMs = 0;
    #seen = 0;
    /** @param now milliseconds of a clock that never jumps */
    constructor(transaction, now) {
        this.#transaction = transaction;
        this.#now = now;
    }
    async run(request) {
        return await new Promise((resolve, reject) => {
            if (this.#waiting.length === 0) {
                this.#gatheringSinceMs = this.#now();
                this.#seen = 1;
                setImmediate(this.#gather);
            }
            this.#waiting.push({ request, fulfil: resolve, reject });
        });
    }
    flush() {
        while (this.#waiting.length > 0)
            this.#commitNext();
    }
    #gather = () => {
        const count = this.#waiting.length;
        const isInTime = this.#now() - this.#gatheringSinceMs < this.#commitMs;
        const isWorthwhile = count > this.#seen && count < GROUP_SIZE_MAX && isInTime;
        this.#seen = count;
        if (isWorthwhile)
            setImmediate(this.#gather);
        else
            this.#commitInTurn();
    };
    #commitInTurn = () => {
        try {
            this.#commitNext();
        }
        catch {
            // Each of them was rejected.
        }
        if (this.#waiting.length > 0)
            setImmediate(this.#commitInTurn);
    };
    #commitNext() {
        const group = this.#waiting.splice(0, this.#alone > 0 ? 1 : GROUP_SIZE_MAX);
        this.#alone = Math.max(0, this.#alone - 1);
        if (group.length > 0)
            this.#commit(group); // A flush may have been faster than the event loop.
    }
    /** @throws what the transaction itself failed with; all that wait were told by then */
    #commit(group) {
        let results;
        try {
            this.#transaction.begin();
            results = this.#work(group);
            if (results === undefined)
                return;
            const workedUntilMs = this.#now();
            this.#transaction.commit();
            this.#commitMs = this.#now() - workedUntilMs;
        }
        catch (error) {
            this.#transaction.rollback();
            this.#rejectAll(group, error);
            throw error;
        }
        this.#transaction.committed(group.length, this.#commitMs);
        for (const [index, { fulfil }] of group.entries())
            fulfil(results[index]);
    }
    /** @returns undefined when the work failed; then everything is rolled back */
    #work(group) {
        try {
            return this.#transaction.work(group.map(({ request }) => request));
        }
        catch (error) {
            this.#transaction.rollback();
            const [first] = group;
            if (group.length === 1)
                first?.reject(error);
            else {
                this.#waiting.unshift(...group);
                this.#alone = group.length;
            }
            return undefined;
        }
    }
    /** All that wait behind fail too, so that nobody who tries again is overtaken by those who came later. */
    #rejectAll(group, error) {
        this.#alone = 0;
        for (const { reject } of [...group, ...this.#waiting.splice(0)])
            reject(error);
    }
}
//# sourceMappingURL=commit-group.js.map