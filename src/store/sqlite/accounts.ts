import type { AccountRecord } from '../store.js'
import type { SqliteDatabase } from './database.js'
import { currencyOf } from './rows.js'

interface AccountRow {
  account_id: bigint
  client_id: bigint
  currency: string
  external_reference: string | null
  actual_balance: bigint
  blocked_balance: bigint
  updated_at_ms: bigint
}

/** Prepares the reading of one account with its tokens, both as of one moment. */
export function prepareReadAccount (database: SqliteDatabase): (accountId: bigint) => AccountRecord | undefined {
  const findAccount = database.prepare<[bigint], AccountRow>(
    `SELECT account_id, client_id, currency, external_reference, actual_balance, blocked_balance, updated_at_ms
     FROM accounts WHERE account_id = ?`)
  const findTokens = database.prepare<[bigint], bigint>('SELECT token FROM tokens WHERE account_id = ? ORDER BY token').pluck()
  return database.transaction((accountId: bigint) => {
    const row = findAccount.get(accountId)
    if (row === undefined) return undefined
    return {
      accountId: row.account_id,
      clientId: Number(row.client_id),
      currency: currencyOf(row.currency),
      externalReference: row.external_reference ?? undefined,
      tokens: findTokens.all(accountId),
      balances: { actual: row.actual_balance, blocked: row.blocked_balance },
      updatedAt: new Date(Number(row.updated_at_ms))
    }
  })
}
