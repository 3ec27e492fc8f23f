import fc from 'fast-check';
/** Asserts that a property holds. A counterexample is shown in place of `undefined`. */
export function holds(t, property, parameters = {}) {
    t.equal(fc.defaultReportMessage(fc.check(property, parameters)), undefined, 'no counterexample is found');
}
/** Asserts that a property holds whose check has to wait. */
export async function holdsAsync(t, property, parameters = {}) {
    t.equal(await fc.asyncDefaultReportMessage(await fc.check(property, parameters)), undefined, 'no counterexample is found');
}
//# sourceMappingURL=property.js.map