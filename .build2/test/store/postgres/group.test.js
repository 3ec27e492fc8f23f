import t from 'tap';
import { makeGroup } from '../../../src/store/postgres/group.js';
import { StoreUnavailableError } from '../../../src/store/port/unavailable.js';
/** A group whose transactions are told, each as the requests that it had. A request that is negative fails. */
function makeTold(failure = new Error('no')) {
    const told = [];
    const group = makeGroup(async (requests) => {
        told.push([...requests]);
        await new Promise(setImmediate);
        if (requests.some((request) => request < 0))
            throw failure;
        return requests.map(String);
    });
    return { told, group };
}
t.test('those that wait share one transaction, and those that come meanwhile the next, in their order', async (t) => {
    const { told, group } = makeTold();
    const first = [1, 2].map(group.run);
    await new Promise(setImmediate);
    const second = [3, 4, 5].map(group.run);
    t.same(await Promise.all([...first, ...second]), ['1', '2', '3', '4', '5']);
    t.same(told, [[1, 2], [3, 4, 5]]);
    t.equal(await group.run(6), '6');
});
t.test('a request that fails stops no other', async (t) => {
    const { told, group } = makeTold();
    const outcomes = await Promise.allSettled([1, -2, 3].map(group.run));
    t.match(outcomes, [{ value: '1' }, { reason: { message: 'no' } }, { value: '3' }]);
    t.same(told, [[1, -2, 3], [1], [-2], [3]]);
});
t.test('what is not available is so for all of the group, and nothing is tried again', async (t) => {
    const { told, group } = makeTold(new StoreUnavailableError('later'));
    const outcomes = await Promise.allSettled([1, -2].map(group.run));
    t.match(outcomes, [{ reason: { message: 'later' } }, { reason: { message: 'later' } }]);
    t.same(told, [[1, -2]]);
});
t.test('a transaction takes 128 requests, and settling waits for all', async (t) => {
    const { told, group } = makeTold();
    const all = Promise.all(Array.from({ length: 300 }, async (_, index) => await group.run(index)));
    await group.settle();
    t.same(told.map(({ length }) => length), [128, 128, 44]);
    t.equal((await all).length, 300);
    await group.settle();
});
//# sourceMappingURL=group.test.js.map