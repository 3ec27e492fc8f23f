/**
 * A moment, as UTC with nine decimals of a second: `2023-09-05T08:07:34.605000000Z`. All instants have one
 * width, so that their texts sort as they do; the years go from 0000 to 9999.
 */
export type Instant = string

/**
 * RFC 3339, and the same without an offset. Nanoseconds are what Java, and so the original, can hold. A leap
 * second (`:60`) is not taken, because a computer's count of seconds has no place for it.
 */
const DATE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))?$/i

/** How many characters the date and the time have before their fraction. */
const SECONDS_LENGTH = 19

const MS_PER_MINUTE = 60_000

/**
 * Reads a date and time exactly, to the nanosecond.
 *
 * @param text RFC 3339; without an offset it is UTC
 * @returns undefined for a text in another form, and for a date or a time that does not exist (30 February, 24:00)
 */
export function parseInstant (text: string): Instant | undefined {
  const match = DATE_TIME.exec(text)
  if (match === null) return undefined
  const [, local, fraction = '', sign = '+', hours = '0', minutes = '0'] = match
  const localMs = Date.parse(`${local}Z`)
  // Date.parse makes 2 March of 30 February, and the next day of 24:00. Written back, such a date differs.
  if (Number.isNaN(localMs) || secondsOf(localMs) !== local?.toUpperCase()) return undefined
  const offsetMs = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE
  const utc = secondsOf(localMs - offsetMs)
  return /^\d{4}-/.test(utc) ? `${utc}.${fraction.padEnd(9, '0')}Z` : undefined
}

/** Writes an instant with milliseconds, and with more decimals where it has them: `2023-09-05T08:07:34.605Z`. */
export function formatInstant (instant: Instant): string {
  return instant.replace(/0{1,6}Z$/, 'Z')
}

function secondsOf (ms: number): string {
  return new Date(ms).toISOString().slice(0, SECONDS_LENGTH)
}
