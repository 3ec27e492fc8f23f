import { StoreUnavailableError } from '../port/unavailable.js';
import { makeDriver } from './driver.js';
import { allOf } from './queries.js';
import { isSurelyTakenBack, leavesHost, StatementError, UnknownOutcomeError } from './errors.js';
import { makeSend } from './send.js';
/**
 * Runs an operation in a transaction of its own.
 *
 * @throws StatementError for what the database has refused; then nothing is written
 * @throws UnknownOutcomeError when the commit was sent and its answer never came
 */
export async function transact(operation, options) {
    const connection = await options.pool.connect();
    const begunMs = performance.now();
    const work = transactOn(connection, operation, options);
    await Promise.allSettled([work]);
    options.transacted(performance.now() - begunMs);
    return await work;
}
async function transactOn(connection, operation, { draw, begin, end, statementTimeoutMs, committed = () => { } }) {
    const send = makeSend(connection.client, begin === undefined ? statementTimeoutMs : undefined);
    try {
        const driver = makeDriver(send, draw, begin);
        const result = await driver.perform(operation);
        if (driver.hasBegun() && end === 'COMMIT') {
            const startedMs = performance.now();
            await commit(connection.client, send);
            committed(performance.now() - startedMs);
        }
        else if (driver.hasBegun())
            await send('ROLLBACK');
        connection.release();
        return result;
    }
    catch (error) {
        if (leavesHost(error))
            connection.leaveHost();
        else if (error instanceof UnknownOutcomeError)
            connection.discard();
        else
            await takeBack(connection, send);
        throw error;
    }
}
async function takeBack(connection, send) {
    try {
        await send('ROLLBACK');
        connection.release();
    }
    catch {
        connection.discard(); // The server takes back what a lost connection has begun.
    }
}
/**
 * Warnings at a commit that was kept: it did not wait for its standby (01000), or there was no transaction, so that
 * each statement was kept alone (25P01).
 */
const DOUBTFUL = /^(01000|25P01)$/;
/** The server may have been told to leave out warnings. */
const BEFORE_COMMIT = 'SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning';
/** No time-out runs meanwhile: the commit could be kept all the same. */
async function commit(client, send) {
    const warnings = [];
    const notice = ({ code, message }) => {
        if (DOUBTFUL.test(String(code)))
            warnings.push(String(message));
    };
    client.on('notice', notice);
    let tag;
    try {
        const [, answer] = await allOf([send(BEFORE_COMMIT), send('COMMIT')]);
        tag = answer.command;
    }
    catch (error) {
        if (error instanceof StatementError && isSurelyTakenBack(error))
            throw error;
        throw new UnknownOutcomeError(error);
    }
    finally {
        client.off('notice', notice);
    }
    // A server answers so to the COMMIT of a transaction in which a statement had failed.
    if (tag !== 'COMMIT') {
        throw new StoreUnavailableError(`the database answered a commit with ${tag}: nothing of it was written`);
    }
    const [warning] = warnings;
    if (warning !== undefined)
        throw new UnknownOutcomeError(new Error(warning));
}
//# sourceMappingURL=transaction.js.map