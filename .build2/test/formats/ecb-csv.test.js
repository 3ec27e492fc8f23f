import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { formatDecimal, parseDecimal, ZERO } from '../../src/domain/decimal.js';
import { readEcbFile } from '../../src/formats/ecb-csv.js';
import { rateText } from '../support/arbitraries.js';
import { holdsAsync } from '../support/property.js';
t.test('the daily file is read: spaces behind the commas, the day in words, a comma at the end', async (t) => {
    t.strictSame(await readEcbFile('Date, USD, JPY, BGN, \n24 July 2026, 1.0842, 164.11, 1.9558, \n'), {
        rates: [
            { base: '978', quote: '840', rate: '1.0842', effectiveAtMs: Date.parse('2026-07-24T00:00:00Z') },
            { base: '978', quote: '392', rate: '164.11', effectiveAtMs: Date.parse('2026-07-24T00:00:00Z') }
        ],
        days: 1,
        firstDay: '2026-07-24',
        lastDay: '2026-07-24',
        skipped: new Map([['BGN', 1]])
    });
});
t.test('the historical file is read: days without a rate, and currencies that are no more', async (t) => {
    const { rates, ...summary } = await readEcbFile('\ufeffDate,USD,HRK,CYP,\r\n2026-07-24,1.0842,N/A,N/A,\r\n' +
        '2022-12-30,1.0666,7.5365,N/A,\r\n2007-12-31,N/A,7.3308,0.585274,\r\n');
    t.strictSame(summary, {
        days: 3,
        firstDay: '2007-12-31',
        lastDay: '2026-07-24',
        skipped: new Map([['HRK', 2], ['CYP', 1]])
    });
    t.strictSame(rates.map(({ quote, rate, effectiveAtMs }) => [quote, rate, new Date(effectiveAtMs).toISOString()]), [
        ['840', '1.0842', '2026-07-24T00:00:00.000Z'], ['840', '1.0666', '2022-12-30T00:00:00.000Z']
    ]);
});
t.test('each month of the daily file is known, and a day needs no leading zero', async (t) => {
    const days = [
        'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
        'December'
    ]
        .map(async (month) => (await readEcbFile(`Date,USD\n2 ${month} 2026,1`)).firstDay);
    t.strictSame(await Promise.all(days), [...days.keys()].map((month) => new Date(Date.UTC(2026, month, 2)).toISOString().slice(0, 10)));
});
t.test('every rate of a file comes out with its value, and equal ones with one text', async (t) => {
    const row = fc.tuple(fc.option(rateText, { nil: 'N/A' }), fc.option(rateText, { nil: 'N/A' }));
    await holdsAsync(t, fc.asyncProperty(fc.array(row, { minLength: 1 }), async (rows) => {
        const dayOf = (index) => new Date(index * 86_400_000).toISOString().slice(0, 10);
        const { rates } = await readEcbFile([
            'Date,USD,JPY,',
            ...rows.map((cells, index) => `${dayOf(index)},${cells.join(',')},`)
        ].join('\n'));
        const wanted = rows.flatMap((cells, index) => cells.flatMap((rate, column) => rate === 'N/A'
            ? []
            : [`${['840', '392'][column]} ${formatDecimal(parseDecimal(rate) ?? ZERO)} ${Date.parse(dayOf(index))}`]));
        const read = rates.map(({ quote, rate, effectiveAtMs }) => `${quote} ${rate} ${effectiveAtMs}`);
        return isDeepStrictEqual(read, wanted);
    }));
});
for (const [what, text, message] of [
    ['an empty file', '', /the header must be Date and alphabetic currency codes.*the file has no line below its header/],
    ['a header without rates', 'Date,USD,\n', /^the file has no line below its header$/],
    ['another first column', 'Day,USD,\n2026-07-24,1,\n', /^the header must be Date/],
    ['no column but the date', 'Date,\n2026-07-24,\n', /^the header must be Date/],
    [
        'a column that is no currency',
        'Date,usd,\n2026-07-24,1,\n',
        /^column 2 of the header must be the alphabetic code of a currency other than EUR, not "usd"$/
    ],
    ['the euro in euros', 'Date,EUR,\n2026-07-24,1,\n', /column 2 of the header must be .* other than EUR/],
    [
        'one column twice',
        'Date,USD,USD,\n2026-07-24,1,1,\n',
        /^column 3 of the header is the same as column 2 of the header, and must be unique$/
    ],
    [
        'one day twice',
        'Date,USD,\n2026-07-24,1,\n24 July 2026,2,\n',
        /^line 3 is the same as line 2, and must be unique$/
    ],
    ['a line that is too short', 'Date,USD,JPY,\n2026-07-24,1,\n', /^the file is not a table in CSV: .*line 2/],
    ['an open quote', 'Date,USD,\n"2026-07-24,1,\n', /^the file is not a table in CSV: .*Quote/],
    ['an empty rate', 'Date,USD,\n2026-07-24,,\n', /^line 2, USD, must be a rate above zero or N\/A, not ""$/],
    [
        'a cell behind the last column',
        'Date,USD,\n2026-07-24,1,2\n',
        /^line 2 must have nothing behind the last column of the header, not "2"$/
    ],
    [
        'the zip itself',
        'PK\u0003\u0004\u0014\u0000eurofxref.csv',
        /^the file is a zip: take the CSV file out of it and import that$/
    ],
    ['a rate of zero', 'Date,USD,\n2026-07-24,0.000,\n', /^line 2, USD, must be a rate above zero/],
    ['a negative rate', 'Date,USD,\n2026-07-24,-1,\n', /not "-1"$/],
    [
        'a rate that is no number, of a currency that is no more',
        'Date,HRK,\n2026-07-24,x,\n',
        /^line 2, HRK, must be a rate/
    ],
    [
        'a day that is none of the calendar',
        'Date,USD,\n2026-02-30,1,\n',
        /^line 2 must begin with a day such as 2026-07-24 or 24 July 2026, not with "2026-02-30"$/
    ],
    ['a month that is none', 'Date,USD,\n24 Juli 2026,1,\n', /^line 2 must begin with a day/],
    ['a day in another form', 'Date,USD,\n24.07.2026,1,\n', /^line 2 must begin with a day/],
    ['a day before time', 'Date,USD,\n1969-12-31,1,\n', /^line 2 must begin with a day/]
]) {
    t.test(`${what} is refused with its place`, async (t) => {
        await t.rejects(readEcbFile(text), { name: 'InputError', message });
    });
}
//# sourceMappingURL=ecb-csv.test.js.map