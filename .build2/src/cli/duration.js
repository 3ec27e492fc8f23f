const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/**
 * Reads a duration such as `90d`: a whole number of minutes (m), hours (h), days (d) or weeks (w).
 *
 * @returns milliseconds, or undefined for a text in another form
 */
export function parseDuration(text) {
    const [, count, unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
    const unitMs = UNIT_MS[unit];
    return unitMs === undefined ? undefined : Number(count) * unitMs;
}
//# sourceMappingURL=duration.js.map