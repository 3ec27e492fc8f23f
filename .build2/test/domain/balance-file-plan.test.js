import fc from 'fast-check';
import t from 'tap';
import { planRecords } from '../../src/domain/balance-file-plan.js';
import { readBalanceFileRow } from '../../src/domain/balance-file.js';
import { currency } from '../support/arbitraries.js';
import { holds } from '../support/property.js';
const ACCOUNT = {
    accountId: 1n,
    incarnation: 1,
    currency: currency('826'),
    externalReference: undefined,
    balances: { actual: 0n, blocked: 0n }
};
/** A file whose client has one account, of which nothing was set. */
const FRESH = {
    findAccount: (_inputType, inputId) => inputId === ACCOUNT.accountId ? ACCOUNT : undefined,
    findRate: () => undefined,
    pivotCurrency: '840',
    isSeen: () => false,
    findEarlier: () => undefined,
    hasSet: () => false,
    findSetting: () => undefined
};
function lineOf(row, index) {
    const record = readBalanceFileRow(row.split(','), undefined);
    if (typeof record === 'string')
        throw new Error(record);
    return { line: index + 2, record };
}
/** Tells in a word what becomes of rows: what is set, or how each fails or passes. */
function plan(rows, planning = {}) {
    return planRecords(rows.map(lineOf), { ...FRESH, ...planning }).map((outcome) => {
        if (outcome.status === 'failed')
            return outcome.failure.code;
        if (outcome.status === 'repeated')
            return 'repeated';
        const { previous, next } = outcome.planned;
        return `${previous.actual} → ${next.actual}`;
    });
}
const ROW = 'r-1,1,826,100,0,';
const [{ record: { fingerprint } }] = [lineOf(ROW, 0)];
const SAME = { fingerprint, fileName: 'daily.csv', sameFile: true };
const OTHER_CONTENT = { ...SAME, fingerprint: Buffer.alloc(32) };
const OTHER_FILE = { ...SAME, sameFile: false };
const OTHER_BALANCES = { balances: { actual: 5n, blocked: 0n }, line: 9, sameRun: false };
/** Everything that can be said of one row at once, in the order of precedence, and what becomes of it. */
const PRECEDENCE = [
    ['record-repeated', { isSeen: () => true }],
    ['record-used', { findEarlier: () => OTHER_FILE }],
    ['repeated', { findEarlier: () => SAME, hasSet: () => true }],
    ['rate-missing', { findAccount: () => ({ ...ACCOUNT, currency: currency('392') }) }],
    ['account-set', { findSetting: () => OTHER_BALANCES }],
    ['0 → 100', {}]
];
PRECEDENCE.forEach(([outcome], place) => {
    t.test(`${outcome} comes before what stands behind it`, async (t) => {
        const circumstances = PRECEDENCE.slice(place).reduceRight((all, [, circumstance]) => ({ ...all, ...circumstance }), {});
        t.same(plan([ROW], circumstances), [outcome]);
    });
});
t.test('a record counts as used with another content, from another file, or both', async (t) => {
    for (const earlier of [OTHER_CONTENT, OTHER_FILE, { ...OTHER_CONTENT, sameFile: false }]) {
        const { fileName, sameFile } = earlier;
        t.match(planRecords([lineOf(ROW, 0)], { ...FRESH, findEarlier: () => earlier, hasSet: () => true }), [
            { status: 'failed', failure: { code: 'record-used', fileName, sameFile } }
        ]);
    }
});
t.test('a record that has set another account than the one that it names now sets that one', async (t) => {
    const set = { ...ACCOUNT, incarnation: 1 };
    const hasSet = (_recordId, { incarnation }) => incarnation === set.incarnation;
    t.same(plan([ROW], { findEarlier: () => SAME, hasSet }), ['repeated']);
    const later = { ...ACCOUNT, incarnation: 2 };
    t.same(plan([ROW], { findEarlier: () => SAME, hasSet, findAccount: () => later }), ['0 → 100']);
    t.same(plan([ROW], { findEarlier: () => SAME, hasSet, findAccount: () => undefined }), ['account-unknown']);
});
t.test('each row sees those before it', async (t) => {
    const same = 'r-2,1,826,100,0,';
    t.same(plan([ROW, ROW, same, 'r-3,1,826,101,0,', 'r-3,1,826,100,0,', 'r-4,2,826,1,0,', 'r-4,1,826,100,0,']), [
        '0 → 100', 'record-repeated', '100 → 100', 'account-set', 'record-repeated', 'account-unknown', 'record-repeated'
    ]);
    const [, other] = planRecords([ROW, 'r-2,1,826,7,0,'].map(lineOf), FRESH);
    t.match(other, { failure: { code: 'account-set', line: 2, sameRun: true } });
});
const anyRow = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(1, 2, 3), fc.constantFrom(0, 1), fc.constantFrom(0, 0, -1))
    .map(([record, account, actual, blocked]) => `${record},${account},826,${actual},${blocked},`);
t.test('rows planned in slices come to the same as all rows at once', async (t) => {
    holds(t, fc.property(fc.array(anyRow, { maxLength: 12 }), fc.nat(12), (rows, cut) => {
        const accounts = new Map([1n, 2n].map((accountId) => [accountId, { ...ACCOUNT, accountId }]));
        const planning = { ...FRESH, findAccount: (_inputType, inputId) => accounts.get(inputId) };
        const lines = rows.map(lineOf);
        const whole = planRecords(lines, planning);
        const first = planRecords(lines.slice(0, cut), planning);
        const settings = new Map(first.flatMap((outcome) => outcome.status === 'set' ? [[outcome.account.accountId, outcome.planned.next]] : []));
        const firstLine = (accountId) => 2 + first.findIndex((outcome) => outcome.status === 'set' && outcome.account.accountId === accountId);
        const second = planRecords(lines.slice(cut), {
            ...planning,
            findAccount: (_inputType, inputId) => {
                const account = accounts.get(inputId);
                return account && { ...account, balances: settings.get(inputId) ?? account.balances };
            },
            isSeen: (recordId) => lines.slice(0, cut).some(({ record }) => record.recordId === recordId),
            findSetting: ({ accountId }) => {
                const balances = settings.get(accountId);
                return balances && { balances, line: firstLine(accountId), sameRun: true };
            }
        });
        const wordOf = (outcomes) => outcomes.map((outcome) => {
            if (outcome.status === 'failed')
                return Object.values(outcome.failure).join();
            if (outcome.status === 'repeated')
                return 'repeated';
            return `${outcome.planned.previous.actual} → ${outcome.planned.next.actual}`;
        });
        return wordOf(whole).join() === wordOf([...first, ...second]).join();
    }));
});
//# sourceMappingURL=balance-file-plan.test.js.map