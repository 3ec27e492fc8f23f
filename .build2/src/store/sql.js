/**
 * The little language in which an operation asks an engine. An operation is a generator: it yields what it asks and is
 * given the answer. It never waits and knows no driver, so that it is written once for every engine.
 *
 * An operation decides before its first write. It refuses by its result, never catches a statement's error, and has no
 * effect outside the database. So it is all or nothing, and an engine may repeat it or take it back.
 */
export const int8 = 'int8';
export const text = 'text';
export const bytes = 'bytes';
/** Makes a {@link Sql}. A value becomes a parameter; another `Sql` becomes a part of the text. */
export function sql(strings, ...values) {
    return { strings, values };
}
/** Makes a {@link Statement}: `` statement`DELETE FROM tokens WHERE token = ${int8}` ``. */
export function statement(strings, ...types) {
    return { strings, types };
}
/**
 * Makes a look-up lock the rows that it reads until the transaction ends. It reads only, where there is one writer.
 *
 * @param of the table whose rows alone are locked: each locked row is written to the server's disk
 */
export function locking(lookup, of = 'all') {
    return { ...lookup, locks: of };
}
/** Locks the rows that a SELECT reads until the transaction ends. Empty where an engine has one writer at a time. */
export const FOR_UPDATE = { strings: [''], values: [] };
/** Reads all rows of a statement. */
export function* all(statement) {
    return (yield { kind: 'all', sql: statement });
}
/** Reads the first row of a statement; undefined when there is none. */
export function* first(statement) {
    const [row] = (yield { kind: 'all', sql: statement });
    return row;
}
/** Runs a statement. @returns how many rows it changed */
export function* run(statement) {
    return (yield { kind: 'run', sql: statement });
}
/**
 * Locks rows until the transaction ends, so that what is read of them afterwards stays true.
 *
 * @param select a SELECT with its own clause for the lock. Give rows in ascending order of their keys
 */
export function* lock(select) {
    yield { kind: 'lock', sql: select };
}
/** Looks up one row for each row of parameters. */
export function* eachFirst(lookup, rows) {
    if (rows.length === 0)
        return [];
    return (yield { kind: 'each-first', statement: lookup, rows });
}
/** Looks up all rows for each row of parameters. */
export function* eachAll(lookup, rows) {
    if (rows.length === 0)
        return [];
    return (yield { kind: 'each-all', statement: lookup, rows });
}
/** Runs a statement for each row of parameters, in their order. @returns how many rows it changed in all */
export function* eachRun(change, rows) {
    if (rows.length === 0)
        return 0;
    return (yield { kind: 'each-run', statement: change, rows });
}
/** Draws numbers that follow each other. @returns the first of them */
export function* draw(sequence, count = 1) {
    return (yield { kind: 'draw', sequence, count });
}
/** Lets others be served between two parts of a long change. Only a pause of that kind of operation has an effect. */
export function* pause() {
    yield { kind: 'pause' };
}
/** Runs operations that do not depend on each other side by side, so that an engine far away is asked once. */
export function* together(...operations) {
    const turns = operations.map((operation) => operation.next());
    for (;;) {
        const waiting = turns.flatMap((turn, index) => turn.done === true ? [] : [{ index, step: turn.value }]);
        if (waiting.length === 0)
            return turns.map(({ value }) => value);
        const answers = (yield { kind: 'together', steps: waiting.map(({ step }) => step) });
        waiting.forEach(({ index }, place) => {
            turns[index] = operations[index].next(answers[place]);
        });
    }
}
//# sourceMappingURL=sql.js.map