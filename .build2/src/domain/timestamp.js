import { parseInstant } from './instant.js';
/** The beginning of time: nothing of before it is kept. */
export const BEGINNING = '1970-01-01T00:00:00Z';
/** What a time must be, to follow its place. */
export const TIMESTAMP_RULE = `must be a time such as 2026-01-31T08:15:30.123Z (RFC 3339), not before ${BEGINNING}, ` +
    'with at most three decimals of a second';
/** How many characters an instant has down to its milliseconds. */
const MILLISECONDS_LENGTH = 23;
/**
 * Reads a time that is kept to the millisecond. One that is finer is refused, because the rest would be lost silently.
 *
 * @returns milliseconds since {@link BEGINNING}, or undefined when {@link TIMESTAMP_RULE} does not hold
 */
export function parseTimestamp(text) {
    const instant = parseInstant(text);
    if (instant === undefined || !instant.endsWith('000000Z'))
        return undefined;
    const milliseconds = Date.parse(`${instant.slice(0, MILLISECONDS_LENGTH)}Z`);
    return milliseconds >= 0 ? milliseconds : undefined;
}
//# sourceMappingURL=timestamp.js.map