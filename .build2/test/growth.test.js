import { Readable } from 'node:stream';
import t from 'tap';
import { NewAccounts } from '../schemas/sandbox/accounts.js';
import { readBalanceFileRows } from '../src/formats/balance-file-csv.js';
import { readEcbFile } from '../src/formats/ecb-csv.js';
import { parseExactJson } from '../src/exact-json/parse.js';
import { compileExact } from '../src/exact-json/validator.js';
import { describeViolation } from '../src/exact-json/violation.js';
import { readScenario } from '../src/domain/scenario.js';
import { readScenarioDocument } from '../src/scenario-file.js';
import { growthOf, GROWTH_MAX } from './support/growth.js';
/** No message is longer, however large the input was. */
const MESSAGE_LENGTH_MAX = 4000;
const validate = compileExact(NewAccounts);
const HEADER = 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\n';
const ACCOUNT = { client_id: 123, account_id: '1', currency: '404', actual_balance: '1', blocked_balance: '1' };
function indexes(size) {
    return [...Array(size).keys()];
}
function check(document) {
    if (!validate(document))
        throw new Error(describeViolation(validate.errors?.[0], 'the body'));
}
async function readRows(file) {
    await Readable.from(readBalanceFileRows(Readable.from([Buffer.from(file)]))).toArray();
}
const json = (text) => parseExactJson(Buffer.from(text));
const yaml = (text) => readScenarioDocument('scenario.yaml', Buffer.from(text));
/** What is read, how an input of a size is made, and the least size. */
const KINDS = [
    ['JSON: a wide list', (size) => `[${'1,'.repeat(size)}1]`, json, 10000],
    ['JSON: many objects', (size) => `[${'{},'.repeat(size)}1]`, json, 10000],
    ['JSON: many names', (size) => `{${indexes(size).map((index) => `"n${index}":1`).join()}}`, json, 2500],
    [
        'JSON: a name twice, at the end',
        (size) => `{${indexes(size).map((index) => `"n${index}":1`).join()},"n0":1}`,
        json,
        2500
    ],
    ['JSON: escapes', (size) => `"${'\\n'.repeat(size)}"`, json, 125000],
    ['JSON: colons in a string', (size) => `{"a":"${':,{['.repeat(size)}"}`, json, 50000],
    ['JSON: white space', (size) => `[1,${' '.repeat(size)}2]`, json, 125000],
    ['JSON: digits', (size) => `[${'9'.repeat(size)}]`, json, 125000],
    [
        'JSON: numbers with their texts',
        (size) => `[${'1.50,'.repeat(size)}1]`,
        (text) => parseExactJson(Buffer.from(text), { keepNumberTexts: true }),
        1250
    ],
    ['JSON: a string without an end', (size) => `"${'\\"'.repeat(size)}`, json, 125000],
    ['JSON: lists without an end', (size) => '['.repeat(size), json, 125000],
    ['JSON: a fault at the end', (size) => `[${'"ä",'.repeat(size)}x]`, json, 10000],
    [
        'a contract: many unknown names',
        (size) => JSON.stringify({
            accounts: [{ ...ACCOUNT, ...Object.fromEntries(indexes(size).map((index) => [`n${index}`, 1])) }]
        }),
        (text) => { check(json(text)); },
        2500
    ],
    [
        'a contract: a long unknown name',
        (size) => JSON.stringify({ ['n'.repeat(size)]: 1, accounts: [ACCOUNT] }),
        (text) => { check(json(text)); },
        50000
    ],
    [
        'a contract: a long value',
        (size) => JSON.stringify({ accounts: [{ ...ACCOUNT, account_id: '1'.repeat(size) }] }),
        (text) => { check(json(text)); },
        50000
    ],
    [
        'a contract: many tokens',
        (size) => JSON.stringify({ accounts: [{ ...ACCOUNT, tokens: indexes(size).map((index) => String(index + 1)) }] }),
        (text) => { check(json(text)); },
        2500
    ],
    [
        'faults: one token again and again',
        (size) => JSON.stringify({ clients: [], accounts: [{ ...ACCOUNT, tokens: Array(size).fill('1') }] }),
        (text) => readScenario(json(text)),
        5000
    ],
    [
        'faults: many tokens, the last one twice',
        (size) => JSON.stringify({
            clients: [],
            accounts: [{ ...ACCOUNT, tokens: [...indexes(size).map((index) => String(index + 1)), '1'] }]
        }),
        (text) => readScenario(json(text)),
        2500
    ],
    ['the ECB\'s CSV: days that are none', (size) => `Date,USD,\n${'x,1,\n'.repeat(size)}`, readEcbFile, 5000],
    ['the ECB\'s CSV: columns', (size) => `Date${','.repeat(size)}\n`, readEcbFile, 25000],
    ['the ECB\'s CSV: one long cell', (size) => `Date,USD,\n2026-07-24,${'9'.repeat(size)},\n`, readEcbFile, 50000],
    [
        'the ECB\'s CSV: days',
        (size) => 'Date,USD,\n' +
            `${indexes(size).map((index) => `${new Date(index * 86_400_000).toISOString().slice(0, 10)},1.5,`).join('\n')}`,
        readEcbFile,
        250
    ],
    [
        'a balance file: rows',
        (size) => HEADER + indexes(size).map((index) => `r-${index},1,404,1,1,\n`).join(''),
        readRows,
        250
    ],
    ['a balance file: one long row', (size) => HEADER + '9'.repeat(size), readRows, 50000],
    ['a balance file: columns', (size) => ','.repeat(size), readRows, 50000],
    ['YAML: many names', (size) => `clients: []\n${indexes(size).map((index) => `n${index}: 1\n`).join('')}`, yaml, 166],
    [
        'YAML: anchors',
        (size) => `clients:\n${indexes(size).map((index) => `- &a${index} 1\n- *a${index}\n`).join('')}`,
        yaml,
        100
    ],
    ['YAML: lists in lists', (size) => `clients: ${'['.repeat(size)}${']'.repeat(size)}`, yaml, 166],
    ['YAML: faults', (size) => `clients:\n${'- @1\n'.repeat(size)}`, yaml, 166],
    ['YAML: a long name twice', (size) => `${'n'.repeat(size)}: 1\n${'n'.repeat(size)}: 1\n`, yaml, 5000]
];
for (const [what, make, read, size] of KINDS) {
    t.test(`the work grows no faster than the input. ${what}`, async (t) => {
        let message = '';
        const growth = await growthOf(make, async (text) => {
            try {
                await read(text);
            }
            catch (error) {
                message = error.message;
            }
        }, size);
        t.ok(growth <= GROWTH_MAX, `the work grew ${growth.toFixed(1)} times`);
        t.ok(message.length <= MESSAGE_LENGTH_MAX, `and no message grows with the input (${message.length})`);
    });
}
t.test('aliases of aliases are not applied', async (t) => {
    const lines = indexes(9).map((index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]\n`);
    t.throws(() => yaml(`a0: &a0 [x]\n${lines.join('')}`), { message: /is not valid YAML: Excessive alias count/ });
});
t.test('a reading that takes no text for another ends with what the text is', async (t) => {
    await t.rejects(readRows(`${HEADER}r-1,1,404,1,1,\n\0\n`), {
        message: 'line 3 holds the character U+0000: the file must be text in UTF-8'
    });
});
//# sourceMappingURL=growth.test.js.map