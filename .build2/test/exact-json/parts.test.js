import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { isExactNumber, JsonError, parseExactJson } from '../../src/exact-json/parse.js';
import { readDocumentParts } from '../../src/exact-json/parts.js';
import { allOf } from '../support/all-of.js';
import { holdsAsync } from '../support/property.js';
const NAMES = ['accounts', 'rates'];
/** Cuts bytes at given places, which need not be in order. */
async function* chunksOf(bytes, places) {
    let from = 0;
    for (const place of [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((left, right) => left - right)) {
        yield bytes.subarray(from, place);
        from = place;
    }
}
async function partsOf(text, partBytes = 1) {
    return await allOf(readDocumentParts(chunksOf(Buffer.from(text), []), NAMES, partBytes));
}
/** Puts a document together again; undefined when it is refused. */
async function readInParts(bytes, places, partBytes) {
    const lists = new Map();
    try {
        for await (const part of readDocumentParts(chunksOf(bytes, places), NAMES, partBytes)) {
            if (part.kind === 'rest') {
                return part.value === null || typeof part.value !== 'object' || Array.isArray(part.value) ||
                    isExactNumber(part.value)
                    ? part.value
                    : Object.fromEntries(Object.entries(part.value).map(([name, value]) => [name, lists.get(name) ?? value]));
            }
            const list = lists.get(part.name) ?? [];
            if (list.length !== part.from)
                throw new Error(`${part.name}[${part.from}] comes behind ${list.length} items`);
            lists.set(part.name, [...list, ...part.items]);
        }
    }
    catch (error) {
        if (!(error instanceof JsonError))
            throw error;
    }
    return undefined;
}
function readWhole(bytes) {
    try {
        return parseExactJson(bytes);
    }
    catch {
        return undefined;
    }
}
const scalar = fc.constantFrom('1', '-0', '12345678901234567890', '1.10', '1e5', 'true', 'null', '""', '"a\\"]"', '"\\\\"', '"é}"', '"\\u006f"', '"\\ud800"');
const name = fc.constantFrom('"accounts"', '"rates"', '"acc\\u006funts"', '"version"', '"a,["', '"__proto__"');
const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, scalar.map((text) => [text]), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 5 }).map((items) => ['[', ...joined(items), ']']),
    object: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 })
        .map((members) => ['{', ...joined(members.map(([key, tokens]) => [key, ':', ...tokens])), '}'])
}));
function joined(lists) {
    return lists.flatMap((tokens, index) => index === 0 ? tokens : [',', ...tokens]);
}
/** The tokens of documents with long arrays; of some, one token is another one, or is not there. */
const tokens = fc.tuple(fc.oneof(value, fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 4 })
    .map((members) => ['{', ...joined(members.map(([key, tokens]) => [key, ':', ...tokens])), '}'])), fc.option(fc.tuple(fc.nat(), fc.constantFrom('', ',', '[', ']', '{', '}', ':', '"', '1', '\ufeff', '\\', '"x"'))), fc.constantFrom('', ' ', '\n\t')).map(([list, fault, gap]) => {
    if (fault !== null)
        list = list.with(fault[0] % list.length, fault[1]);
    return list.join(gap);
});
t.test('a document that is read in parts is what it is as a whole, or is refused as it is as a whole', async (t) => {
    await holdsAsync(t, fc.asyncProperty(tokens, fc.array(fc.nat(), { maxLength: 6 }), fc.nat(12), fc.option(fc.nat()), async (text, places, partBytes, broken) => {
        const bytes = Buffer.from(text);
        if (broken !== null && bytes.length > 0)
            bytes[broken % bytes.length] = 0xff;
        return isDeepStrictEqual(await readInParts(bytes, places, partBytes), readWhole(bytes));
    }), { numRuns: 2000 });
});
t.test('the items come in parts, each with its place and the document before it', async (t) => {
    const before = { version: 1, accounts: [] };
    t.same(await partsOf('{"version":1,"accounts":[1, 2,[3]],"covers":"all","rates":[ ]}'), [
        { kind: 'items', name: 'accounts', from: 0, items: [1], before },
        { kind: 'items', name: 'accounts', from: 1, items: [2], before },
        { kind: 'items', name: 'accounts', from: 2, items: [[3]], before },
        { kind: 'rest', value: { version: 1, accounts: [], covers: 'all', rates: [] } }
    ]);
    t.match(await partsOf('{"accounts":[1,2,3]}', 1000), [{ items: [1, 2, 3] }, { kind: 'rest' }]);
});
t.test('an array whose name is written with an escape is found, too', async (t) => {
    t.match(await partsOf('{"acc\\u006funts":[1,2]}'), [
        { kind: 'items', name: 'accounts', from: 0, items: [1, 2] },
        { kind: 'rest' }
    ]);
});
for (const [text, message] of [
    ['{"accounts":[1,2 3]}', /^is not valid JSON: .* at position 3, .*, counted from accounts\[1\] on$/],
    ['{"accounts":[1,]}', 'is not valid JSON: accounts[1] is missing'],
    ['{"accounts":[ , 1]}', 'is not valid JSON: accounts[0] is missing'],
    ['{"accounts":[,1]}', /^is not valid JSON: .* counted from accounts\[0\] on$/],
    ['{"accounts":[1],"accounts":[2]}', 'holds the name "accounts" twice in one object'],
    ['{"accounts":[1],"accounts":[]}', 'holds the name "accounts" twice in one object'],
    ['{"accounts":[1],"rates":1,}', /^is not valid JSON: .*, counted without accounts, rates$/],
    ['{"accounts":[{"a":1,"a":2}]}', 'holds the name "a" twice in one object'],
    ['{"accounts":[1', /^is not valid JSON: .*, not the end/],
    ['', /^is not valid JSON/]
]) {
    t.test(`${text} is refused with the place of the fault`, async (t) => {
        await t.rejects(partsOf(text), { name: 'JsonError', message });
    });
}
t.test('no more than a part, one item and the rest of a document are held', async (t) => {
    async function* endless(start) {
        yield Buffer.from(start);
        for (;;)
            yield Buffer.alloc(64 * 1024, 'x');
    }
    await t.rejects(allOf(readDocumentParts(endless('{"accounts":[1,"'), NAMES)), {
        name: 'JsonError', message: 'has an item of accounts with more than 1048576 bytes'
    });
    await t.rejects(allOf(readDocumentParts(endless('{"name":"'), NAMES)), {
        name: 'JsonError', message: 'has more than 1048576 bytes beside accounts, rates'
    });
});
//# sourceMappingURL=parts.test.js.map