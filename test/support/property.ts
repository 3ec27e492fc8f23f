import fc from 'fast-check'

/** Asserts that a property holds. A counterexample is shown in place of `undefined`. */
export function holds<Values> (
  t: { equal: (found: unknown, wanted: unknown, message: string) => unknown },
  property: fc.IProperty<Values>,
  parameters: fc.Parameters<Values> = {}
): void {
  t.equal(fc.defaultReportMessage(fc.check(property, parameters)), undefined, 'no counterexample is found')
}
