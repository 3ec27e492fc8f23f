import { numericCodeOf, type Currency } from './currency.js'
import type { Shadow, ShadowBalance } from './issuer-outcome.js'

/**
 * Finds the balances of an account in what its issuer stated: those in the account's currency, or else the only ones,
 * to be converted (reference, 2.2). Where more than one could be meant, none is.
 *
 * @returns the balances, or why there are none
 */
export function statedBalance (shadow: Shadow, currency: Currency): ShadowBalance | string {
  if (shadow.kind === 'unreadable') return shadow.reason
  const { balances } = shadow
  const own = balances.filter((balance) => numericCodeOf(balance.currency) === currency.numericCode)
  const [stated = balances[0]] = own
  if (own.length === 1 || balances.length === 1) return stated
  return `SHADOW.balances must have one balance in ${currency.alphaCode}, or one balance in all; ` +
    `it has ${own.length} of ${balances.length}`
}
