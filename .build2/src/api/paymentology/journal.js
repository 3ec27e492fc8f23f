import { exactInteger, isExactNumber, parseExactJson } from '../../exact-json/parse.js';
import { NO_FACTS, readAnswer } from '../../http/journal-entry.js';
import { formatPreferences, readPreferences } from './preferences.js';
/** What identifiers have at most (Paymentology). */
const IDENTIFIER_LENGTH = 40;
/** How much of a note is kept beside the answer. */
const NOTE_LENGTH = 500;
/** How the journal reads Paymentology's call. */
export const paymentologyJournal = {
    name: 'paymentology',
    prefix: '/ppws',
    describeBody: (body) => {
        const { api_call_unique_identifier: identifier, balance_list: list } = Object(body);
        const items = Array.isArray(list) ? list : undefined;
        return {
            identifier: typeof identifier === 'string' && identifier.length <= IDENTIFIER_LENGTH ? identifier : undefined,
            items: items?.length,
            subjects: items?.map(subjectOf).filter((subject) => subject !== undefined) ?? []
        };
    },
    describeAnswer: (answer) => {
        const { header, body } = readAnswer(answer);
        if (header === undefined)
            return NO_FACTS;
        const notes = [...header.error_id === 0 ? [] : [header.error_desc], ...body?.failed_note ? [body.failed_note] : []];
        return {
            code: String(header.error_id),
            failedItems: body?.total_failed,
            note: notes.length === 0 ? undefined : notes.join('. ').slice(0, NOTE_LENGTH)
        };
    },
    describePreferences: (prefer) => formatPreferences(readPreferences(prefer))
};
/** Names what an item is about. A number that is none of 64 bits names nothing that could be looked for. */
function subjectOf(item) {
    const { input_type: type, input_id: id } = Object(item);
    if ((type !== 'a' && type !== 't') || !isExactNumber(id))
        return undefined;
    const number = exactInteger(id);
    return number === undefined ? undefined : `${type}:${number}`;
}
/** The identifier with its value, as JSON writes them. */
const IDENTIFIER_FIELD = /("api_call_unique_identifier"\s*:\s*)"(?:[^"\\]|\\.)*"/;
/**
 * Puts a new identifier into a body, and changes nothing else of it.
 *
 * @param identifier characters that JSON writes as they are
 * @returns undefined where there is no identifier to put it in the place of
 */
export function renewIdentifier(body, identifier) {
    const renewed = body.replace(IDENTIFIER_FIELD, (_whole, name) => `${name}"${identifier}"`);
    try {
        // The first place in the text may belong to another object.
        const read = parseExactJson(Buffer.from(renewed));
        return read['api_call_unique_identifier'] === identifier ? renewed : undefined;
    }
    catch {
        return undefined;
    }
}
//# sourceMappingURL=journal.js.map