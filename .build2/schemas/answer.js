/**
 * Documents one answer in JSON.
 *
 * @param description what leads to this answer
 * @param examples bodies of it, each under a name
 * @param headers those that no rule gives it; see `src/openapi/headers.ts`
 */
export function jsonAnswer(description, schema, examples, headers = {}) {
    const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
    return { description, headers, content: { 'application/json': { schema, examples: named } } };
}
//# sourceMappingURL=answer.js.map