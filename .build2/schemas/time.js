import { Type } from '@sinclair/typebox';
/** A point in time as RFC 3339 writes it, for example `2026-01-31T08:15:30.123Z`, exact to the millisecond. */
export function DateTimeText(options) {
    return Type.String({ format: 'date-time', examples: ['2026-01-31T08:15:30.123Z'], ...options });
}
//# sourceMappingURL=time.js.map