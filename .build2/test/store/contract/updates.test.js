import fc from 'fast-check';
import { readScenario } from '../../../src/domain/scenario.js';
import { UNOBSERVED } from '../../../src/store/port/observer.js';
import { decimal } from '../../support/arbitraries.js';
import { holdsAsync } from '../../support/property.js';
import { SCENARIO } from '../../support/service.js';
import { makeUpdate } from '../../support/updates.js';
import { contract } from './engines.js';
const HISTORY = { from: undefined, limit: 100 };
function updateOf(identifier, actual, more = {}) {
    const answer = { body: `set to ${actual}`, preferenceApplied: 'handling=strict' };
    return makeUpdate(actual, {
        identity: { identifier, fingerprint: Buffer.from(String(actual)) },
        answer: () => answer,
        ...more
    });
}
const failing = () => { throw new Error('no answer'); };
async function actualOf(store, accountId) {
    return (await store.readAccount(accountId))?.balances.actual;
}
contract('each written item is one row of the history, with what was sent and what it did', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const [yen, unknown] = [1004n, 5n].map((inputId) => ({ inputType: 'account', inputId, actual: decimal('1'), blocked: decimal('0.5'), currency: '840' }));
    await store.updateBalances(updateOf('001', 0, {
        items: [yen, unknown, yen],
        userId: 'qa-7',
        remarks: 'seed'
    }));
    const history = await store.readHistory(1004n, HISTORY);
    const common = {
        operation: { source: 'paymentology', clientId: 123, identifier: '001', userId: 'qa-7', remarks: 'seed' },
        sent: { actual: 100n, blocked: 50n },
        sentCurrency: { alphaCode: 'USD' },
        rate: '151.37',
        next: { actual: 151n, blocked: 76n }
    };
    t.match(history, {
        items: [
            { ...common, itemIndex: 2, previous: { actual: 151n, blocked: 76n } },
            { ...common, itemIndex: 0, previous: { actual: 5n, blocked: 0n } },
            { operation: { source: 'scenario' }, previous: undefined, next: { actual: 5n, blocked: 0n } }
        ]
    });
});
contract('updates that come together: each starts from what the one before it left', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const outcomes = await Promise.all([1, 2, 3].map(async (actual) => await store.updateBalances(updateOf(String(actual), actual))));
    t.match(outcomes, [0n, 100n, 200n].map((actual) => ({ kind: 'applied', items: [{ previous: { actual } }] })));
    t.equal(await actualOf(store, 1002n), 300n);
});
contract('updates that come together: one identifier is applied once, and the other is its replay', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const outcomes = await Promise.all([updateOf('same', 1), updateOf('same', 1), updateOf('same', 2)]
        .map(async (update) => await store.updateBalances(update)));
    const answer = { body: 'set to 1', preferenceApplied: 'handling=strict' };
    t.match(outcomes, [{ kind: 'applied', answer }, { kind: 'replayed', answer }, { kind: 'identifier-reused' }]);
    t.equal(await actualOf(store, 1002n), 100n);
});
contract('updates that come together: a dry run sees those before it, and those behind do not see it', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const outcomes = await Promise.all([
        updateOf('1', 1), updateOf('2', 2, { dryRun: true }), updateOf('2', 3), updateOf('2', 3, { dryRun: true })
    ].map(async (update) => await store.updateBalances(update)));
    t.match(outcomes, [
        { items: [{ previous: { actual: 0n } }] },
        { kind: 'applied', items: [{ previous: { actual: 100n } }] },
        { kind: 'applied', items: [{ previous: { actual: 100n } }] },
        { kind: 'replayed' }
    ]);
    t.equal(await actualOf(store, 1002n), 300n);
});
contract('updates that come together: one whose answer cannot be made fails alone and frees its identifier', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const outcomes = await Promise.allSettled([
        store.updateBalances(updateOf('1', 1)),
        store.updateBalances(updateOf('2', 2, { answer: failing })),
        store.updateBalances(updateOf('2', 3))
    ]);
    t.match(outcomes, [
        { value: { kind: 'applied' } },
        { status: 'rejected', reason: { message: 'no answer' } },
        { value: { kind: 'applied', items: [{ previous: { actual: 100n } }] } }
    ]);
    t.equal(await actualOf(store, 1002n), 300n);
});
contract('an update that is all or nothing writes nothing when one item fails', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const { items: [item] } = makeUpdate(1);
    const items = [item, { ...item, inputId: 5n }];
    t.match(await store.updateBalances(updateOf('1', 1, { items, allOrNothing: true })), {
        kind: 'refused',
        items: [{}, { status: 'failed' }]
    });
    t.equal(await actualOf(store, 1002n), 0n);
    t.match(await store.updateBalances(updateOf('1', 1, { items })), { kind: 'applied' });
    t.equal(await actualOf(store, 1002n), 100n);
});
contract('a stored answer is replayed after the store was opened again', async (t, place) => {
    const first = await place.open({ scenario: SCENARIO });
    await first.updateBalances(updateOf('001', 1));
    await first.close();
    const second = await place.open();
    const replayed = await second.updateBalances(updateOf('001', 1, { answer: failing }));
    t.same(replayed, { kind: 'replayed', answer: { body: 'set to 1', preferenceApplied: 'handling=strict' } });
});
contract('balances carry the time at which they were set', async (t, place) => {
    let now = new Date('2026-02-01T00:00:00.000Z');
    const store = await place.open({ scenario: SCENARIO, clock: () => now });
    const before = now;
    now = new Date('2026-02-01T00:00:00.001Z');
    await store.updateBalances(updateOf('1', 1));
    t.same((await store.readAccount(1002n))?.updatedAt, now);
    t.same((await store.readAccount(1003n))?.updatedAt, before, 'the others stay as they were');
});
contract('an update sees what any other operation did between it and the one before', async (t, place) => {
    const [store, other] = [await place.open({ scenario: SCENARIO }), await place.open()];
    await store.updateBalances(makeUpdate(1));
    await other.updateBalances(makeUpdate(2));
    t.match(await store.updateBalances(makeUpdate(3)), { items: [{ previous: { actual: 200n } }] }, 'another process');
    await store.attachToken(1002n, 99n);
    const byToken = makeUpdate(4, {
        items: makeUpdate(4).items.map((item) => ({ ...item, inputType: 'token', inputId: 99n }))
    });
    t.match(await store.updateBalances(byToken), { items: [{ previous: { actual: 300n } }] });
    await store.detachToken(1002n, 99n);
    t.match(await store.updateBalances(byToken), { items: [{ failure: { code: 'account-unknown' } }] }, 'a token that was detached');
    await store.deleteAccount(1002n, false);
    t.match(await store.updateBalances(makeUpdate(5)), { items: [{ failure: { code: 'account-unknown' } }] }, 'a deleted account');
});
contract('another client\'s account is not found, by number or by token', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    const items = [['account', 2001n], ['token', 777n]].map(([inputType, inputId]) => ({
        ...makeUpdate(1).items[0],
        inputType,
        inputId
    }));
    for (const expected of ['first', 'remembered']) {
        const outcome = await store.updateBalances(makeUpdate(1, { items: items }));
        t.match(outcome, { items: [{ failure: { code: 'account-unknown' } }, { failure: { code: 'account-unknown' } }] }, expected);
    }
});
contract('the observer hears of what is settled, and not of dry runs', async (t, place) => {
    const told = [];
    const store = await place.open({
        scenario: SCENARIO,
        observer: {
            ...UNOBSERVED,
            itemsSettled: (...settled) => { told.push(settled); },
            replayed: (source) => { told.push(source); }
        }
    });
    for (const dryRun of [true, false, false])
        await store.updateBalances(updateOf('1', 1, { dryRun }));
    t.same(told, [['paymentology', 1, []], 'paymentology']);
});
/** A request of the property below: few accounts, identifiers and amounts, so that they meet. */
const anyRequest = fc.record({
    identifier: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    items: fc.array(fc.record({
        inputId: fc.constantFrom(1n, 2n, 3n, 9n),
        byToken: fc.boolean(),
        actual: fc.constantFrom('1', '2', '3.5'),
        currency: fc.constantFrom('404', '840', '392')
    }), { minLength: 1, maxLength: 4 }),
    allOrNothing: fc.boolean(),
    dryRun: fc.boolean(),
    fails: fc.nat(9).map((number) => number === 0)
});
const RATES = [{ base: '840', quote: '404', rate: '129.05' }, { base: '392', quote: '840', rate: '0.0077' }];
const PROPERTY_SCENARIO = {
    clients: [{ client_id: 123, name: 'First Bank', api_key: 'key' }],
    accounts: [['1', '404'], ['2', '840'], ['3', '392']].map(([id = '', currency = '']) => ({
        client_id: 123, account_id: id, currency, actual_balance: '0', blocked_balance: '0', tokens: [`${id}0`]
    })),
    rates: RATES
};
function requestOf({ identifier, items, allOrNothing, dryRun, fails }) {
    const fingerprint = Buffer.from(JSON.stringify(items, (_, value) => typeof value === 'bigint' ? String(value) : value));
    return makeUpdate(0, {
        identity: identifier === undefined ? undefined : { identifier, fingerprint },
        items: items.map(({ inputId, byToken, actual, currency }) => ({
            inputType: byToken ? 'token' : 'account',
            inputId: byToken
                ? inputId * 10n
                : inputId,
            actual: decimal(actual),
            blocked: decimal('0'),
            currency
        })),
        allOrNothing,
        dryRun,
        answer: (planned) => fails ? failing() : { body: JSON.stringify(planned.map(({ status }) => status)), preferenceApplied: undefined }
    });
}
/** What can be told of an outcome without the numbers that a database gives. */
function told(outcome) {
    if (outcome.status === 'rejected')
        return String(outcome.reason);
    const { value } = outcome;
    return 'items' in value
        ? [value.kind, value.items.map((item) => item.status === 'failed' ? item.failure : [item.previous, item.next])]
        : value;
}
async function storyOf(store) {
    return await Promise.all([1n, 2n, 3n].map(async (accountId) => {
        const { items } = await store.readHistory(accountId, HISTORY);
        const { balances } = await store.readAccount(accountId);
        return [
            balances,
            items.map(({ previous, next, sent, rate, itemIndex, operation: { identifier } }) => [previous, next, sent, rate, itemIndex, identifier])
        ];
    }));
}
const show = (value) => JSON.stringify(value, (_, part) => typeof part === 'bigint' ? `${part}n` : part);
contract('updates that come together end as if they had come one by one', async (t, place) => {
    await holdsAsync(t, fc.asyncProperty(fc.array(anyRequest, { maxLength: 12 }), async (requests) => {
        const stories = [];
        for (const isTogether of [true, false]) {
            const store = await place.openAnother();
            try {
                await store.loadScenario(readScenario(PROPERTY_SCENARIO), false);
                const outcomes = [];
                if (isTogether) {
                    const updates = requests.map(async (request) => await store.updateBalances(requestOf(request)));
                    outcomes.push(...(await Promise.allSettled(updates)).map(told));
                }
                else {
                    for (const request of requests) {
                        outcomes.push(...(await Promise.allSettled([store.updateBalances(requestOf(request))])).map(told));
                    }
                }
                stories.push(show([outcomes, await storyOf(store)]));
            }
            finally {
                await store.close();
            }
        }
        return stories[0] === stories[1];
    }), { numRuns: 25 });
});
//# sourceMappingURL=updates.test.js.map