/** A number as JSON writes it (RFC 8259, section 6). */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A number of JavaScript keeps this many digits, whatever they are. */
const DOUBLE_DIGITS = 15;
/**
 * Writes the body of a request as JSON, with exact numbers: what stands as a text at one of these places is written as
 * the number that it spells, digit by digit.
 *
 * @param places names joined by points; `*` stands for each item of a list: `balance_list.*.input_id`
 * @throws TypeError naming a place whose value is no exact number
 */
export function writeExactBody(body, places) {
    return write(body, { places, pattern: '', path: '' });
}
function write(value, place) {
    if (place.places.has(place.pattern) && (typeof value === 'string' || typeof value === 'number')) {
        return writeNumber(value, place.path);
    }
    if (Array.isArray(value)) {
        return `[${value.map((item, index) => write(item, stepInto(place, '*', `[${index}]`))).join()}]`;
    }
    if (typeof value !== 'object' || value === null || 'toJSON' in value)
        return JSON.stringify(value) ?? 'null';
    const members = Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]) => `${JSON.stringify(name)}:${write(member, stepInto(place, name, place.path === '' ? name : `.${name}`))}`);
    return `{${members.join()}}`;
}
function stepInto({ places, pattern, path }, step, shown) {
    return { places, pattern: pattern === '' ? step : `${pattern}.${step}`, path: `${path}${shown}` };
}
function writeNumber(value, path) {
    const text = String(value);
    if (typeof value === 'number' && text.replaceAll(/\D/g, '').length > DOUBLE_DIGITS) {
        throw new TypeError(`${path} has more digits than a number of JavaScript keeps. Give it as a text in quotation ` +
            'marks');
    }
    if (JSON_NUMBER.test(text))
        return text;
    throw new TypeError(`${path} must be a number, or a text that spells one as JSON does, and not ` +
        JSON.stringify(text));
}
//# sourceMappingURL=exact-body.js.map