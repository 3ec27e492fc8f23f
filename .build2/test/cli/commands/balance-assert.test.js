import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeFolder } from '../../support/folder.js';
import { serveCommands } from '../../support/terminal.js';
/** Starts a service, and gives what compares it with a file. */
async function makeAssert(t) {
    const { cli } = await serveCommands(t);
    await cli(['balances', 'set', '1002', '--actual', '200', '--blocked', '50', '--reason', 'a start']);
    const file = join(makeFolder(t), 'expected.csv');
    return async (csv, ...more) => {
        writeFileSync(file, csv);
        return await cli(['balances', 'assert', file, ...more]);
    };
}
t.test('amounts that are equal are as expected, however they are written', async (t) => {
    const assert = await makeAssert(t);
    t.strictSame(await assert('account_id,currency,actual_balance,blocked_balance,available_balance\n1002,usd,200,50.0,150.00\n' +
        '1002,840,,,\n'), { exitCode: 0, printed: 'Rows as expected: 2\n', complained: '' });
    t.match(await assert('\ufeffaccount_id,actual_balance\n\n1002,200.000\n', '--json'), {
        exitCode: 0, printed: '[]\n'
    });
});
t.test('each value that differs is named with its line and account', async (t) => {
    const assert = await makeAssert(t);
    const csv = 'account_id,currency,actual_balance\n1002,EUR,200.01\n987,EUR,1\n';
    const { exitCode, printed, complained } = await assert(csv);
    t.equal(exitCode, 1);
    t.equal(printed, 'Line  Account  Field           Expected            Found\n' +
        '   2     1002  currency             EUR              USD\n' +
        '   2     1002  actual_balance    200.01           200.00\n' +
        '   3      987  account_id           987  no such account\n');
    t.match(complained, /^Values that are not as .*expected\.csv expects: 3\n$/);
    t.match(JSON.parse((await assert(csv, '--json')).printed), [
        { line: 2, field: 'currency' }, { line: 2 }, { found: null }
    ]);
});
for (const [csv, complained] of [
    ['account_id;actual_balance\n1002;1\n', /line 1 must have account_id and .*, with commas between them, and a row/],
    ['account_id\n1002\n', /line 1 must have account_id and at least one of/],
    ['account_id,actual\n1002,1\n', /line 1 must have/],
    ['account_id,actual_balance\n', /and a row must follow/],
    ['account_id,actual_balance\n1002,1,50\n', /cannot be read as CSV/],
    ['account_id,actual_balance\n1002,"1,50"\n', /^line 2: actual_balance must be an amount .*, not 1,50\n$/],
    ['account_id,actual_balance\n,1\n', /^line 2: account_id must be a whole number/],
    [`account_id,actual_balance\n${'1002,x\n'.repeat(21)}`, /\nand 1 more faults\n$/]
]) {
    t.test(`a file that expects nothing clear is refused: ${JSON.stringify(csv.slice(0, 45))}`, async (t) => {
        const assert = await makeAssert(t);
        t.match(await assert(csv), { exitCode: 2, printed: '', complained });
    });
}
t.test('a service that refuses is not a difference', async (t) => {
    const assert = await makeAssert(t);
    t.match(await assert('account_id,actual_balance\n1002,1\n', '--token', 'wrong'), {
        exitCode: 1, printed: '', complained: /admin token/
    });
});
//# sourceMappingURL=balance-assert.test.js.map