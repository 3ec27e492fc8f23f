import t from 'tap';
import { formatPreferences, readPreferences } from '../../../src/api/paymentology/preferences.js';
const CASES = [
    [undefined, false, false],
    ['', false, false],
    ['return=representation', true, false],
    ['handling=strict', false, true],
    ['return=representation, handling=strict', true, true],
    ['RETURN = "Representation" ; q=1 , Handling="strict"', true, true],
    ['return=minimal, handling=lenient', false, false],
    ['return=minimal, return=representation', false, false],
    ['respond-async, wait=10, handling=strict', false, true],
    ['strict', false, false],
    ['foo="a, handling=strict, b"', false, false],
    ['foo="a, \\", handling=strict", return=representation', true, false],
    ['foo; bar="x, handling=strict"', false, false],
    ['foo="a;b", handling=strict; why="not, really"', false, true],
    ['handling="strict', false, false],
    ['handling=strict"', false, false],
    ['return=representation, foo="a, handling=strict', true, false],
    ['foo="\\', false, false],
    ['handling==strict', false, false],
    [',, ,handling=strict,', false, true],
    ['="strict", handling=strict', false, true]
];
for (const [header, representation, strict] of CASES) {
    t.test(`Prefer: ${header}`, async (t) => {
        t.same(readPreferences(header), { representation, strict });
    });
}
t.test('only what was applied is named', async (t) => {
    t.equal(formatPreferences({ representation: false, strict: false }), undefined);
    t.equal(formatPreferences({ representation: false, strict: true }), 'handling=strict');
    t.equal(formatPreferences({ representation: true, strict: true }), 'return=representation, handling=strict');
});
//# sourceMappingURL=preferences.test.js.map