import fc from 'fast-check'

/** What a property needs of the test that asserts it. */
interface PropertyTest {
  equal: (found: unknown, wanted: unknown, message: string) => unknown
}

/** Asserts that a property holds. A counterexample is shown in place of `undefined`. */
export function holds<Values> (
  t: PropertyTest,
  property: fc.IProperty<Values>,
  parameters: fc.Parameters<Values> = {}
): void {
  t.equal(fc.defaultReportMessage(fc.check(property, parameters)), undefined, 'no counterexample is found')
}

/** Asserts that a property holds whose check has to wait. */
export async function holdsAsync<Values> (
  t: PropertyTest, property: fc.IAsyncProperty<Values>, parameters: fc.Parameters<Values> = {}
): Promise<void> {
  t.equal(
    await fc.asyncDefaultReportMessage(await fc.check(property, parameters)), undefined, 'no counterexample is found'
  )
}
