import { setTimeout as wait } from 'node:timers/promises';
import { isRepeatable, storeErrorOf } from './errors.js';
import { makeGroup } from './group.js';
import { makeDrawNumbers } from './numbers.js';
import { readSlices } from './slices.js';
import { transact } from './transaction.js';
/** How often an operation runs at most, when other transactions are in its way. */
const ATTEMPTS = 5;
/** How long the first wait before a repetition lasts at most. Each further one may last twice as long. */
const REPEAT_WAIT_MS = 10;
/** A transaction that does nothing so long is ended by the server, so that it locks out nobody for ever. */
const IDLE_TIMEOUT_MS = 60_000;
/** What was answered as done must outlive the server's crash, also where `synchronous_commit` is off. */
const MAKE_DURABLE = `SELECT set_config('synchronous_commit', 'on', true)
  WHERE current_setting('synchronous_commit') = 'off'`;
function beginOf(mode, statementTimeoutMs) {
    return `BEGIN ISOLATION LEVEL ${mode}; SET LOCAL statement_timeout = ${statementTimeoutMs}; ` +
        `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`;
}
/** Makes the engine on pools of connections. */
export function makePostgresEngine({ pools, pivotCurrency, clock, observer, currencyOf, statementTimeoutMs, isolation = 'READ COMMITTED' }) {
    const draw = makeDrawNumbers(pools.numbers, statementTimeoutMs);
    const groups = [];
    const contextNow = () => ({ nowMs: clock().getTime(), pivotCurrency, currencyOf });
    const begin = (mode) => beginOf(mode, statementTimeoutMs);
    const beginReading = begin('REPEATABLE READ READ ONLY');
    const beginChange = `${begin(isolation)}; ${MAKE_DURABLE}`;
    /** Others may write meanwhile, and it sees nothing of that. */
    const beginLongChange = `${begin(isolation === 'SERIALIZABLE' ? isolation : 'REPEATABLE READ')}; ${MAKE_DURABLE}`;
    const change = (end) => ({ pool: pools.short, begin: beginChange, end });
    /** Runs work, and again from its beginning when other transactions were in its way. */
    async function repeatedly(work, options, attempt = 1) {
        try {
            return await transact(work(), { ...options, draw, statementTimeoutMs, transacted: observer.transacted });
        }
        catch (error) {
            if (attempt === ATTEMPTS || !isRepeatable(error))
                throw storeErrorOf(error);
            observer.retried(String(error.code));
            await wait(Math.random() * REPEAT_WAIT_MS * 2 ** attempt);
            return await repeatedly(work, options, attempt + 1);
        }
    }
    async function write({ kind, work }, parameters, end) {
        const how = kind === 'change' ? change(end) : { pool: pools.long, begin: beginLongChange, end };
        return await repeatedly(() => work(contextNow(), ...parameters), how);
    }
    async function read({ work, asksOnce = false }, ...parameters) {
        // There is nothing to be kept.
        return await repeatedly(() => work(contextNow(), ...parameters), {
            pool: pools.short, begin: asksOnce ? undefined : beginReading, end: 'ROLLBACK'
        });
    }
    function grouping({ work, makeMemory }) {
        const group = makeGroup(async (requests) => await repeatedly(
        // Other processes write, too: nothing is remembered from the group before.
        () => work(contextNow(), makeMemory(), requests), { ...change('COMMIT'), committed: (commitMs) => { observer.committed(requests.length, commitMs); } }));
        groups.push(group);
        return group.run;
    }
    return {
        read,
        change: async (operation, ...parameters) => await write(operation, parameters, 'COMMIT'),
        rehearse: async (operation, ...parameters) => await write(operation, parameters, 'ROLLBACK'),
        grouping,
        readSlices: (operation, ...parameters) => readSlices({
            pool: pools.long, draw, begin: beginReading, context: contextNow(), operation, parameters
        }),
        settle: async () => { for (const group of groups)
            await group.settle(); }
    };
}
//# sourceMappingURL=engine.js.map