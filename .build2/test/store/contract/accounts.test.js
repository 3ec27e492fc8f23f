import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { currency } from '../../support/arbitraries.js';
import { holdsAsync } from '../../support/property.js';
import { SCENARIO } from '../../support/service.js';
import { contract } from './engines.js';
const small = fc.constantFrom(1n, 2n, 3n);
const anyStep = fc.oneof(fc.record({
    kind: fc.constant('create'),
    accountIds: fc.uniqueArray(small, { minLength: 1 }),
    token: small,
    actual: small,
    dryRun: fc.boolean()
}), fc.record({
    kind: fc.constantFrom('set', 'delete', 'attach', 'detach'),
    accountId: small,
    token: small,
    actual: small,
    dryRun: fc.boolean()
}));
const accountOf = (accountId, token, actual) => ({
    clientId: 1,
    accountId,
    currency: currency('392'),
    externalReference: undefined,
    balances: { actual, blocked: 0n },
    tokens: token === undefined ? [] : [token]
});
/** The first account of a creation gets the token. */
const tokenAt = (index, token) => index === 0 ? token : undefined;
/**
 * Tells what a step makes of the stories. Each account has one token at most, because attaching takes another off
 * first.
 */
function after(stories, step) {
    const next = new Map(stories);
    const holds = (token) => [...stories.values()].some((story) => !story.deleted && story.token === token);
    if (step.kind === 'create') {
        const isSame = (accountId, index) => {
            const story = stories.get(accountId);
            return story !== undefined && !story.deleted && story.actuals[0] === step.actual &&
                story.token === tokenAt(index, step.token);
        };
        const isFree = (accountId, index) => (stories.get(accountId)?.deleted ?? true) && !(index === 0 && holds(step.token));
        if (!step.accountIds.every((accountId, index) => isSame(accountId, index) || isFree(accountId, index))) {
            return stories;
        }
        step.accountIds.forEach((accountId, index) => {
            const before = stories.get(accountId);
            const earlier = before === undefined ? [] : [...before.earlier, before.actuals];
            if (!isSame(accountId, index)) {
                next.set(accountId, { token: tokenAt(index, step.token), actuals: [step.actual], deleted: false, earlier });
            }
        });
        return next;
    }
    const story = stories.get(step.accountId);
    if (story === undefined || story.deleted)
        return stories;
    const changed = {
        set: { actuals: [step.actual, ...story.actuals] },
        delete: { deleted: true },
        attach: holds(step.token) || story.token !== undefined ? {} : { token: step.token },
        detach: story.token === step.token ? { token: undefined } : {}
    };
    return next.set(step.accountId, { ...story, ...changed[step.kind] });
}
async function apply(store, step, dryRun, stories) {
    if (step.kind === 'create') {
        await store.createAccounts(step.accountIds.map((accountId, index) => accountOf(accountId, tokenAt(index, step.token), step.actual)), dryRun);
    }
    else if (step.kind === 'set') {
        await store.updateBalances({
            source: 'sandbox',
            clientId: 1,
            identity: undefined,
            items: [{
                    inputType: 'account',
                    inputId: step.accountId,
                    actual: { coefficient: step.actual, exponent: 0 },
                    blocked: { coefficient: 0n, exponent: 0 },
                    currency: '392'
                }],
            userId: undefined,
            remarks: undefined,
            reason: 'a test',
            allOrNothing: true,
            dryRun,
            answer: () => ({ body: '', preferenceApplied: undefined })
        });
    }
    else if (step.kind === 'delete')
        await store.deleteAccount(step.accountId, dryRun);
    else if (step.kind === 'detach')
        await store.detachToken(step.accountId, step.token);
    else if (stories.get(step.accountId)?.token === undefined)
        await store.attachToken(step.accountId, step.token);
}
const actualsOf = ({ items }) => items.map(({ next }) => next.actual);
async function storyOf(store, accountId) {
    const page = { from: undefined, limit: 100 };
    const history = await store.readHistory(accountId, page);
    if (typeof history === 'string')
        return undefined;
    const account = await store.readAccount(accountId);
    const earlier = [];
    for (let incarnation = 1; incarnation < history.incarnation; incarnation += 1) {
        const found = await store.readHistory(accountId, page, incarnation);
        earlier.push(typeof found === 'string' || found.deletedAt === undefined ? [] : actualsOf(found));
    }
    return { token: account?.tokens[0], actuals: actualsOf(history), deleted: history.deletedAt !== undefined, earlier };
}
contract('any order of creations, updates and deletions gives each account its own history; a dry run leaves no trace', async (t, place) => {
    await holdsAsync(t, fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), async (steps) => {
        const store = await place.openAnother({ scenario: { clients: [{ client_id: 1, name: 'n', api_key: 'k' }] } });
        try {
            let stories = new Map();
            for (const step of steps) {
                const rehearsed = step.dryRun && step.kind !== 'attach' && step.kind !== 'detach';
                await apply(store, step, rehearsed, stories);
                if (!rehearsed)
                    stories = after(stories, step);
                for (const accountId of [1n, 2n, 3n]) {
                    const story = stories.get(accountId);
                    const wanted = story?.deleted === true ? { ...story, token: undefined } : story;
                    if (!isDeepStrictEqual(await storyOf(store, accountId), wanted))
                        return false;
                }
            }
            return true;
        }
        finally {
            await store.close();
        }
    }), { numRuns: 40 });
});
contract('a token is attached once, in the order of tokens, and taken by one account only', async (t, place) => {
    const store = await place.open({ scenario: SCENARIO });
    t.match(await store.attachToken(1002n, 6n), { kind: 'attached', account: { tokens: [6n] } });
    t.match(await store.attachToken(1002n, 5n), { kind: 'attached', account: { tokens: [5n, 6n] } });
    t.match(await store.attachToken(1002n, 5n), { kind: 'attached', account: { tokens: [5n, 6n] } });
    t.same(await store.attachToken(1003n, 5n), { kind: 'taken', accountId: 1002n });
    t.same(await store.attachToken(77n, 5n), { kind: 'account-unknown' });
    t.match((await store.readAccount(1002n))?.tokens, [5n, 6n]);
    t.match(await store.detachToken(1002n, 5n), { tokens: [6n] });
    t.equal(await store.detachToken(1002n, 5n), undefined);
});
//# sourceMappingURL=accounts.test.js.map