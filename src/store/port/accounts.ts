import type { CardWish } from '../../domain/card.js'
import type { AccountConflict, NewAccount } from '../../domain/new-account.js'
import type { Page, PageRequest } from './page.js'

/** An account as it is read: its cards are in ascending order of their tokens. */
export interface AccountRecord extends NewAccount {
  /** When its balances were last set. */
  readonly updatedAt: Date
}

/** Which of the accounts that ever had one number. A number may be given anew after its account was deleted. */
export interface AccountIncarnation {
  /** 1 for the first account under the number, 2 for the next one, and so on. */
  readonly incarnation: number
  /** When the account was deleted; undefined while it is there. */
  readonly deletedAt: Date | undefined
}

/** Which accounts a list holds. An undefined filter does not count. */
export interface AccountFilter {
  readonly clientId: number | undefined
  /** ISO 4217 numeric code. */
  readonly currency: string | undefined
  readonly externalReference: string | undefined
  readonly token: bigint | undefined
}

/** An account that was made, or that was there already and is the same. */
export interface AccountCreation {
  readonly status: 'created' | 'unchanged'
  readonly account: AccountRecord
}

/**
 * What became of accounts that were to be made. Only after `carried-out` has anything been written, and of a dry run
 * nothing has.
 */
export type AccountCreationOutcome =
  | { readonly kind: 'carried-out', readonly creations: readonly AccountCreation[] }
  | { readonly kind: 'refused', readonly conflicts: readonly AccountConflict[] }

/** What became of a token that was to be attached. `taken` tells the account that it is on. */
export type TokenAttachment =
  | { readonly kind: 'attached', readonly account: AccountRecord }
  | { readonly kind: 'account-unknown' }
  | { readonly kind: 'taken', readonly accountId: bigint }

export interface AccountStore {
  readAccount (accountId: bigint): Promise<AccountRecord | undefined>
  /** Lists the accounts by their numbers. */
  listAccounts (filter: AccountFilter, page: PageRequest): Promise<Page<AccountRecord>>
  /** Makes all of the accounts, or none. What they begin with is the first row of their history. */
  createAccounts (accounts: readonly NewAccount[], dryRun: boolean): Promise<AccountCreationOutcome>
  /**
   * Deletes an account with its tokens. What it did stays in the history.
   *
   * @returns the account as it was, or undefined when there is none
   */
  deleteAccount (accountId: bigint, dryRun: boolean): Promise<AccountRecord | undefined>
  /** Attaches a token, where it is not on the account already, and sets what is wished of its card. */
  attachToken (accountId: bigint, token: bigint, wish?: CardWish): Promise<TokenAttachment>
  /** @returns undefined when there is no such token on this account */
  detachToken (accountId: bigint, token: bigint): Promise<AccountRecord | undefined>
}
