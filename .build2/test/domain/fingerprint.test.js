import { hash as hashOf } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { fingerprintOf } from '../../src/domain/fingerprint.js';
import { decimal, numberText, updateCase } from '../support/arbitraries.js';
import { equalFractions, fractionOf } from '../support/fraction.js';
import { holds } from '../support/property.js';
const ITEM = {
    inputType: 'account',
    inputId: 12345n,
    actual: decimal('200'),
    blocked: decimal('50.5'),
    currency: '404'
};
const meaning = (more = {}) => ({
    items: [{ ...ITEM, ...more }],
    userId: undefined,
    remarks: undefined
});
const hash = (meaning) => fingerprintOf(meaning).toString('hex');
t.test('numbers count by their value and not by how they are written', async (t) => {
    t.equal(hash(meaning({ actual: decimal('200.00') })), hash(meaning()));
    t.equal(hash(meaning({ actual: decimal('2e2') })), hash(meaning()));
    holds(t, fc.property(numberText, numberText, (one, two) => (hash(meaning({ blocked: decimal(one) })) === hash(meaning({ blocked: decimal(two) }))) === equalFractions(fractionOf(one), fractionOf(two))));
});
t.test('each field of an item counts', async (t) => {
    const others = [
        {}, { inputType: 'token' }, { inputId: 12346n }, { actual: decimal('200.01') },
        { blocked: decimal('50.51') }, { currency: '840' }, { externalReference: 'WALLET-1' },
        { actual: ITEM.blocked, blocked: ITEM.actual }
    ];
    t.equal(new Set(others.map((more) => hash(meaning(more)))).size, others.length);
});
t.test('the account number counts exactly, beyond what a double holds', async (t) => {
    t.not(hash(meaning({ inputId: 9007199254740993n })), hash(meaning({ inputId: 9007199254740992n })));
});
t.test('user id and remarks count, and one is not taken for the other', async (t) => {
    const others = [
        {},
        { userId: 'qa' },
        { remarks: 'qa' },
        { userId: 'qa', remarks: 'qa' },
        { userId: 'null' },
        { userId: '' }
    ];
    t.equal(new Set(others.map((more) => hash({ ...meaning(), ...more }))).size, others.length);
});
t.test('the order and the number of the items count', async (t) => {
    const second = { ...ITEM, inputId: 2n };
    const lists = [[ITEM, second], [second, ITEM], [ITEM], [ITEM, ITEM], []];
    t.equal(new Set(lists.map((items) => hash({ ...meaning(), items }))).size, lists.length);
});
t.test('two updates have one fingerprint exactly when they mean the same', async (t) => {
    holds(t, fc.property(updateCase, updateCase, (one, two) => {
        const [first, second] = [one, two].map(({ items }) => hash({ ...meaning(), items }));
        return (first === second) === (fc.stringify(one.items) === fc.stringify(two.items));
    }));
});
t.test('a copy of an update has its fingerprint', async (t) => {
    holds(t, fc.property(updateCase, ({ items }) => hash({ ...meaning(), items }) === hash({ ...meaning(), items: items.map((item) => ({ ...item })) })));
});
t.test('a number too long to be written in full has a fingerprint, too', async (t) => {
    t.not(hash(meaning({ actual: decimal('1e1000') })), hash(meaning({ actual: decimal('1e999') })));
});
/**
 * Few letters, so that neighbours often differ only in where one ends; and halves of surrogate pairs, which have no
 * UTF-8.
 */
const anyText = fc.option(fc.string({ unit: fc.constantFrom('a', '4', '\0', 'ä', '€', '\ud83d', '\ude00'), maxLength: 3 }), { nil: undefined });
/** At both ends of 64 bits, and far beyond. */
const coefficient = fc.constantFrom(0n, 1n, -1n, 2n ** 63n - 1n, 2n ** 63n + 1n, -(2n ** 63n) + 1n, -(2n ** 63n) - 1n, 2n ** 64n + 1n, 10n ** 999n + 1n);
const amount = fc.record({ coefficient, exponent: fc.constantFrom(-1999, -1, 0, 1, 1999) }, { noNullPrototype: true });
const anyMeaning = fc.record({
    userId: anyText,
    remarks: anyText,
    items: fc.array(fc.record({ actual: amount, blocked: amount, currency: anyText, externalReference: anyText }), { maxLength: 2 })
}).map(({ items, ...more }) => ({
    ...more,
    items: items.map(({ externalReference, currency = '', ...amounts }) => ({
        ...ITEM,
        ...amounts,
        currency,
        ...externalReference === undefined ? {} : { externalReference }
    }))
}));
t.test('neither where a text ends nor how long a number is lets one update be taken for another', async (t) => {
    const neighbour = fc.tuple(anyMeaning, anyMeaning).chain(([one, two]) => fc.constantFrom([one, two], [one, { ...one, userId: two.userId }], [
        one,
        { ...one, remarks: two.remarks }
    ], [one, { ...one, items: two.items }], [one, structuredClone(one)]));
    holds(t, fc.property(neighbour, ([one, two]) => (hash(one) === hash(two)) === isDeepStrictEqual(one, two)), { numRuns: 2000 });
});
t.test('half a surrogate pair counts as itself', async (t) => {
    const halves = ['\ud83d', '\ud83e', '\ude00', '\ufffd'];
    t.equal(new Set(halves.map((userId) => hash({ ...meaning(), userId }))).size, halves.length);
});
t.test('an update of any size has a fingerprint, and the next one is not changed by it', async (t) => {
    const before = hash(meaning());
    const items = Array.from({ length: 5000 }, (_, index) => ({
        ...ITEM,
        inputId: BigInt(index),
        externalReference: '€'.repeat(50)
    }));
    const large = hash({ ...meaning(), items, remarks: 'x'.repeat(100_000) });
    t.equal(hash(meaning()), before);
    t.equal(hash({ ...meaning(), items, remarks: 'x'.repeat(100_000) }), large);
    t.not(hash({ ...meaning(), items, remarks: `${'x'.repeat(99_999)}y` }), large);
});
const UPDATE = {
    items: [
        { ...ITEM, externalReference: 'WALLET-1' },
        { ...ITEM, inputType: 'token', actual: decimal('-10000000000000000000001') }
    ],
    userId: 'qa-7',
    remarks: undefined
};
t.test('the form of a fingerprint stands still, because stored ones are compared with it', async (t) => {
    const numbers = [
        '00000004', 'ffffffff', '00000002',
        '00', '0000000000003039', '01', '00000002', '0000000000000002', '01', 'ffffffff', '00000000000001f9', '00000003',
        '00000008',
        '01', '0000000000003039', '00', '00000000', '00000018', '01', 'ffffffff', '00000000000001f9', '00000003', 'ffffffff'
    ];
    const texts = Buffer.from('qa-7404WALLET-1-10000000000000000000001404', 'utf16le');
    t.equal(hash(UPDATE), hashOf('sha256', Buffer.concat([Buffer.from(numbers.join(''), 'hex'), texts])));
    t.equal(fingerprintOf(UPDATE).length, 32);
});
//# sourceMappingURL=fingerprint.test.js.map