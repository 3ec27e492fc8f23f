import type { BalanceUpdateItem, PlannedItem } from '../../domain/balance-update.js'

/** An answer as it went out, kept so that it can be given again byte for byte. */
export interface StoredAnswer {
  readonly body: string
  /** The value of the `Preference-Applied` header (RFC 7240), where there was one. */
  readonly preferenceApplied: string | undefined
}

/**
 * What changes balances: a dialect's call, the processor's daily file, the sandbox's own API, the restore of a
 * snapshot, the loading of a scenario, a stand-in decision, or the balances in an issuer's answer (SHADOW).
 */
export type OperationSource =
  | 'paymentology' | 'batch-file' | 'sandbox' | 'snapshot' | 'scenario' | 'stand-in' | 'shadow'

/** What lets a request be sent again and answered as before. */
export interface RequestIdentity {
  /** Unique within the client. */
  readonly identifier: string
  /**
   * Hash of what the request means: equal for two requests that mean the same. Made by the domain, which also compares
   * it with stored ones.
   */
  readonly fingerprint: Buffer
}

/** A balance update of accounts of one client. */
export interface BalanceUpdate {
  readonly source: OperationSource
  readonly clientId: number
  /** Undefined for a request that is applied anew each time it comes. */
  readonly identity: RequestIdentity | undefined
  readonly items: readonly BalanceUpdateItem[]
  readonly userId: string | undefined
  readonly remarks: string | undefined
  /** Why somebody set balances by hand. */
  readonly reason: string | undefined
  /** Whether one failing item keeps all the others from being written. */
  readonly allOrNothing: boolean
  /** The last message of the sandbox that the balances contain, as their sender says (`Stip-Sandbox-As-Of-RID`). */
  readonly asOfRid?: bigint | undefined
  /** Whether the outcome is all that is wanted, and everything written for it is to be taken back. */
  readonly dryRun: boolean
  /** Makes the answer that is stored in the same transaction. Pure. */
  readonly answer: (items: readonly PlannedItem[]) => StoredAnswer
}

/** What became of a balance update. Only after `applied` has anything been written, and of a dry run nothing has. */
export type BalanceUpdateOutcome =
  | { readonly kind: 'applied', readonly answer: StoredAnswer, readonly items: readonly PlannedItem[] }
  /** The identifier was answered before and means the same: this is that answer. */
  | { readonly kind: 'replayed', readonly answer: StoredAnswer }
  /** The identifier was answered before, for another content. */
  | { readonly kind: 'identifier-reused' }
  /** An item failed, and the update was all or nothing. */
  | { readonly kind: 'refused', readonly items: readonly PlannedItem[] }

export interface BalanceUpdateStore {
  updateBalances (update: BalanceUpdate): Promise<BalanceUpdateOutcome>
}
