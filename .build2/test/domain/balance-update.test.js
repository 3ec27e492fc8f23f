import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { planBalanceUpdate } from '../../src/domain/balance-update.js';
import { convert } from '../../src/domain/exchange.js';
import { contextOf, currency, decimal, updateCase } from '../support/arbitraries.js';
import { holds } from '../support/property.js';
import { asVerdict, verdictsOf } from '../support/update-model.js';
const WALLET = {
    accountId: 1n,
    currency: currency('404'),
    externalReference: 'WALLET-1',
    balances: { actual: 700n, blocked: 30n }
};
const DINAR = {
    accountId: 2n,
    currency: currency('048'),
    externalReference: undefined,
    balances: { actual: 0n, blocked: 0n }
};
const item = (more = {}) => ({ inputType: 'account', inputId: 1n, actual: decimal('200'), blocked: decimal('50'), currency: '404', ...more });
/** Token 3 is a card on the wallet (see `contextOf`). */
function plan(items, rates = { '840/404': '129.05' }) {
    return planBalanceUpdate(items, contextOf({ accounts: [WALLET, DINAR], rates, items }));
}
const codes = (items, rates) => plan(items, rates).map((planned) => planned.status === 'failed' ? planned.failure.code : planned.status);
t.test('the rules are those of the model', async (t) => {
    holds(t, fc.property(updateCase, (update) => isDeepStrictEqual(planBalanceUpdate(update.items, contextOf(update)).map(asVerdict), verdictsOf(update))), { numRuns: 1500 });
});
t.test('there is one result an item, in the order of the items', async (t) => {
    holds(t, fc.property(updateCase, (update) => {
        const planned = planBalanceUpdate(update.items, contextOf(update));
        return planned.length === update.items.length && planned.every(({ item }, index) => item === update.items[index]);
    }));
    t.strictSame(plan([]), []);
});
t.test('an item never influences another account', async (t) => {
    holds(t, fc.property(updateCase, fc.constantFrom(1n, 2n, 3n), (update, accountId) => {
        const reachesIt = ({ inputType, inputId }) => contextOf(update).findAccount(inputType, inputId)?.accountId === accountId;
        const alone = { ...update, items: update.items.filter(reachesIt) };
        return isDeepStrictEqual(planBalanceUpdate(update.items, contextOf(update)).filter(({ item }) => reachesIt(item)), planBalanceUpdate(alone.items, contextOf(alone)));
    }));
});
t.test('both balances are set and not added to, and what stood there before is shown', async (t) => {
    t.match(plan([item()]), [{
            status: 'updated',
            account: WALLET,
            previous: {
                actual: 700n,
                blocked: 30n
            },
            next: {
                actual: 20000n,
                blocked: 5000n
            },
            sent: { actual: 20000n, blocked: 5000n },
            sentCurrency: currency('404'),
            conversion: { method: 'none' }
        }]);
});
t.test('a token updates the account of its card', async (t) => {
    t.match(plan([item({ inputType: 'token', inputId: 3n })]), [{ status: 'updated', account: WALLET }]);
});
t.test('both balances are converted with the same rate', async (t) => {
    let calls = 0;
    const context = {
        ...contextOf({ accounts: [WALLET], rates: {}, items: [] }),
        findRate: () => ({ ...decimal(String(++calls)), effectiveAtMs: 0 })
    };
    const [planned] = planBalanceUpdate([item({ currency: '392', actual: decimal('7'), blocked: decimal('7') })], context);
    t.match(planned, { status: 'updated', next: { actual: 700n, blocked: 700n }, conversion: { method: 'direct' } });
    holds(t, fc.property(updateCase, (update) => planBalanceUpdate(update.items, contextOf(update)).every((planned) => planned.status === 'failed' ||
        (planned.next.actual === convert(planned.sent.actual, planned.sentCurrency, planned.account.currency, planned.conversion) &&
            planned.next.blocked === convert(planned.sent.blocked, planned.sentCurrency, planned.account.currency, planned.conversion)))));
});
t.test('an item has the reason that comes first in the order of the reasons', async (t) => {
    const rest = { externalReference: 'OTHER', currency: '959', actual: decimal('0.001'), blocked: decimal('-0.001') };
    t.same(codes([item({ ...rest, inputId: 9n })]), ['account-unknown']);
    t.same(codes([item(rest)]), ['external-reference-mismatch']);
    const own = { ...rest, externalReference: 'WALLET-1' };
    t.same(codes([item(own)]), ['currency-unknown']);
    t.same(codes([item({ ...own, currency: '978' })]), ['amount-invalid']);
    t.same(codes([item({ ...own, currency: '978', actual: decimal('9e16'), blocked: decimal('-1') })], {}), ['blocked-negative']);
    t.same(codes([item({ ...own, currency: '978', actual: decimal('9e16'), blocked: decimal('1') })], {}), ['rate-missing']);
    t.same(codes([item({ currency: '840', actual: decimal('9e16') }), item()]), ['converted-out-of-range', 'updated']);
});
t.test('a failure carries what a dialect has to say about it', async (t) => {
    const [kes, usd, eur] = [currency('404'), currency('840'), currency('978')];
    const cases = [
        [{ currency: '959' }, { code: 'currency-unknown', currency: '959' }],
        [
            { actual: decimal('0.001') },
            { code: 'amount-invalid', field: 'actual', fault: 'too-many-decimals', currency: kes }
        ],
        [{ blocked: decimal('1e30') }, { code: 'amount-invalid', field: 'blocked', fault: 'out-of-range', currency: kes }],
        [
            { actual: decimal('1e30'), blocked: decimal('0.001') },
            { code: 'amount-invalid', field: 'actual', fault: 'out-of-range', currency: kes }
        ],
        [{ currency: '978' }, { code: 'rate-missing', from: eur, to: kes }],
        [{ currency: '840', actual: decimal('9e16') }, { code: 'converted-out-of-range', field: 'actual', currency: kes }],
        [{ currency: '840', blocked: decimal('9e16') }, { code: 'converted-out-of-range', field: 'blocked', currency: kes }]
    ];
    for (const [more, failure] of cases) {
        t.strictSame(plan([item(more)]), [{ status: 'failed', item: item(more), failure }]);
    }
    t.match(plan([item({ currency: '840' })]), [{ status: 'updated', sentCurrency: usd }]);
});
t.test('the blocked balance is never negative, but the actual one may be', async (t) => {
    t.same(codes([item({ blocked: decimal('-0.01') })]), ['blocked-negative']);
    t.match(plan([item({ actual: decimal('-0.01'), blocked: decimal('0') })]), [{ next: { actual: -1n, blocked: 0n } }]);
});
t.test('more may be blocked than there is', async (t) => {
    t.match(plan([item({ actual: decimal('1'), blocked: decimal('2') })]), [{ next: { actual: 100n, blocked: 200n } }]);
});
t.test('external references are compared only where the item and the account both have one', async (t) => {
    t.same(codes([item({ externalReference: 'WALLET-1' })]), ['updated']);
    t.same(codes([item({ externalReference: 'wallet-1' })]), ['external-reference-mismatch']);
    t.same(codes([item()]), ['updated']);
    t.same(codes([item({ inputId: 2n, currency: '048', externalReference: 'ANY' })]), ['updated']);
});
t.test('items that reach one account with the same result all succeed, and each starts from what the one before it ' +
    'left', async (t) => {
    const repeats = [item(), item({ inputType: 'token', inputId: 3n }), item({ actual: decimal('200.00') })];
    const next = { actual: 20000n, blocked: 5000n };
    t.match(plan(repeats), [{ previous: WALLET.balances, next }, { previous: next, next }, { previous: next, next }]);
});
t.test('amounts in two currencies that come to the same are the same result', async (t) => {
    const both = [
        item({ currency: '840', actual: decimal('1'), blocked: decimal('0') }),
        item({ actual: decimal('129.05'), blocked: decimal('0') })
    ];
    t.same(codes(both), ['updated', 'updated']);
});
t.test('items that reach one account with different results all fail, in whatever order they stand', async (t) => {
    const other = item({ inputType: 'token', inputId: 3n, blocked: decimal('51') });
    const wanted = ['conflicting-items', 'conflicting-items', 'conflicting-items'];
    t.same(codes([item(), item(), other]), wanted);
    t.same(codes([item(), other, item()]), wanted);
    t.same(codes([other, item(), item()]), wanted);
    t.same(codes([item(), item({ actual: decimal('201') })]), ['conflicting-items', 'conflicting-items']);
});
t.test('an item that fails on its own does not contest the account', async (t) => {
    const broken = item({ actual: decimal('9.999') });
    t.same(codes([item(), broken]), ['updated', 'amount-invalid']);
    t.same(codes([broken, item(), item()]), ['amount-invalid', 'updated', 'updated']);
    t.same(codes([broken, item(), item({ actual: decimal('1') })]), [
        'amount-invalid', 'conflicting-items', 'conflicting-items'
    ]);
});
t.test('a conflict on one account leaves the others alone', async (t) => {
    const dinar = item({ inputId: 2n, currency: '048' });
    t.same(codes([item(), dinar, item({ actual: decimal('1') })]), ['conflicting-items', 'updated', 'conflicting-items']);
});
//# sourceMappingURL=balance-update.test.js.map