import fc from 'fast-check';
import t from 'tap';
import { parseTimestamp } from '../../src/domain/timestamp.js';
import { holds } from '../support/property.js';
t.test('every millisecond of the calendar is read as it is written', async (t) => {
    holds(t, fc.property(fc.date({
        min: new Date(0),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true
    }), (date) => parseTimestamp(date.toISOString()) === date.getTime()));
});
for (const [text, wanted] of [
    ['2026-01-31T10:15:30+02:00', '2026-01-31T08:15:30.000Z'],
    ['2026-01-31T08:15:30.5Z', '2026-01-31T08:15:30.500Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z']
]) {
    t.test(`${text} is ${wanted}`, async (t) => { t.equal(parseTimestamp(text), Date.parse(wanted)); });
}
for (const text of [
    '2026-01-31', '2026-01-31 08:15:30Z', '2026-01-31T08:15:30.1234Z', '2026-01-31T23:59:60Z',
    '2026-02-30T00:00:00Z', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', 'now',
    ''
]) {
    t.test(`"${text}" is no time that can be kept`, async (t) => { t.equal(parseTimestamp(text), undefined); });
}
//# sourceMappingURL=timestamp.test.js.map