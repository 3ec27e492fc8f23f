import { buffer } from 'node:stream/consumers';
import { findTypedCurrency } from '../../domain/currency.js';
import { formatDecimal, readDecimal } from '../../domain/decimal.js';
import { readCsvRows } from '../csv-rows.js';
import { contextOf } from '../data-command.js';
import { CommandFailure, EXIT } from '../exit.js';
import { openInput } from '../files.js';
import { accountPath } from '../service.js';
import { faultOf } from '../values.js';
const AMOUNTS = ['actual_balance', 'blocked_balance', 'available_balance'];
const FIELDS = ['currency', ...AMOUNTS];
const KINDS = {
    account_id: 'account',
    currency: 'currency',
    actual_balance: 'amount',
    blocked_balance: 'amount',
    available_balance: 'amount'
};
const COLUMNS = [
    { title: 'Line', value: ({ line }) => line, align: 'right' },
    { title: 'Account', value: ({ account_id: accountId }) => accountId, align: 'right' },
    { title: 'Field', value: ({ field }) => field },
    { title: 'Expected', value: ({ expected }) => expected, align: 'right' },
    { title: 'Found', value: ({ found }) => found ?? 'no such account', align: 'right' }
];
/**
 * Compares accounts with what a CSV file expects of them, exactly. An empty cell expects nothing.
 *
 * @param path `-` for the standard input
 * @throws CommandFailure when the file is not right (nothing is compared then), and when anything differs
 */
export async function assertBalances(terminal, path, options) {
    const { call, print, table } = contextOf(terminal, options);
    const rows = readExpected(path, await buffer((await openInput(path, terminal.input)).content));
    const deviations = [];
    for (const { line, expected } of rows) {
        const answer = await call({ method: 'GET', path: accountPath(expected.account_id) }).catch((error) => {
            if (error instanceof CommandFailure && error.status === 404)
                return 'null';
            throw error;
        });
        deviations.push(...deviationsOf(line, expected, JSON.parse(answer)));
    }
    print(JSON.stringify(deviations), () => deviations.length === 0 ? `Rows as expected: ${rows.length}\n` : table(COLUMNS, deviations));
    if (deviations.length > 0) {
        throw new CommandFailure(EXIT.refused, `Values that are not as ${path} expects: ${deviations.length}`);
    }
}
function deviationsOf(line, expected, account) {
    const place = { line, account_id: expected.account_id };
    if (account === null)
        return [{ ...place, field: 'account_id', expected: expected.account_id, found: null }];
    return FIELDS.flatMap((field) => {
        const text = expected[field];
        const found = field === 'currency' ? account.currency_alpha : account[field];
        return text === undefined || text === '' || isSame(field, text, found)
            ? []
            : [{ ...place, field, expected: text, found }];
    });
}
/** 200 and 200.00 are one amount, and 404 and KES one currency. */
function isSame(field, text, found) {
    return field === 'currency'
        ? findTypedCurrency(text)?.alphaCode === found
        : formatDecimal(readDecimal(text)) === formatDecimal(readDecimal(found));
}
function readExpected(path, bytes) {
    const faults = [];
    const rows = readCsvRows(path, bytes).map(({ line, record }) => ({ line, expected: record }));
    const known = Object.keys(KINDS);
    const names = Object.keys(rows[0]?.expected ?? {});
    if (!names.includes('account_id') || names.length === 1 || names.some((name) => !known.includes(name))) {
        const hint = names.some((name) => name.includes(';')) ? ', with commas between them' : '';
        throw new CommandFailure(EXIT.usage, `${path}: line 1 must have account_id and at least one of ` +
            `${FIELDS.join(', ')}${hint}, and a row must follow`);
    }
    for (const { line, expected } of rows) {
        for (const [name, kind] of Object.entries(KINDS)) {
            const text = expected[name];
            const isLeftOut = text === undefined || (text === '' && name !== 'account_id');
            const fault = isLeftOut ? undefined : faultOf(kind, text);
            if (fault !== undefined)
                faults.push(`line ${line}: ${name} ${fault}`);
        }
    }
    if (faults.length > 0) {
        const others = faults.length > 20 ? [`and ${faults.length - 20} more faults`] : [];
        throw new CommandFailure(EXIT.usage, [...faults.slice(0, 20), ...others].join('\n'));
    }
    return rows;
}
//# sourceMappingURL=balance-assert.js.map