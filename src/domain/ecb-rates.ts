import { parse } from 'csv-parse/sync'
import { findCurrencyByAlphaCode } from './currency.js'
import { excerptOf } from './excerpt.js'
import { Faults, InputError } from './faults.js'
import { readDecimal } from './fields.js'
import { canonicalRate, type Rate } from './rates.js'
import { parseTimestamp } from './timestamp.js'

/** What a file of the European Central Bank's euro foreign exchange reference rates holds. */
export interface EcbFile {
  /** One euro is worth so many. Each holds from its day at 00:00 UTC on. */
  readonly rates: readonly Rate[]
  /** How many days the file has rates of. */
  readonly days: number
  /** As `2026-07-24`. */
  readonly firstDay: string
  readonly lastDay: string
  /** Rates in currencies that ISO 4217 no longer has, by alphabetic code. */
  readonly skipped: ReadonlyMap<string, number>
}

/** ISO 4217 numeric code of the euro, the base of every rate. */
const EURO = '978'

/** What a zip begins with (APPNOTE, section 4.3.7). The ECB publishes its CSV files in one each. */
const ZIP_SIGNATURE = 'PK\u0003\u0004'

/** What stands where a currency had no rate on a day. */
const NO_RATE = 'N/A'

const RATE = /^(0|[1-9]\d{0,17})(\.\d{1,18})?$/

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** Far longer than any line of the ECB's, which has about 40 columns of about 8 characters. */
const LINE_LENGTH_MAX = 10_000

/**
 * Reads the ECB's daily (`eurofxref.csv`) or historical (`eurofxref-hist.csv`) file of reference rates: a header
 * `Date,USD,JPY,…,` and one line a day, each with a comma at its end. The daily file writes `24 July 2026` and
 * spaces behind its commas, the historical one `2026-07-24`.
 *
 * The file gives days and no times; the ECB publishes the rates of a day at about 16:00 CET of it. Here they
 * hold from the beginning of their day in UTC, so that a conversion on a day uses the rate of that day.
 *
 * @throws InputError with the lines that are wrong; then nothing of the file is to be used
 */
export function readEcbFile (text: string): EcbFile {
  if (text.startsWith(ZIP_SIGNATURE)) throw new InputError(['the file is a zip: take the CSV file out of it and import that'])
  refuseLongLines(text)
  const faults = new Faults()
  const rates: Rate[] = []
  const skipped = new Map<string, number>()
  const days: string[] = []
  let currencies: readonly string[] | undefined

  function readDayOfRates ([date = '', ...cells]: readonly string[], line: number, codes: readonly string[]): void {
    const day = readDay(date)
    days.push(day ?? date)
    if (day === undefined) {
      faults.add(`line ${line}`, `must begin with a day such as 2026-07-24 or 24 July 2026, not with ${excerptOf(date)}`)
      return
    }
    faults.requireUnique('day', `line ${line}`, day)
    const behind = cells.slice(codes.length).join('')
    if (behind !== '') faults.add(`line ${line}`, `must have nothing behind the last column of the header, not ${excerptOf(behind)}`)
    codes.forEach((alphaCode, column) => {
      const cell = cells[column] as string // Every line has as many cells as the header, or it would not have been read.
      if (cell === NO_RATE) return
      const quote = findCurrencyByAlphaCode(alphaCode)?.numericCode
      if (!isRate(cell)) faults.add(`line ${line}, ${alphaCode},`, `must be a rate above zero or ${NO_RATE}, not ${excerptOf(cell)}`)
      else if (quote === undefined) skipped.set(alphaCode, (skipped.get(alphaCode) ?? 0) + 1)
      else rates.push({ base: EURO, quote, rate: canonicalRate(cell), effectiveAtMs: Date.parse(startOf(day)) })
    })
  }

  readLines(text, (cells, line) => {
    if (currencies !== undefined) return readDayOfRates(cells, line, currencies)
    currencies = readHeader(cells, faults)
    return undefined
  })
  if (currencies === undefined) readHeader([], faults)
  if (days.length === 0) faults.add('the file', 'has no line below its header')
  faults.refuse()
  days.sort()
  return { rates, days: days.length, firstDay: days.at(0) as string, lastDay: days.at(-1) as string, skipped }
}

/** A line of commas alone would become millions of cells. */
function refuseLongLines (text: string): void {
  let start = 0
  for (let line = 1; start <= text.length; line += 1) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    if (end - start > LINE_LENGTH_MAX) throw new InputError([`line ${line} has more than ${LINE_LENGTH_MAX} characters, which no line of the ECB's files has`])
    start = end + 1
  }
}

/**
 * Hands each line over as it is read, so that whatever `take` throws ends the reading.
 *
 * @param take the cells of a line, and its number
 * @throws InputError where the text is not a table
 */
function readLines (text: string, take: (cells: readonly string[], line: number) => void): void {
  try {
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => { take(cells, lines) }
    })
  } catch (error) {
    // The options are ours and right, so that whatever the parser itself throws is about the text.
    throw error instanceof InputError ? error : new InputError([`the file is not a table in CSV: ${(error as Error).message}`])
  }
}

/** @returns the alphabetic codes of the columns behind the date, without the empty one behind the last comma */
function readHeader ([first, ...columns]: readonly string[], faults: Faults): string[] {
  const codes = columns.at(-1) === '' ? columns.slice(0, -1) : [...columns]
  if (first !== 'Date' || codes.length === 0) faults.add('the header', 'must be Date and alphabetic currency codes, as in the files of the ECB')
  codes.forEach((code, index) => {
    const place = `column ${index + 2} of the header`
    if (!/^[A-Z]{3}$/.test(code) || code === 'EUR') faults.add(place, `must be the alphabetic code of a currency other than EUR, not ${excerptOf(code)}`)
    faults.requireUnique('column', place, code)
  })
  return codes
}

/** @returns the day as `2026-07-24`, or undefined when the calendar has no such day from 1970 on */
function readDay (text: string): string | undefined {
  const [, dayOfMonth = '', month = '', year = ''] = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text) ?? []
  const day = year === '' ? text : `${year}-${twoDigits(MONTHS.indexOf(month) + 1)}-${dayOfMonth.padStart(2, '0')}`
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && parseTimestamp(startOf(day)) !== undefined ? day : undefined
}

function startOf (day: string): string {
  return `${day}T00:00:00Z`
}

function twoDigits (value: number): string {
  return String(value).padStart(2, '0')
}

function isRate (cell: string): boolean {
  return RATE.test(cell) && readDecimal(cell).coefficient > 0n
}
