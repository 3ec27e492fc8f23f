import Database from 'better-sqlite3';
import { change } from '../engine.js';
import { run, sql } from '../sql.js';
import { serveOthers } from '../../turns.js';
import { makeCommitGroup } from './commit-group.js';
import { readCurrencies } from './currencies.js';
import { makeLockWaiting, storeErrorOf } from './lock-waiting.js';
import { transactAtLength } from './long-change.js';
import { makeMemories } from './memories.js';
import { makePerform } from './statements.js';
import { makeTransactions } from './transactions.js';
/** It needs room in the log, like every write. */
const WRITE_NOTHING = change(function* () {
    yield* run(sql `UPDATE sequences SET last_number = last_number WHERE name = 'change'`);
}, { leavesAccounts: true });
/**
 * Makes the engine on an open database, which has one writer at a time: this connection, or another process.
 *
 * A change is a transaction of its own, behind the grouped changes that wait, so that its errors are its own.
 */
export function makeSqliteEngine(database, options) {
    const { pivotCurrency, clock, observer, assertSameFiles = () => { }, wrote = () => { } } = options;
    const perform = makePerform(database);
    const transactions = makeTransactions(database);
    const memories = makeMemories(database);
    const waiting = makeLockWaiting();
    const currencyOf = readCurrencies(database);
    const groups = [];
    /** What only reads looks at the files once a turn of the event loop: each request looks up a key. */
    const assertSameFilesThisTurn = onceATurn(assertSameFiles);
    const contextNow = () => ({ nowMs: clock().getTime(), pivotCurrency, currencyOf });
    /** Lets the grouped changes that wait go first. They may find other accounts after a change that is kept. */
    function comeBehindGroups({ leavesAccounts = false }, end) {
        if (leavesAccounts)
            return;
        for (const group of groups)
            group.flush();
        if (end === 'COMMIT')
            memories.forget();
    }
    async function write(operation, parameters, end) {
        return await waiting.write(async () => {
            comeBehindGroups(operation, end);
            wrote();
            if (operation.kind === 'long-change')
                assertSameFiles(); // It opens the file anew.
            const work = operation.work(contextNow(), ...parameters);
            const result = operation.kind === 'long-change'
                ? await transactAtLength(database, work, end)
                : transactions.transact('BEGIN IMMEDIATE', () => perform(work), end);
            assertSameFiles();
            return result;
        });
    }
    return {
        read: async ({ work, asksOnce = false }, ...parameters) => await waiting.read(() => {
            const asked = work(contextNow(), ...parameters);
            const result = asksOnce ? perform(asked) : transactions.transact('BEGIN', () => perform(asked), 'COMMIT');
            assertSameFilesThisTurn();
            return result;
        }),
        change: async (operation, ...parameters) => await write(operation, parameters, 'COMMIT'),
        rehearse: async (operation, ...parameters) => await write(operation, parameters, 'ROLLBACK'),
        grouping: (operation) => {
            const parts = { transactions, memories, perform, contextNow, observer, wrote, assertSameFiles };
            const group = makeCommitGroup(groupTransactionOf(operation, parts));
            groups.push(group);
            return async (request) => await waiting.write(async () => await group.run(request));
        },
        readSlices: (operation, ...parameters) => readSlices(database.name, contextNow(), operation, parameters, assertSameFiles),
        assertCanWrite: async () => {
            if (waiting.hasFailed())
                await write(WRITE_NOTHING, [], 'COMMIT');
        },
        close: () => {
            try {
                for (const group of groups)
                    group.flush();
            }
            finally {
                database.close();
            }
        }
    };
}
function groupTransactionOf({ work, makeMemory }, { transactions, memories, perform, contextNow, observer, wrote, assertSameFiles }) {
    const memoryNow = memories.remember(makeMemory);
    return {
        begin: transactions.beginToWrite,
        work: (requests) => perform(work(contextNow(), memoryNow(), requests)),
        commit: () => {
            transactions.commit();
            wrote();
            assertSameFiles();
        },
        rollback: () => {
            transactions.takeBack();
            memories.forget();
        },
        committed: (groupSize, commitMs) => { observer.committed(groupSize, commitMs); }
    };
}
/** Lets a check through once a turn of the event loop. One that throws is made again. */
function onceATurn(check) {
    let isChecked = false;
    return () => {
        if (isChecked)
            return;
        check();
        isChecked = true;
        setImmediate(() => { isChecked = false; });
    };
}
/** Reads on a connection of its own, so that its one moment is nobody else's. */
async function* readSlices(path, context, { work }, parameters, assertSameFiles) {
    let connection;
    try {
        connection = new Database(path, { readonly: true, timeout: 0 }).defaultSafeIntegers(true);
        const perform = makePerform(connection);
        connection.exec('BEGIN');
        let cursor;
        do {
            const { items, next } = perform(work(context, cursor, ...parameters));
            assertSameFiles();
            yield items;
            cursor = next;
            await serveOthers();
        } while (cursor !== undefined);
    }
    catch (error) {
        throw storeErrorOf(error);
    }
    finally {
        connection?.close();
    }
}
//# sourceMappingURL=engine.js.map