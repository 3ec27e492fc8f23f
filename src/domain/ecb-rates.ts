import { parse } from 'csv-parse/sync'
import { findCurrencyByAlphaCode } from './currency.js'
import { Faults, InputError } from './faults.js'
import { readDecimal } from './fields.js'
import type { Rate } from './rates.js'
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

/** A record of the file, with the line on which it ends. */
interface Line { record: string[], info: { lines: number } }

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
  const [header, ...lines] = readLines(text)
  const faults = new Faults()
  const currencies = readHeader(header?.record ?? [], faults)
  if (lines.length === 0) faults.add('the file', 'has no line below its header')
  faults.refuse()

  const rates: Rate[] = []
  const skipped = new Map<string, number>()
  const days: string[] = []
  for (const { record: [date = '', ...cells], info: { lines: line } } of lines) {
    const day = readDay(date)
    if (day === undefined) {
      faults.add(`line ${line}`, `must begin with a day such as 2026-07-24 or 24 July 2026, not with ${JSON.stringify(date)}`)
      continue
    }
    faults.requireUnique('day', `line ${line}`, day)
    days.push(day)
    const behind = cells.slice(currencies.length).join('')
    if (behind !== '') faults.add(`line ${line}`, `must have nothing behind the last column of the header, not ${JSON.stringify(behind)}`)
    currencies.forEach((alphaCode, column) => {
      const cell = cells[column] as string // Every line has as many cells as the header, or it would not have been read.
      if (cell === NO_RATE) return
      const quote = findCurrencyByAlphaCode(alphaCode)?.numericCode
      if (!isRate(cell)) faults.add(`line ${line}, ${alphaCode},`, `must be a rate above zero or ${NO_RATE}, not ${JSON.stringify(cell)}`)
      else if (quote === undefined) skipped.set(alphaCode, (skipped.get(alphaCode) ?? 0) + 1)
      else rates.push({ base: EURO, quote, rate: cell, effectiveAtMs: Date.parse(startOf(day)) })
    })
  }
  faults.refuse()
  days.sort()
  return { rates, days: days.length, firstDay: days.at(0) as string, lastDay: days.at(-1) as string, skipped }
}

function readLines (text: string): Line[] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, info: true }) as unknown as Line[]
  } catch (error) {
    // The options are ours and right, so that whatever the parser throws is about the text.
    throw new InputError([`the file is not a table in CSV: ${(error as Error).message}`])
  }
}

/** @returns the alphabetic codes of the columns behind the date, without the empty one behind the last comma */
function readHeader ([first, ...columns]: readonly string[], faults: Faults): string[] {
  const codes = columns.at(-1) === '' ? columns.slice(0, -1) : [...columns]
  if (first !== 'Date' || codes.length === 0) faults.add('the header', 'must be Date and alphabetic currency codes, as in the files of the ECB')
  codes.forEach((code, index) => {
    const place = `column ${index + 2} of the header`
    if (!/^[A-Z]{3}$/.test(code) || code === 'EUR') faults.add(place, `must be the alphabetic code of a currency other than EUR, not ${JSON.stringify(code)}`)
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
