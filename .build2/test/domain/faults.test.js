import t from 'tap';
import { Faults, firstOf, InputError } from '../../src/domain/faults.js';
function addFaults(faults, count) {
    for (let index = 0; index < count; index += 1)
        faults.add(`accounts[${index}]`, 'is wrong');
}
t.test('of very many faults the first are shown, and how many there are more', async (t) => {
    const faults = new Faults();
    faults.refuse();
    addFaults(faults, 23);
    t.throws(() => { faults.refuse(); }, {
        name: 'InputError',
        message: /^accounts\[0\] is wrong; .*; accounts\[19\] is wrong; and 3 more faults$/
    });
});
t.test('the thousandth fault ends the reading', async (t) => {
    const faults = new Faults();
    addFaults(faults, 999);
    t.equal(faults.found.at(-1), 'and 979 more faults');
    t.throws(() => { addFaults(faults, 1); }, { name: 'InputError', message: /; and at least 980 more faults$/ });
    t.equal(faults.found.length, 21);
});
t.test('a few faults are all shown', async (t) => {
    const faults = new Faults();
    faults.add('a', 'is wrong');
    faults.add('b', 'is wrong');
    t.throws(() => { faults.refuse(); }, new InputError(['a is wrong', 'b is wrong']));
});
t.test('of a list that somebody else has made the first are put into words, and the others are counted', async (t) => {
    t.same(firstOf([1, 2], String), ['1', '2']);
    const found = firstOf(Array(2000).fill(7), String);
    t.same([found.length, found[19], found[20]], [21, '7', 'and 1980 more faults']);
});
t.test('the text of a fault that is not named is not made', async (t) => {
    const faults = new Faults();
    for (let index = 0; index < 20; index += 1)
        faults.add(`a[${index}]`, () => 'is wrong');
    faults.add('b', () => { throw new Error('made'); });
    t.same([faults.count, faults.found.at(-1)], [21, 'and 1 more faults']);
});
//# sourceMappingURL=faults.test.js.map