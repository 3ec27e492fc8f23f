/**
 * Parameters of addresses. An address holds only text, and validation reads it as text. The document shows clients
 * the type that the text writes: a whole number or a truth value.
 */
import { Type } from '@sinclair/typebox';
import { ruled } from './rule.js';
/** How many items a page has when nothing is said. */
export const DEFAULT_PAGE_LIMIT = 100;
/** How many items a page has at most. */
export const MAX_PAGE_LIMIT = 1000;
const INT32 = ruled('^[1-9][0-9]{0,9}$', 'a whole number from 1 to 2147483647');
const PAGE_LIMIT = ruled('^([1-9][0-9]{0,2}|1000)$', `a whole number from 1 to ${MAX_PAGE_LIMIT}`);
const JOB_ID = ruled('^[1-9][0-9]{0,14}$', 'the number of a balance file, such as 456');
const STATUS = ruled('^[1-5]([0-9]{2}|xx)$', 'an HTTP status such as 409, or a class such as 4xx');
/** The documented type of each text that stands for a whole number, by its pattern. All of them fit a double. */
export const WHOLE_NUMBERS = new Map([
    [INT32.pattern, { type: 'integer', format: 'int32', minimum: 1, maximum: 2 ** 31 - 1 }],
    [
        PAGE_LIMIT.pattern,
        { type: 'integer', format: 'int32', minimum: 1, maximum: MAX_PAGE_LIMIT, default: DEFAULT_PAGE_LIMIT }
    ],
    [JOB_ID.pattern, { type: 'integer', format: 'int64', minimum: 1, maximum: 10 ** 15 - 1 }]
]);
/** A whole number of 32 bits from 1 upwards. */
export function Int32Text(options) {
    return Type.String({ ...INT32, ...options });
}
/** How many items a page may have. */
export function PageLimitText(options) {
    return Type.String({ ...PAGE_LIMIT, ...options });
}
/** The number of a balance file. */
export function JobIdText(options) {
    return Type.String({ ...JOB_ID, ...options });
}
/** An HTTP status, or a class of them such as `4xx`. */
export function StatusText(options) {
    return Type.String({ ...STATUS, ...options });
}
/** `true` or `false`, and nothing else. */
export function BooleanText(options) {
    return Type.Unsafe({ type: 'string', enum: ['true', 'false'], ...options });
}
//# sourceMappingURL=address.js.map