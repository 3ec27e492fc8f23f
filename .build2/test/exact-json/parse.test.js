import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { parseDecimal } from '../../src/domain/decimal.js';
import { exactDecimal, exactInteger, isExactNumber, JsonError, numberText as textOf, parseExactJson, WrittenNumber } from '../../src/exact-json/parse.js';
import { decimal, int64, numberText, safeJson } from '../support/arbitraries.js';
import { equalFractions, fractionOf } from '../support/fraction.js';
import { holds } from '../support/property.js';
const parse = (text) => parseExactJson(Buffer.from(text));
function number(text) {
    const value = parse(text);
    if (isExactNumber(value))
        return value;
    throw new Error(`${text} is no number`);
}
/** What is wrong with a text, or undefined when it is taken. Anything but a `JsonError` fails the test. */
function faultOf(text) {
    try {
        parse(text);
        return undefined;
    }
    catch (error) {
        if (error instanceof JsonError)
            return error.message;
        throw error;
    }
}
t.test('what a double holds comes out as JSON.parse has it, the fast way and the exact way', async (t) => {
    holds(t, fc.property(safeJson, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const fast = parse(text);
        const exact = parse(`[9007199254740993,${text}]`);
        return isDeepStrictEqual(fast, JSON.parse(text)) && Array.isArray(exact) &&
            isDeepStrictEqual(exact[1], JSON.parse(text));
    }), { numRuns: 500 });
});
t.test('every number keeps its exact value, wherever it stands', async (t) => {
    const surroundings = fc.constantFrom('', '[', '[1,', '[ ', '[\n', '{"a":', '{"a":1,"b": ', '[[');
    const ends = {
        '': '',
        '[': ']',
        '[1,': ']',
        '[ ': ']',
        '[\n': ']',
        '{"a":': '}',
        '{"a":1,"b": ': '}',
        '[[': ']]'
    };
    holds(t, fc.property(numberText, surroundings, (text, before) => {
        const { coefficient, exponent } = exactDecimal(lastNumberIn(parse(`${before}${text}${ends[before]}`)));
        return equalFractions(fractionOf(`${coefficient}e${exponent}`), fractionOf(text));
    }), { numRuns: 1000 });
});
t.test('a number is plain where a double holds it, and keeps its text where not', async (t) => {
    for (const text of [
        '0', '200', '-12.5', '0.1', '999999999999999', '1e3', '1e22', '200.00000000000000000', '123456789012345e255'
    ]) {
        t.equal(parse(text), Number(text), text);
    }
    for (const text of [
        '9007199254740993', '1e-400', '1e400', '-1e400', '0.1234567890123456789', '1e271', '1e-271', '1e1000',
        '1234567890123456'
    ]) {
        const kept = parse(text);
        t.ok(kept instanceof WrittenNumber && kept.value === text, text);
    }
});
t.test('every number keeps its text where that is asked for, and everything else is as without', async (t) => {
    holds(t, fc.property(numberText, (text) => textOf(lastNumberIn(parseExactJson(Buffer.from(`{"a":[1,${text}]}`), { keepNumberTexts: true }))) === text));
    holds(t, fc.property(safeJson, (value) => isDeepStrictEqual(asDoubles(parseExactJson(Buffer.from(JSON.stringify(value)), { keepNumberTexts: true })), JSON.parse(JSON.stringify(value)))));
    for (const text of ['{"a":1,"a":1}', '[1,]', `[${'9'.repeat(1001)}]`]) {
        t.throws(() => parseExactJson(Buffer.from(text), { keepNumberTexts: true }), {
            name: 'JsonError',
            message: String(faultOf(text))
        });
    }
    t.equal(textOf(number('200.00')), '200', 'without being asked, only the value is kept');
});
t.test('minus zero is zero', async (t) => {
    for (const text of ['-0', '-0.0', '-0e5', '-0.00000000000000000000']) {
        t.strictSame(exactDecimal(number(text)), decimal('0'), text);
    }
});
t.test('whole numbers of 64 bits are exact', async (t) => {
    holds(t, fc.property(int64, (value) => exactInteger(number(String(value))) === value));
    for (const text of [
        '9007199254740993', '9223372036854775807', '-9223372036854775808', '123456789012345000', '999999999999999000',
        '9007199254740992'
    ]) {
        t.equal(exactInteger(number(text)), BigInt(text), text);
    }
});
t.test('a whole number is whole in each of its forms', async (t) => {
    for (const text of ['123', '123.0', '1.23e2', '1230e-1', '123.00000000000000000']) {
        t.equal(exactInteger(number(text)), 123n, text);
    }
    t.equal(exactInteger(number('123456789012345e3')), 123456789012345000n);
    t.equal(exactInteger(number('9.223372036854775807e18')), 9223372036854775807n);
});
t.test('a number with a fraction is not whole, however small the fraction', async (t) => {
    for (const text of ['1.5', '9007199254740993.5', '123.00000000000000001', '1e-400']) {
        t.equal(exactInteger(number(text)), undefined, text);
    }
});
t.test('a number far beyond 64 bits stays beyond them and is not written out in digits', async (t) => {
    for (const text of ['1e1000', '1e400', '1e19', '12345678901234567890']) {
        t.ok((exactInteger(number(text)) ?? 0n) >= 10n ** 19n, text);
    }
    t.ok((exactInteger(number('-1e1000')) ?? 0n) <= -(10n ** 19n));
});
t.test('an exponent beyond a thousand is refused, rather than read as another one', async (t) => {
    for (const text of ['1e1001', '[1E+1001]', '{"a":-1.5e-1001}', '0e1001', '1e999999999']) {
        t.equal(faultOf(text), 'holds a number whose exponent is beyond 1000', text);
    }
});
t.test('only numbers are numbers', async (t) => {
    for (const value of [1, 0, new WrittenNumber('1e400')])
        t.ok(isExactNumber(value));
    for (const value of ['1', null, undefined, true, [], {}, { value: '1', constructor: WrittenNumber }]) {
        t.notOk(isExactNumber(value));
    }
});
t.test('a name that stands twice in one object with two values is refused by name', async (t) => {
    const fault = 'holds the name "a" twice in one object';
    for (const text of [
        '{"a":1,"a":2}', '{"a" : 1, "a"\n:"1"}', '{"a":1,"\\u0061":2}', '[{"b":{"a":null,"a":false}}]',
        '{"a":9007199254740993,"a":9007199254740992}', '{"a":[1],"a":[2]}'
    ]) {
        t.equal(faultOf(text), fault, text);
    }
});
t.test('a name that stands twice with the same value is refused too', async (t) => {
    for (const text of [
        '{"a":1,"a":1}',
        '{"a":[],"a":{}}',
        '{"a":[1],"a":{"0":1}}',
        '{"x":"\\"a\\":","a":9007199254740993,"a":9007199254740993}'
    ]) {
        t.equal(faultOf(text), 'holds the name "a" twice in one object', text);
    }
    t.equal(faultOf(`{"${'x'.repeat(5000)}":1,"${'x'.repeat(5000)}":1}`), `holds the name "${'x'.repeat(60)}"… twice in one object`, 'and a long one is cut off');
});
t.test('a name that every object inherits stands once', async (t) => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
        t.equal(parse(`{"${name}":1}`)[name], 1);
        t.equal(faultOf(`{"${name}":1,"${name}":1}`), `holds the name "${name}" twice in one object`);
    }
});
t.test('what only looks like a repeated name is none', async (t) => {
    const texts = [
        '{"a":"\\"a\\":1,\\"a\\":2"}', '{"a":1,"b":{"a":2}}', '[{"a":1},{"a":2}]', '{"a\\":":1,"a":2}', '{"":1,"a":2}',
        '{"a":1,"A":2}'
    ];
    for (const text of texts)
        t.strictSame(parse(text), JSON.parse(text), text);
});
t.test('the name __proto__ is refused, in every way of writing it', async (t) => {
    for (const text of [
        '{"__proto__":1}', '[{"a":{"__proto__":{"b":1}}}]', '{"\\u005f_proto__":{}}', '{"__proto__":9007199254740993}'
    ]) {
        t.equal(faultOf(text), 'holds the name "__proto__", which is not allowed', text);
    }
    t.strictSame(parse('["__proto__"]'), ['__proto__']);
});
t.test('a value stands in at most 32 lists and objects', async (t) => {
    const tooDeep = 'is nested more than 32 levels deep';
    const nested = (levels, open, close, inner = '1') => `${open.repeat(levels)}${inner}${close.repeat(levels)}`;
    for (const [open, close] of [['[', ']'], ['{"a":', '}']]) {
        t.equal(faultOf(nested(32, open, close)), undefined);
        t.equal(faultOf(nested(33, open, close)), tooDeep);
        t.equal(faultOf(nested(33, open, close, '9007199254740993')), tooDeep);
        t.equal(faultOf(nested(100_000, open, close)), tooDeep);
    }
    t.equal(faultOf('['.repeat(100_000)), tooDeep, 'also where it is never closed');
    t.equal(faultOf(`{"a":${nested(100_000, '[', ']')},"a":1}`), tooDeep, 'also where a second value hides it');
});
t.test('a list may be very wide', async (t) => {
    const wide = parse(`[${'1,'.repeat(199_999)}9007199254740993]`);
    t.ok(Array.isArray(wide) && wide.length === 200_000);
    t.strictSame(parse(`[${'7,'.repeat(199_999)}7]`), new Array(200_000).fill(7));
});
t.test('bytes that are no UTF-8 are refused', async (t) => {
    for (const bytes of [
        [0x22, 0xff, 0x22],
        [0x22, 0xc3, 0x22],
        [0x22, 0xed, 0xa0, 0x80, 0x22],
        [0x22, 0xc0, 0xaf, 0x22]
    ]) {
        t.throws(() => parseExactJson(Uint8Array.from(bytes)), new JsonError('is not valid UTF-8'));
    }
    t.equal(parse('"Zoë €😀"'), 'Zoë €😀');
});
t.test('one byte order mark is skipped', async (t) => {
    t.equal(parse('\ufeff1'), 1);
    t.match(parse('\ufeff9007199254740993'), { value: '9007199254740993' });
    t.match(faultOf('\ufeff\ufeff1'), /^is not valid JSON/);
});
t.test('half a surrogate pair is refused in strings and in names', async (t) => {
    for (const text of [
        '"\\ud800"', '["a\\udfff"]', '{"\\ud83d":1}', '{"a":"\\ude00\\ud83d"}', '{"a":"\\ud800","a":"\\ud800"}'
    ]) {
        t.match(faultOf(text), /half a surrogate pair/, text);
    }
    t.equal(parse('"\\ud83d\\ude00"'), '😀');
});
t.test('an empty body and a broken one are refused with the place of the fault, and with what is right there', async (t) => {
    for (const [text, fault] of [
        ['', 'a value must stand at position 0, not the end'],
        [' \n', 'a value must stand at position 2, not the end'],
        ['{"client_id":}', 'a value must stand at position 13, not "}"'],
        ['{"a":1,}', 'a name in quotation marks must stand at position 7, not "}"'],
        ['{"a" 1}', 'a colon must stand at position 5, not "1"'],
        ['{"a":1 "b":2}', 'a comma or "}" must stand at position 7, not "\\""'],
        ['[1 2]', 'a comma or "]" must stand at position 3, not "2"'],
        ['{a:1}', 'a name in quotation marks must stand at position 1, not "a"'],
        ['"a', 'the rest of a string must stand at position 2, not the end'],
        ['"\u0001"', 'the rest of a string must stand at position 1, not "\\u0001"'],
        ['"😀\\x"', 'a string with valid escapes must stand at position 0, not "\\""'],
        ['[01]', 'a number as JSON writes it must stand at position 1, not "0"'],
        ['[1.]', 'a number as JSON writes it must stand at position 1, not "1"'],
        ['["é",-]', 'a number as JSON writes it must stand at position 5, not "-"'],
        ['1 😀', 'the end must stand at position 2, not "😀"'],
        ['trüe', 'a value must stand at position 0, not "t"']
    ])
        t.equal(faultOf(text), `is not valid JSON: ${fault}`, text);
});
t.test('the character U+0000 is refused in strings and in names', async (t) => {
    for (const text of ['"\\u0000"', '{"a":["b\\u0000"]}', '{"\\u0000":1}']) {
        t.match(faultOf(text), /^holds the character U\+0000/, text);
    }
});
t.test('the parts of a text are counted outside its strings, and may be bounded', async (t) => {
    const bounded = (text, partsMax) => () => parseExactJson(Buffer.from(text), { partsMax });
    const text = '{"a,:[{":[1,"\\",",{}]}'; // { : [ , , {
    t.strictSame(bounded(text, 6)(), JSON.parse(text));
    t.throws(bounded(text, 5), new JsonError('holds more than 5 of the characters { [ : , outside its strings'));
});
t.test('a fault never quotes half a surrogate pair', async (t) => {
    t.ok(faultOf('😀')?.isWellFormed());
});
t.test('JSON is what JSON.parse takes, but for our own stricter rules', async (t) => {
    const bits = fc.constantFrom(...'{}[]",:.-+eE0123456789 \n\t\r\\/u', 'null', 'true', '\\u0041', '\\ud83d', '__proto__', '"a":', '\u0000', '\u00a0', '\ufeff', "'", '//');
    const change = fc.tuple(fc.nat(), fc.nat(2), bits);
    holds(t, fc.property(safeJson, fc.array(change, { maxLength: 4 }), (value, changes) => {
        const text = Buffer.from(changes.reduce(mutate, JSON.stringify(value))).toString();
        const native = nativeParse(text.replace(/^\ufeff/, ''));
        const fault = faultOf(text);
        if (native === undefined) {
            return /^(?:is not valid JSON: .+ must stand at position \d+, not .+|holds .+)$/s.test(fault ?? '');
        }
        if (fault === undefined)
            return isDeepStrictEqual(asDoubles(parse(text)), native.value);
        return HELD.some((held) => fault.startsWith(`holds ${held}`)) ||
            /^holds the name .* twice in one object/s.test(fault);
    }), { numRuns: 1500 });
});
/** JSON that we do not take. */
const HELD = [
    'the name "__proto__"', 'half a surrogate pair', 'the character U+0000', 'a number whose exponent is beyond 1000'
];
function mutate(text, [position, removed, added]) {
    const at = position % (text.length + 1);
    return text.slice(0, at) + added + text.slice(at + removed);
}
function nativeParse(text) {
    try {
        return { value: JSON.parse(text) };
    }
    catch {
        return undefined;
    }
}
function asDoubles(value) {
    if (isExactNumber(value))
        return typeof value === 'number' ? value : Number(value.value);
    if (Array.isArray(value))
        return value.map(asDoubles);
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asDoubles(member)]));
}
function lastNumberIn(value) {
    if (isExactNumber(value))
        return value;
    return lastNumberIn(Object.values(value).at(-1));
}
t.test('a number of more characters than anybody needs is refused before it is read', async (t) => {
    t.equal(faultOf(`[${'9'.repeat(1001)}]`), 'holds a number of more than 1000 characters');
    t.equal(faultOf(`[0.${'1'.repeat(8_000_000)}]`), 'holds a number of more than 1000 characters');
    t.equal(faultOf(`[${'9'.repeat(1000)}]`), undefined);
});
t.test('a number that is read from its double is the decimal of its text, in the same form', async (t) => {
    const doubles = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger().map((units) => units / 100), fc.integer(), fc.integer().map((units) => units / 1000));
    holds(t, fc.property(doubles, (double) => isDeepStrictEqual(exactDecimal(double), parseDecimal(String(double)))), { numRuns: 1000 });
    for (const double of [5, 0.1, 1.005, 1e21, 5e-324, 2 ** 52 + 1.5, 999999999999999, 9007199254740991]) {
        t.strictSame(exactDecimal(double), parseDecimal(String(double)));
    }
});
//# sourceMappingURL=parse.test.js.map