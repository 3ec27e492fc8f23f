/** Exchange rates of the sandbox's own API: published rates with the time from which they hold, and conversions. */
import { Type } from '@sinclair/typebox';
import { BooleanText } from '../address.js';
import { Nullable } from '../nullable.js';
import { AmountText, CurrencyCode, RateText, TypedCurrency } from '../numbers.js';
import { DateTimeText } from '../time.js';
import { NextCursor, PageQuery } from './pages.js';
const base = CurrencyCode({ description: 'ISO 4217 numeric code.', examples: ['840'] });
const quote = CurrencyCode({ description: 'ISO 4217 numeric code.', examples: ['404'] });
const typedBase = TypedCurrency({ description: 'ISO 4217 code, numeric or alphabetic.', examples: ['840'] });
const typedQuote = TypedCurrency({ description: 'ISO 4217 code, numeric or alphabetic.', examples: ['404'] });
const rate = RateText({
    description: 'What one unit of the base currency is worth in the quote currency. Above zero.',
    examples: ['129.05']
});
export const RateParameters = Type.Object({
    base: Type.Optional(typedBase),
    quote: Type.Optional(typedQuote),
    current: Type.Optional(BooleanText({
        default: 'false',
        description: 'With `true` only the rate of each pair that counts now.'
    })),
    ...PageQuery.properties
}, { additionalProperties: false });
const NewRate = Type.Object({
    base: typedBase,
    quote: typedQuote,
    rate,
    effective_at: Type.Optional(DateTimeText({
        description: 'From when on the rate holds; at most three decimals of a second. Default: from now on.'
    }))
}, { title: 'NewRate', additionalProperties: false });
export const PutRatesRequest = Type.Object({
    rates: Type.Array(NewRate, { minItems: 1, maxItems: 1000 })
}, {
    title: 'PutRatesRequest',
    additionalProperties: false,
    examples: [{
            rates: [
                { base: '840', quote: '404', rate: '129.05', effective_at: '2026-01-31T08:15:30.123Z' },
                { base: '978', quote: '840', rate: '1.0842' }
            ]
        }]
});
export const Rate = Type.Object({
    base,
    quote,
    rate,
    effective_at: DateTimeText({ description: 'From when on the rate holds, until a newer one of the same pair does.' })
}, { title: 'Rate' });
const example = { base: '840', quote: '404', rate: '129.05', effective_at: '2026-01-31T08:15:30.123Z' };
export const PutRatesResponse = Type.Object({
    rates: Type.Array(Rate)
}, {
    title: 'PutRatesResponse',
    description: 'The rates as they are stored, in the order of the request.',
    examples: [{ rates: [example] }]
});
export const RatePage = Type.Object({
    rates: Type.Array(Rate),
    next_cursor: NextCursor
}, {
    title: 'RatePage',
    description: 'Ordered by base and quote, and of one pair the newest first.',
    examples: [{ rates: [example], next_cursor: null }]
});
/** The ECB's historical file has about 2 MB, and grows by 0.1 MB a year. */
export const ECB_FILE_LIMIT_BYTES = 4 * 1024 * 1024;
export const EcbFile = Type.String({
    description: 'eurofxref.csv or eurofxref-hist.csv as the European Central Bank publishes them, without their zip.',
    examples: [
        'Date, USD, JPY, HRK, \n24 July 2026, 1.0842, 164.11, N/A, \n',
        'Date,USD,JPY,HRK,\n2026-07-24,1.0842,164.11,N/A,\n2022-12-30,1.0666,140.66,7.5365,\n'
    ]
});
const Day = Type.String({ format: 'date' });
export const EcbImport = Type.Object({
    days: Type.Integer({ description: 'How many days the file has rates of.' }),
    first_day: Day,
    last_day: Day,
    rates: Type.Integer({ description: 'How many rates of the file now hold; each from its day at 00:00 UTC on.' }),
    written: Type.Integer({ description: 'How many of them were not there before, or another.' }),
    skipped: Type.Array(Type.Object({
        currency: Type.String({ description: 'ISO 4217 alphabetic code.' }),
        rates: Type.Integer()
    }, { title: 'SkippedRates' }), {
        description: 'Rates that were left out, because ISO 4217 no longer has their currency.'
    })
}, {
    title: 'EcbImport',
    description: 'All of the file was imported, but for what was skipped.',
    examples: [{
            days: 2,
            first_day: '2022-12-30',
            last_day: '2026-07-24',
            rates: 4,
            written: 4,
            skipped: [{ currency: 'HRK', rates: 1 }]
        }]
});
export const ConversionParameters = Type.Object({
    from: TypedCurrency({ description: 'ISO 4217 code of the amount, numeric or alphabetic.', examples: ['840'] }),
    to: TypedCurrency({ description: 'ISO 4217 code to convert to, numeric or alphabetic.', examples: ['404'] }),
    amount: AmountText({ description: 'Major units of `from`, with no more decimals than it has.', examples: ['10.00'] }),
    at: Type.Optional(DateTimeText({ description: 'The time whose rates count. Default: now.' }))
}, { additionalProperties: false });
export const Conversion = Type.Object({
    from: CurrencyCode({}),
    to: CurrencyCode({}),
    amount: AmountText({}),
    converted_amount: Type.String({ description: 'Major units of `to`, rounded once, half to even, to its minor unit.' }),
    rate: Type.String({
        description: 'The exact rate: `1` without a conversion, a decimal, or a fraction of decimals where an inverse ' +
            'rate is in it.',
        examples: ['129.05', '1/129.05']
    }),
    method: Type.String({
        enum: ['none', 'direct', 'inverse', 'cross'],
        description: '`none` is an amount that is in the currency already.'
    }),
    pivot: Nullable(CurrencyCode({}), 'The currency that a cross rate goes through, and else null.'),
    at: DateTimeText({ description: 'The time whose rates counted.' }),
    published_rates: Type.Array(Rate, {
        description: 'The published rates that were used, in the order of the conversion. One that stands against its ' +
            'direction was used as its inverse.'
    })
}, {
    title: 'Conversion',
    description: 'What a balance update would make of the amount.',
    examples: [{
            from: '840',
            to: '404',
            amount: '10.00',
            converted_amount: '1290.50',
            rate: '129.05',
            method: 'direct',
            pivot: null,
            at: '2026-01-31T08:15:30.123Z',
            published_rates: [example]
        }]
});
//# sourceMappingURL=rates.js.map