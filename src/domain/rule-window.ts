/** The time over which a rule counts: the time before a payment, or the payment's day, which begins at 00:00 UTC. */
export type RuleWindow =
  | { readonly kind: 'sliding', readonly lengthMs: number, readonly text: string }
  | { readonly kind: 'day' }

const DAY_MS = 86_400_000

/** Longer than any limit that the field counts over. It bounds how many payments a decision reads. */
const MAX_DAYS = 366

/** The durations of ISO 8601 that have a fixed length. Each part is optional, and at least one is there. */
const DURATION = /^P(?=\d|T\d)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/

const PART_MS = [7 * DAY_MS, DAY_MS, 3_600_000, 60_000, 1000]

/** What a window must be, to follow its place. */
export const WINDOW_RULE = 'must be day (from 00:00 UTC), or a duration such as PT3H, PT24H or P7D (ISO 8601), ' +
  `above zero and at most P${MAX_DAYS}D. Months and years have no fixed length; write days`

/**
 * Reads a window.
 *
 * @returns undefined when {@link WINDOW_RULE} does not hold
 */
export function parseWindow (text: string): RuleWindow | undefined {
  if (text === 'day') return { kind: 'day' }
  const match = DURATION.exec(text)
  if (match === null) return undefined
  const lengthMs = PART_MS.reduce((sum, partMs, part) => sum + partMs * Number(match[part + 1] ?? 0), 0)
  return lengthMs > 0 && lengthMs <= MAX_DAYS * DAY_MS ? { kind: 'sliding', lengthMs, text } : undefined
}

/** Writes a window as it was read. */
export function formatWindow (window: RuleWindow): string {
  return window.kind === 'day' ? 'day' : window.text
}

/**
 * Gives the first millisecond that belongs to the window of a payment, which ends with the payment. A sliding window
 * is `(at − length, at]`: what is exactly one length old is outside.
 */
export function windowStart (window: RuleWindow, atMs: number): number {
  return window.kind === 'day' ? atMs - atMs % DAY_MS : atMs - window.lengthMs + 1
}

/** Gives the time since which a window counts, as the trace shows it (RFC 3339, UTC). */
export function formatSince (window: RuleWindow, atMs: number): string {
  return new Date(window.kind === 'day' ? windowStart(window, atMs) : atMs - window.lengthMs).toISOString()
}
