import { WHOLE_NUMBERS } from '../../schemas/address.js';
/** Documents a parameter by what its text stands for: a whole number, a truth value, or the text itself. */
export function typeParameter(parameter) {
    const { schema, example } = parameter;
    const wholeNumber = WHOLE_NUMBERS.get(schema.pattern ?? '');
    if (wholeNumber !== undefined) {
        return { ...parameter, schema: wholeNumber, ...example === undefined ? {} : { example: Number(example) } };
    }
    if (schema.enum?.join() !== 'true,false')
        return parameter;
    return { ...parameter, schema: { type: 'boolean', default: schema.default === 'true' } };
}
//# sourceMappingURL=parameters.js.map