import type { NewAccountDocument } from '../../schemas/account.js'
import type { Currency } from './currency.js'
import type { Faults } from './faults.js'
import { readAmount, readCurrency, readIdentifier } from './fields.js'
import type { Balances } from './money.js'

/** An account that is to be made. Everything in it can be stored as it is. */
export interface NewAccount {
  readonly clientId: number
  readonly accountId: bigint
  readonly currency: Currency
  readonly externalReference: string | undefined
  readonly balances: Balances
  readonly tokens: readonly bigint[]
}

/**
 * Checks what a schema cannot: that nothing stands twice, and that every amount fits its currency.
 *
 * @param accounts documents that the schema has accepted
 * @param faults where each fault goes, with a place such as `accounts[3].currency`
 * @returns the accounts; of no use when there are faults
 */
export function readNewAccounts (accounts: readonly NewAccountDocument[], faults: Faults): NewAccount[] {
  return accounts.flatMap((account, index) => {
    const place = `accounts[${index}]`
    const { client_id: clientId, external_reference: externalReference } = account
    if (externalReference !== undefined) {
      faults.requireUnique(`external_reference of ${clientId}`, `${place}.external_reference`, externalReference)
    }
    const accountId = readIdentifier('account_id', `${place}.account_id`, account.account_id, faults)
    const tokens = (account.tokens ?? []).map((token, tokenIndex) =>
      readIdentifier('token', `${place}.tokens[${tokenIndex}]`, token, faults))
    const currency = readCurrency(`${place}.currency`, account.currency, faults)
    if (currency === undefined) return []
    const balances = {
      actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
      blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
    }
    if (balances.blocked < 0n) faults.add(`${place}.blocked_balance`, 'must not be negative')
    return [{ clientId, accountId, currency, externalReference, balances, tokens }]
  })
}

/** What an account that exists and one that is to be made under its number can differ in. */
export type AccountDifference = 'client_id' | 'currency' | 'external_reference' | 'actual_balance' | 'blocked_balance' | 'tokens'

/**
 * Compares an account that is to be made with the one that exists under its number, as it is now.
 *
 * @returns nothing when making it again would change nothing. The order of tokens does not count
 */
export function differencesOf (wanted: NewAccount, found: NewAccount): AccountDifference[] {
  const same: Readonly<Record<AccountDifference, boolean>> = {
    client_id: wanted.clientId === found.clientId,
    currency: wanted.currency.numericCode === found.currency.numericCode,
    external_reference: wanted.externalReference === found.externalReference,
    actual_balance: wanted.balances.actual === found.balances.actual,
    blocked_balance: wanted.balances.blocked === found.balances.blocked,
    tokens: wanted.tokens.length === found.tokens.length && wanted.tokens.every((token) => found.tokens.includes(token))
  }
  return (Object.keys(same) as AccountDifference[]).filter((field) => !same[field])
}
