import { newCard, type CardDocument, type TokenCard } from './card.js'
import type { Currency } from './currency.js'
import type { Faults } from './faults.js'
import { readAmount, readCurrency, readIdentifier } from './fields.js'
import type { Balances } from './money.js'

/** An account that is to be made, as a document has it. Amounts are in major units. */
export interface NewAccountDocument {
  readonly client_id: number
  readonly account_id: string
  /** ISO 4217 code, numeric or alphabetic. */
  readonly currency: string
  readonly external_reference?: string
  readonly actual_balance: string
  readonly blocked_balance: string
  /** A bare token is a card that is active for ever. */
  readonly tokens?: Array<string | CardDocument>
}

/** An account that is to be made. Everything in it can be stored as it is. */
export interface NewAccount {
  readonly clientId: number
  readonly accountId: bigint
  readonly currency: Currency
  readonly externalReference: string | undefined
  readonly balances: Balances
  readonly cards: readonly TokenCard[]
}

/**
 * Checks what a schema cannot: that nothing stands twice, and that every amount fits its currency.
 *
 * @param accounts documents that the schema has accepted
 * @param faults where each fault goes, with a place such as `accounts[3].currency`
 * @param from the place of the first of them
 * @returns the accounts; of no use when there are faults
 */
export function readNewAccounts (
  accounts: readonly NewAccountDocument[], faults: Faults, from = 0
): NewAccount[] {
  return accounts.flatMap((account, index) => {
    const place = `accounts[${from + index}]`
    const { client_id: clientId, external_reference: externalReference } = account
    if (externalReference !== undefined) {
      faults.requireUnique(`external_reference of ${clientId}`, `${place}.external_reference`, externalReference)
    }
    const accountId = readIdentifier('account_id', `${place}.account_id`, account.account_id, faults)
    const cards = (account.tokens ?? []).map((card, index) => readCard(`${place}.tokens[${index}]`, card, faults))
    const currency = readCurrency(`${place}.currency`, account.currency, faults)
    if (currency === undefined) return []
    const balances = {
      actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
      blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
    }
    if (balances.blocked < 0n) faults.add(`${place}.blocked_balance`, 'must not be negative')
    return [{ clientId, accountId, currency, externalReference, balances, cards }]
  })
}

function readCard (place: string, card: string | CardDocument, faults: Faults): TokenCard {
  if (typeof card === 'string') return newCard(readIdentifier('token', place, card, faults))
  return newCard(readIdentifier('token', `${place}.token`, card.token, faults), card)
}

/** Writes a card. One that is active for ever is a bare token. */
export function writeCard ({ token, state, expiry }: TokenCard): string | CardDocument {
  if (state === 'active' && expiry === undefined) return token.toString()
  return { token: token.toString(), state, ...expiry === undefined ? {} : { expiry } }
}

/** What an account that exists and one that is to be made under its number can differ in. */
export type AccountDifference =
  | 'client_id'
  | 'currency'
  | 'external_reference'
  | 'actual_balance'
  | 'blocked_balance'
  | 'tokens'
  | 'tokens.state'
  | 'tokens.expiry'

/**
 * Compares an account that is to be made with the one that exists under its number, as it is now.
 *
 * @returns nothing when making it again would change nothing. The order of tokens does not count
 */
export function differencesOf (wanted: NewAccount, found: NewAccount): AccountDifference[] {
  const now = new Map(found.cards.map((card) => [card.token, card]))
  const pairs = wanted.cards.flatMap((card) => {
    const same = now.get(card.token)
    return same === undefined ? [] : [[card, same] as const]
  })
  const same: Readonly<Record<AccountDifference, boolean>> = {
    client_id: wanted.clientId === found.clientId,
    currency: wanted.currency.numericCode === found.currency.numericCode,
    external_reference: wanted.externalReference === found.externalReference,
    actual_balance: wanted.balances.actual === found.balances.actual,
    blocked_balance: wanted.balances.blocked === found.balances.blocked,
    tokens: pairs.length === wanted.cards.length && pairs.length === found.cards.length,
    'tokens.state': pairs.every(([card, now]) => card.state === now.state),
    'tokens.expiry': pairs.every(([card, now]) => card.expiry === now.expiry)
  }
  return (Object.keys(same) as AccountDifference[]).filter((field) => !same[field])
}

/** Why an account conflicts with the database. `index` is its place in the list. */
export type AccountConflict =
  | { readonly code: 'client-unknown', readonly index: number, readonly clientId: number }
  | { readonly code: 'account-differs', readonly index: number, readonly fields: readonly AccountDifference[] }
  | { readonly code: 'external-reference-taken', readonly index: number, readonly accountId: bigint }
  | { readonly code: 'token-taken', readonly index: number, readonly tokenIndex: number, readonly accountId: bigint }

/** The rows that a new account may conflict with. */
export interface AccountSurroundings {
  /** The account that has its number. */
  readonly existing: NewAccount | undefined
  readonly isClientKnown: boolean
  /** The account of its client that has its external reference. */
  readonly referenceHolder: bigint | undefined
  /** The account that holds each of its tokens, in the order of these. */
  readonly tokenHolders: ReadonlyArray<bigint | undefined>
}

/**
 * Tells what keeps one account from being made: nothing, when it is there already and is the same.
 *
 * A difference to the account that has the number comes first, then an unknown client; a taken reference and taken
 * tokens are named together.
 */
export function findAccountConflicts (
  account: NewAccount, index: number,
  { existing, isClientKnown, referenceHolder, tokenHolders }: AccountSurroundings
): AccountConflict[] {
  if (existing !== undefined) {
    const fields = differencesOf(account, existing)
    return fields.length === 0 ? [] : [{ code: 'account-differs', index, fields }]
  }
  if (!isClientKnown) return [{ code: 'client-unknown', index, clientId: account.clientId }]
  const conflicts: AccountConflict[] = []
  if (referenceHolder !== undefined) {
    conflicts.push({ code: 'external-reference-taken', index, accountId: referenceHolder })
  }
  tokenHolders.forEach((holder, tokenIndex) => {
    if (holder !== undefined) conflicts.push({ code: 'token-taken', index, tokenIndex, accountId: holder })
  })
  return conflicts
}
