import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { makeCommitGroup } from '../../../src/store/sqlite/commit-group.js';
import { holdsAsync } from '../../support/property.js';
/**
 * Makes a group. Work fails for a negative number, and for one that is there already.
 *
 * @param stepMs how far the clock goes on with each look at it
 */
function makeScratch(stepMs = () => 1) {
    let [committed, written] = [[], []];
    let failing;
    let ms = 0;
    const events = [];
    function failAt(place) {
        if (failing === place)
            throw new Error(`${place} failed`);
    }
    const group = makeCommitGroup({
        begin: () => {
            failAt('begin');
            written = [...committed ?? []];
        },
        work: (numbers) => numbers.map((number) => {
            if (number < 0 || written?.includes(number) === true)
                throw new Error(`${number} cannot be written`);
            written?.push(number);
            return `wrote ${number}`;
        }),
        commit: () => {
            failAt('commit');
            committed = written;
        },
        rollback: () => { events.push('rolled back'); },
        committed: (size) => { events.push(`committed ${size}`); }
    }, () => {
        ms += stepMs();
        return ms;
    });
    return { group, committed: () => committed ?? [], events, fail: (place) => { failing = place; } };
}
t.test('requests that wait together are committed together, and each promise has its own result', async (t) => {
    const { group, committed, events } = makeScratch();
    const outcomes = await Promise.all([1, 2, 3].map(async (request) => await group.run(request)));
    t.same(outcomes, ['wrote 1', 'wrote 2', 'wrote 3']);
    t.same(committed(), [1, 2, 3]);
    t.same(events, ['committed 3']);
});
t.test('a promise is fulfilled only after the commit', async (t) => {
    const { group, committed } = makeScratch();
    t.same(await group.run(1).then(committed), [1]);
});
/** A group whose first commit has taken 10 ms, and whose clock then goes on by so much at each look. */
async function makeClockedGroup(stepMs) {
    let step = 10;
    const scratch = makeScratch(() => step);
    await scratch.group.run(0);
    step = stepMs;
    return scratch;
}
t.test('while requests keep coming, a group waits for them; a lone request waits for nothing', async (t) => {
    const { group, events } = await makeClockedGroup(0);
    const first = [group.run(1), group.run(2)];
    await new Promise(setImmediate);
    t.same(events, ['committed 1'], 'there were more than at the look before');
    await Promise.all([...first, group.run(3)]);
    t.same(events, ['committed 1', 'committed 3']);
    const lone = group.run(4);
    await new Promise(setImmediate);
    t.same(events, ['committed 1', 'committed 3', 'committed 1']);
    t.equal(await lone, 'wrote 4');
});
t.test('a group waits for more requests no longer than the last commit took', async (t) => {
    const { group, events } = await makeClockedGroup(10);
    const first = [group.run(1), group.run(2)];
    await new Promise(setImmediate);
    t.same(events, ['committed 1', 'committed 2']);
    await Promise.all(first);
});
t.test('a request whose work fails is rolled back alone', async (t) => {
    const { group, committed, events } = makeScratch();
    const outcomes = await Promise.allSettled([1, -2, 3].map(async (request) => await group.run(request)));
    t.match(outcomes, [{ value: 'wrote 1' }, { reason: { message: '-2 cannot be written' } }, { value: 'wrote 3' }]);
    t.same(committed(), [1, 3]);
    t.same(events, ['rolled back', 'committed 1', 'rolled back', 'committed 1']);
});
for (const place of ['begin', 'commit']) {
    t.test(`when the ${place} fails, all that wait are rejected, and the next group is applied`, async (t) => {
        const { group, committed, events, fail } = makeScratch();
        fail(place);
        const outcomes = await Promise.allSettled(Array.from({ length: 300 }, async (_, number) => await group.run(number)));
        t.ok(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.message === `${place} failed`));
        t.same([committed(), events], [[], ['rolled back']]);
        fail(undefined);
        t.equal(await group.run(7), 'wrote 7');
    });
}
t.test('when a transaction cannot begin while requests run one by one, all that are left are rejected', async (t) => {
    const { group, committed, fail } = makeScratch();
    const waiting = [-1, 1, 2].map(async (number) => await group.run(number));
    const first = waiting[0]?.catch((error) => {
        fail('begin');
        return error;
    });
    const outcomes = await Promise.allSettled([first, ...waiting.slice(1)]);
    t.match(outcomes, [
        { value: { message: '-1 cannot be written' } },
        { reason: { message: 'begin failed' } },
        { reason: { message: 'begin failed' } }
    ]);
    t.same(committed(), []);
});
t.test('the order of effects is the order of arrival, in any mixture with failures and over several groups', async (t) => {
    await holdsAsync(t, fc.asyncProperty(fc.array(fc.integer({ min: -20, max: 400 }), {
        minLength: 1,
        maxLength: 600
    }), async (numbers) => {
        const { group, committed } = makeScratch();
        const model = [];
        const expected = numbers.map((number) => {
            if (number < 0 || model.includes(number))
                return 'rejected';
            model.push(number);
            return 'fulfilled';
        });
        const outcomes = await Promise.allSettled(numbers.map(async (request) => await group.run(request)));
        return isDeepStrictEqual(outcomes.map(({ status }) => status), expected) && isDeepStrictEqual(committed(), model);
    }), { numRuns: 30 });
});
t.test('a flush runs at once what waits, and leaves nothing for later', async (t) => {
    const { group, committed } = makeScratch();
    const promises = Array.from({ length: 300 }, async (_, number) => await group.run(number));
    group.flush();
    t.equal(committed().length, 300);
    await Promise.all(promises);
});
//# sourceMappingURL=commit-group.test.js.map