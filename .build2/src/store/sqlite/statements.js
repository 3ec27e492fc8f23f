/**
 * Makes the carrying out of operations: runs a generator to its end, step by step and at once. Each statement is
 * prepared once a connection.
 */
export function makePerform(database) {
    const find = makeFind(database);
    const drawNumbers = database.prepare('UPDATE sequences SET last_number = last_number + ? WHERE name = ? RETURNING last_number').pluck();
    function answer(step) {
        switch (step.kind) {
            case 'all': {
                const { prepared, values } = find(step.sql);
                return prepared.all(...values);
            }
            case 'run': {
                const { prepared, values } = find(step.sql);
                return prepared.run(...values).changes;
            }
            case 'each-first': {
                const prepared = find.once(step.statement);
                return step.rows.map((row) => prepared.get(...row));
            }
            case 'each-all': {
                const prepared = find.once(step.statement);
                return step.rows.map((row) => prepared.all(...row));
            }
            case 'each-run': {
                const prepared = find.once(step.statement);
                let changes = 0;
                for (const row of step.rows)
                    changes += prepared.run(...row).changes;
                return changes;
            }
            case 'draw': {
                const count = BigInt(step.count);
                return drawNumbers.get(count, step.sequence) - count + 1n;
            }
            case 'lock': // There is one writer at a time.
            case 'pause':
                return undefined;
            case 'together':
                return step.steps.map(answer);
        }
    }
    return (operation) => {
        let turn = operation.next();
        while (turn.done !== true)
            turn = operation.next(answer(turn.value));
        return turn.value;
    };
}
/**
 * Makes the finding of prepared statements. The strings of a template are the same object at each call, and so a quick
 * key; where a part of the statement comes from elsewhere, its whole text is the key.
 */
function makeFind(database) {
    const byStrings = new Map();
    const byText = new Map();
    function prepare(text) {
        const known = byText.get(text);
        if (known !== undefined)
            return known;
        const prepared = database.prepare(text);
        byText.set(text, prepared);
        return prepared;
    }
    function once({ strings }) {
        const known = byStrings.get(strings);
        if (known !== undefined)
            return known;
        const prepared = prepare(strings.join('?'));
        byStrings.set(strings, prepared);
        return prepared;
    }
    function find(sql) {
        if (sql.values.every(isValue))
            return { prepared: once(sql), values: sql.values };
        const { text, values } = flatten(sql);
        return { prepared: prepare(text), values };
    }
    return Object.assign(find, { once });
}
function isValue(part) {
    return typeof part !== 'object' || part === null || part instanceof Uint8Array;
}
/** Puts the parts of a statement in their places. */
function flatten({ strings, values: parts }) {
    let text = strings[0];
    const values = [];
    parts.forEach((part, index) => {
        if (isValue(part)) {
            text += '?';
            values.push(part);
        }
        else {
            const inner = flatten(part);
            text += inner.text;
            values.push(...inner.values);
        }
        text += strings[index + 1];
    });
    return { text, values };
}
//# sourceMappingURL=statements.js.map