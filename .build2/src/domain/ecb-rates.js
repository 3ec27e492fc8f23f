import { findCurrencyByAlphaCode } from './currency.js';
import { excerptOf } from './excerpt.js';
import { Faults } from './faults.js';
import { readDecimal } from './decimal.js';
import { canonicalRate } from './rates.js';
import { parseTimestamp } from './timestamp.js';
/** ISO 4217 numeric code of the euro, the base of every rate. */
const EURO = '978';
/** What stands where a currency had no rate on a day. */
const NO_RATE = 'N/A';
const RATE = /^(0|[1-9]\d{0,17})(\.\d{1,18})?$/;
const MONTHS = [
    'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
    'December'
];
/**
 * Reads the table of the ECB's daily (`eurofxref.csv`) or historical (`eurofxref-hist.csv`) reference rates line by
 * line: a header `Date,USD,JPY,…,` and one line a day, each with a comma at its end. The daily file writes `24 July
 * 2026`, the historical one `2026-07-24`.
 *
 * The file gives days and no times; the ECB publishes the rates of a day at about 16:00 CET of it. Here they
 * hold from the beginning of their day in UTC, so that a conversion on a day uses the rate of that day.
 */
export class EcbReader {
    #faults = new Faults();
    #rates = [];
    #skipped = new Map();
    #days = [];
    #codes;
    /**
     * Takes the next line, the header first.
     *
     * @param line its number in the file
     * @throws InputError when there are too many faults to read on
     */
    take(cells, line) {
        if (this.#codes === undefined)
            this.#codes = readHeader(cells, this.#faults);
        else
            this.#takeDay(cells, line, this.#codes);
    }
    /** @throws InputError with the lines that are wrong; then nothing of the file is to be used */
    finish() {
        if (this.#codes === undefined)
            readHeader([], this.#faults);
        const days = this.#days.toSorted();
        const [firstDay, lastDay] = [days.at(0), days.at(-1)];
        if (firstDay === undefined || lastDay === undefined)
            this.#faults.add('the file', 'has no line below its header');
        this.#faults.refuse();
        return {
            rates: this.#rates,
            days: days.length,
            firstDay: firstDay,
            lastDay: lastDay,
            skipped: this.#skipped
        };
    }
    #takeDay([date = '', ...cells], line, codes) {
        const day = readDay(date);
        this.#days.push(day ?? date);
        if (day === undefined) {
            this.#faults.add(`line ${line}`, `must begin with a day such as 2026-07-24 or 24 July 2026, not with ${excerptOf(date)}`);
            return;
        }
        this.#faults.requireUnique('day', `line ${line}`, day);
        const behind = cells.slice(codes.length).join('');
        if (behind !== '') {
            this.#faults.add(`line ${line}`, `must have nothing behind the last column of the header, not ${excerptOf(behind)}`);
        }
        const effectiveAtMs = Date.parse(startOf(day));
        // Every line has as many cells as the header, or it would not have been read.
        codes.forEach((alphaCode, column) => {
            this.#takeRate(cells[column], { alphaCode, line, effectiveAtMs });
        });
    }
    #takeRate(cell, { alphaCode, line, effectiveAtMs }) {
        if (cell === NO_RATE)
            return;
        const quote = findCurrencyByAlphaCode(alphaCode)?.numericCode;
        if (!isRate(cell)) {
            this.#faults.add(`line ${line}, ${alphaCode},`, `must be a rate above zero or ${NO_RATE}, not ${excerptOf(cell)}`);
        }
        else if (quote === undefined)
            this.#skipped.set(alphaCode, (this.#skipped.get(alphaCode) ?? 0) + 1);
        else
            this.#rates.push({ base: EURO, quote, rate: canonicalRate(cell), effectiveAtMs });
    }
}
/** @returns the alphabetic codes of the columns behind the date, without the empty one behind the last comma */
function readHeader([first, ...columns], faults) {
    const codes = columns.at(-1) === '' ? columns.slice(0, -1) : [...columns];
    if (first !== 'Date' || codes.length === 0) {
        faults.add('the header', 'must be Date and alphabetic currency codes, as in the files of the ECB');
    }
    codes.forEach((code, index) => {
        const place = `column ${index + 2} of the header`;
        if (!/^[A-Z]{3}$/.test(code) || code === 'EUR') {
            faults.add(place, `must be the alphabetic code of a currency other than EUR, not ${excerptOf(code)}`);
        }
        faults.requireUnique('column', place, code);
    });
    return codes;
}
/** @returns the day as `2026-07-24`, or undefined when the calendar has no such day from 1970 on */
function readDay(text) {
    const [, dayOfMonth = '', month = '', year = ''] = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text) ?? [];
    const day = year === '' ? text : `${year}-${twoDigits(MONTHS.indexOf(month) + 1)}-${dayOfMonth.padStart(2, '0')}`;
    return /^\d{4}-\d{2}-\d{2}$/.test(day) && parseTimestamp(startOf(day)) !== undefined ? day : undefined;
}
function startOf(day) {
    return `${day}T00:00:00Z`;
}
function twoDigits(value) {
    return String(value).padStart(2, '0');
}
function isRate(cell) {
    return RATE.test(cell) && readDecimal(cell).coefficient > 0n;
}
//# sourceMappingURL=ecb-rates.js.map