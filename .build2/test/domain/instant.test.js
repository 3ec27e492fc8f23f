import fc from 'fast-check';
import t from 'tap';
import { formatInstant, parseInstant } from '../../src/domain/instant.js';
import { holds } from '../support/property.js';
for (const [text, instant] of [
    ['2023-09-05T08:07:34.605Z', '2023-09-05T08:07:34.605000000Z'],
    ['2024-05-26T16:49:50.237', '2024-05-26T16:49:50.237000000Z'],
    ['2024-05-26T16:49:50', '2024-05-26T16:49:50.000000000Z'],
    ['2024-05-26T16:49:50.237+03:00', '2024-05-26T13:49:50.237000000Z'],
    ['2024-05-26T16:49:50.237-05:30', '2024-05-26T22:19:50.237000000Z'],
    ['2024-03-01T00:30:00+01:00', '2024-02-29T23:30:00.000000000Z'],
    ['2024-05-26t16:49:50.123456789z', '2024-05-26T16:49:50.123456789Z'],
    ['1969-12-31T23:59:59.9', '1969-12-31T23:59:59.900000000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000000000Z'],
    ['9999-12-31T23:59:59.999999999-00:00', '9999-12-31T23:59:59.999999999Z']
]) {
    t.test(`${text} is ${instant}`, async (t) => { t.equal(parseInstant(text), instant); });
}
for (const text of [
    '2023-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '2023-13-01T00:00:00Z', '2023-00-01T00:00:00Z',
    '2023-01-00T00:00:00Z',
    '2023-01-01T24:00:00Z', '2023-01-01T23:60:00Z', '2023-01-01T23:59:60Z', '2023-01-01T23:59:61Z',
    '2023-01-01T00:00:00+24:00', '2023-01-01T00:00:00+01:60', '2023-01-01T00:00:00+0100', '2023-01-01T00:00:00+01',
    '2023-01-01T00:00:00.1234567890Z', '2023-01-01T00:00:00.Z', '2023-01-01T00:00Z', '2023-01-01', '2023-01-01 00:00:00Z',
    '20230101T000000Z',
    '0000-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '+02023-01-01T00:00:00Z', ' 2023-01-01T00:00:00Z',
    '2023-01-01T00:00:00Z\n', '1693901254605', ''
]) {
    t.test(`${JSON.stringify(text)} is no date and time`, async (t) => { t.equal(parseInstant(text), undefined); });
}
const nanoseconds = fc.integer({ min: 0, max: 999_999_999 }).map((number) => String(number).padStart(9, '0'));
const seconds = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9998-12-31T23:59:59Z'),
    noInvalidDate: true
});
t.test('whatever the offset, it is the same moment', async (t) => {
    holds(t, fc.property(seconds, nanoseconds, fc.integer({ min: -1439, max: 1439 }), (date, fraction, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
        const distance = Math.abs(minutes);
        const [hours, rest] = [Math.floor(distance / 60), distance % 60].map((part) => String(part).padStart(2, '0'));
        const offset = `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
        return parseInstant(`${local}.${fraction}${offset}`) === `${date.toISOString().slice(0, 19)}.${fraction}Z`;
    }));
});
t.test('an instant is written with milliseconds and with what it has beyond them, and read back', async (t) => {
    t.equal(formatInstant('2023-09-05T08:07:34.605000000Z'), '2023-09-05T08:07:34.605Z');
    t.equal(formatInstant('2023-09-05T08:07:30.000000000Z'), '2023-09-05T08:07:30.000Z');
    t.equal(formatInstant('2023-09-05T08:07:34.605100000Z'), '2023-09-05T08:07:34.6051Z');
    t.equal(formatInstant('2023-09-05T08:07:34.000000001Z'), '2023-09-05T08:07:34.000000001Z');
    holds(t, fc.property(seconds, nanoseconds, (date, fraction) => {
        const instant = `${date.toISOString().slice(0, 19)}.${fraction}Z`;
        return parseInstant(formatInstant(instant)) === instant;
    }));
});
//# sourceMappingURL=instant.test.js.map