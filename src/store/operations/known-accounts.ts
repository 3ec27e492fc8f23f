import type { Account } from '../../domain/balance-update.js'
import type { Balances } from '../../domain/money.js'
import type { Context } from '../engine.js'
import { sql, type Sql } from '../sql.js'

/** An account as an operation needs it. */
export interface KnownAccount extends Account {
  readonly clientId: number
  /** 1 for the first account under its number. */
  readonly incarnation: number
}

/** Where an account's history ends: its newest change, and the place of that, from 1. */
export interface HistoryEnd {
  readonly changeId: bigint
  readonly position: bigint
}

/** An account and its balances, as their tables have them. */
export interface AccountRow {
  account_id: bigint
  incarnation: bigint
  client_id: bigint
  currency: string
  external_reference: string | null
  actual: bigint
  blocked: bigint
  last_change_id: bigint
  position: bigint
  updated_at_ms: bigint
}

/** SELECT of an {@link AccountRow}, to be followed by a condition. */
export const SELECT_ACCOUNTS: Sql = sql`SELECT account_id, incarnation, client_id, currency, external_reference,
  actual, blocked, last_change_id, position, updated_at_ms FROM accounts JOIN balances USING (account_id)`

export function knownAccountOf (row: AccountRow, { currencyOf }: Pick<Context, 'currencyOf'>): KnownAccount {
  return {
    accountId: row.account_id,
    incarnation: Number(row.incarnation),
    clientId: Number(row.client_id),
    currency: currencyOf(row.currency),
    externalReference: row.external_reference ?? undefined,
    balances: balancesOf(row)
  }
}

export function balancesOf ({ actual, blocked }: Pick<AccountRow, 'actual' | 'blocked'>): Balances {
  return { actual, blocked }
}
