import fc from 'fast-check';
import t from 'tap';
import { SnapshotReader } from '../../src/domain/snapshot.js';
import { currency } from '../support/arbitraries.js';
import { holds } from '../support/property.js';
const ACCOUNT = {
    account_id: '9007199254740993',
    client_id: 123,
    currency: '048',
    actual_balance: '-1.500',
    blocked_balance: '0.25'
};
const HEAD = { saved_at: '2026-01-31T08:15:30.123Z', covers: 'all' };
t.test('a file becomes what is stored', async (t) => {
    const reader = new SnapshotReader();
    t.strictSame(reader.read([ACCOUNT]), [{
            index: 0,
            account: {
                accountId: 9007199254740993n,
                clientId: 123,
                currency: currency('048'),
                balances: { actual: -1500n, blocked: 250n }
            }
        }]);
    t.same(reader.finish(HEAD), { savedAt: new Date(HEAD.saved_at), coversAll: true });
    t.equal(reader.finish({ ...HEAD, covers: 'chosen' }).coversAll, false);
});
t.test('every fault is named with its place in the file, and the accounts that are right are given', async (t) => {
    const reader = new SnapshotReader();
    const [first] = reader.read([ACCOUNT]);
    t.match(reader.read([
        { ...ACCOUNT, currency: '191' },
        { ...ACCOUNT, account_id: '9223372036854775808', actual_balance: '1.0001', blocked_balance: '-1' },
        { ...ACCOUNT, account_id: '7' }
    ]), [{ index: 3, account: { accountId: 7n } }]);
    reader.refuseRepeated({ ...first, index: 4 });
    t.throws(() => reader.finish({ ...HEAD, saved_at: '1969-12-31T00:00:00Z' }), {
        name: 'InputError',
        message: [
            'accounts[1].currency is 191, which is no current ISO 4217 currency with a minor unit',
            'accounts[2].account_id must be at most 9223372036854775807',
            'accounts[2].actual_balance has more decimals than BHD has (3)',
            'accounts[2].blocked_balance must not be negative',
            'accounts[4].account_id is the same as accounts[0].account_id, and must be unique',
            'saved_at must be a time such as 2026-01-31T08:15:30.123Z (RFC 3339), not before 1970-01-01T00:00:00Z, with at ' +
                'most three decimals of a second'
        ].join('; ')
    });
});
t.test('the account that stood first is found among very many', async (t) => {
    holds(t, fc.property(fc.integer({ min: 0, max: 2999 }), (place) => {
        const reader = new SnapshotReader();
        const placed = reader.read(Array.from({ length: 3000 }, (_, index) => ({ ...ACCOUNT, account_id: String(index + 1) })));
        reader.refuseRepeated({ ...placed[place], index: 3000 });
        try {
            reader.finish(HEAD);
        }
        catch (error) {
            return error.message ===
                `accounts[3000].account_id is the same as accounts[${place}].account_id, and must be unique`;
        }
        return false;
    }), { numRuns: 20 });
});
t.test('of very many faults the first 20 are named, and the others counted', async (t) => {
    const reader = new SnapshotReader();
    reader.read(Array.from({ length: 30 }, () => ({ ...ACCOUNT, currency: '999' })));
    t.throws(() => reader.finish(HEAD), { message: /^accounts\[0\].*; accounts\[19\].*; and 10 more faults$/ });
});
//# sourceMappingURL=snapshot.test.js.map