import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js';
import { Conversion, ConversionParameters, PutRatesRequest, PutRatesResponse, Rate, RatePage, RateParameters } from '../../../schemas/sandbox/rates.js';
import { numericCodeOf } from '../../domain/currency.js';
import { convert, formatRate } from '../../domain/exchange.js';
import { Faults, InputError } from '../../domain/faults.js';
import { readAmount, readCurrency } from '../../domain/fields.js';
import { formatAmount } from '../../domain/money.js';
import { readRates } from '../../domain/rates.js';
import { TIMESTAMP_RULE, parseTimestamp } from '../../domain/timestamp.js';
import { sendProblem } from '../../http/problem.js';
import { CURSOR_FAULT, readLimit } from './parameters.js';
const OPERATION = { tags: ['Rates'] };
/** Room for 1000 rates, each written at its longest and with white space. */
const PUT_BODY_LIMIT_BYTES = 512 * 1024;
const PUT_RATES = {
    ...OPERATION,
    operationId: 'putRates',
    summary: 'Publish rates',
    description: 'Publishes 1 to 1000 rates, all or none. Of the rates of a pair that one counts which is the ' +
        'newest at the time of the conversion. A rate takes the place of an earlier one of the same pair and time.',
    body: PutRatesRequest,
    response: {
        200: PutRatesResponse,
        ...COMMON_PROBLEMS,
        ...BODY_PROBLEMS,
        422: faultsResponse('The rates themselves are not right. None was published.', 422, 'rates[1].rate must be above zero')
    }
};
const LIST_RATES = {
    ...OPERATION,
    operationId: 'listRates',
    summary: 'List rates',
    description: 'The published rates, all or only those that count now.',
    querystring: RateParameters,
    response: { 200: RatePage, ...COMMON_PROBLEMS }
};
const READ_CONVERSION = {
    ...OPERATION,
    operationId: 'readConversion',
    summary: 'Convert an amount',
    description: 'What a balance update would make of an amount at a time, and how: the rate that is published, ' +
        'else the inverse of the opposite one, else across the pivot currency. Nothing is written.',
    querystring: ConversionParameters,
    response: {
        200: Conversion,
        ...COMMON_PROBLEMS,
        404: problemResponse('The rates of that time do not connect the two currencies.', {
            title: 'Not Found',
            status: 404,
            detail: 'No exchange rate leads from USD to KES at 2026-01-31T08:15:30.123Z, be it directly, inversely or ' +
                'across 840'
        }),
        422: faultsResponse('The currencies, the amount or the time are not right.', 422, 'amount has more decimals than USD has (2)')
    }
};
/** Publishing and reading exchange rates, and what they make of an amount. */
export const rates = async (app, { store }) => {
    app.put('/rates', {
        bodyLimit: PUT_BODY_LIMIT_BYTES,
        schema: PUT_RATES
    }, async (request) => {
        const faults = new Faults();
        const newRates = readRates(request.body.rates, faults);
        faults.refuse();
        const { rates } = await store.publishRates(newRates);
        return { rates: rates.map(presentRate) };
    });
    app.get('/rates', { schema: LIST_RATES }, async ({ query }, reply) => {
        const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
        if (query.cursor !== undefined && after === undefined)
            return sendProblem(reply, 400, CURSOR_FAULT);
        const filter = {
            base: query.base === undefined ? null : numericCodeOf(query.base),
            quote: query.quote === undefined ? null : numericCodeOf(query.quote),
            currentOnly: query.current === 'true'
        };
        const limit = readLimit(query);
        const found = await store.listRates(filter, after, limit + 1);
        const rates = found.slice(0, limit);
        const last = found.length > limit ? rates.at(-1) : undefined;
        return { rates: rates.map(presentRate), next_cursor: last === undefined ? null : writeCursor(last) };
    });
    app.get('/conversions', { schema: READ_CONVERSION }, async ({ query }, reply) => {
        const { from, to, amount, atMs: askedMs } = readConversionQuery(query);
        const { atMs, conversion, published, pivotCurrency } = await store.findConversion({
            from: from.numericCode,
            to: to.numericCode,
            atMs: askedMs
        });
        const at = new Date(atMs).toISOString();
        if (conversion === undefined) {
            return sendProblem(reply, 404, `No exchange rate leads from ${from.alphaCode} to ${to.alphaCode} at ${at}, be it directly, inversely or ` +
                `across ${pivotCurrency}`);
        }
        const converted = convert(amount, from, to, conversion);
        if (converted === undefined) {
            throw new InputError([`amount converted to ${to.alphaCode} is outside the range of a balance (64 bits of minor ` +
                    'units)']);
        }
        return {
            from: from.numericCode,
            to: to.numericCode,
            amount: formatAmount(amount, from),
            converted_amount: formatAmount(converted, to),
            rate: formatRate(conversion),
            method: conversion.method,
            pivot: conversion.method === 'cross' ? pivotCurrency : null,
            at,
            published_rates: published.map(presentRate)
        };
    });
};
function presentRate({ base, quote, rate, effectiveAtMs }) {
    return { base, quote, rate, effective_at: new Date(effectiveAtMs).toISOString() };
}
/** A rate has no number of its own, so that a page goes on behind the pair and the time of its last one. */
function writeCursor({ base, quote, effectiveAtMs }) {
    return Buffer.from(`${base} ${quote} ${effectiveAtMs}`).toString('base64url');
}
/** @returns undefined for a cursor that we have not written */
function readCursor(cursor) {
    const [, base, quote, effectiveAtMs] = /^(\d{3}) (\d{3}) (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    return base === undefined || quote === undefined ? undefined : { base, quote, effectiveAtMs: Number(effectiveAtMs) };
}
/** @throws InputError with the parameters that are wrong */
function readConversionQuery(query) {
    const faults = new Faults();
    const from = readCurrency('from', query.from, faults);
    const to = readCurrency('to', query.to, faults);
    const atMs = query.at === undefined ? undefined : parseTimestamp(query.at);
    if (query.at !== undefined && atMs === undefined)
        faults.add('at', TIMESTAMP_RULE);
    if (from === undefined || to === undefined)
        throw new InputError(faults.found);
    const amount = readAmount('amount', query.amount, from, faults);
    faults.refuse();
    return { from, to, amount, atMs };
}
//# sourceMappingURL=rates.js.map