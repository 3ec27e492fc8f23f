/**
 * Reads which message of the sandbox the balances of a request contain at last.
 *
 * @param headers that the schema has accepted
 * @returns undefined where the sender does not say
 */
export function readAsOfRid (headers: { readonly 'stip-sandbox-as-of-rid'?: string }): bigint | undefined {
  const digits = headers['stip-sandbox-as-of-rid']
  return digits === undefined ? undefined : BigInt(digits)
}
