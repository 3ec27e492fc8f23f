import type { Account } from '../../domain/balance-update.js'
import type { Balances } from '../../domain/money.js'
import type { NewAccount } from '../../domain/new-account.js'
import type { AccountFilter, AccountRecord } from '../accounts.js'
import type { Page, PageRequest } from '../page.js'
import { prepareCurrencyOf, type CurrencyOf } from './currencies.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { pageOf } from './page.js'

/** An account as its table has it. */
export interface AccountRow {
  account_id: bigint
  client_id: bigint
  currency: string
  external_reference: string | null
  actual_balance: bigint
  blocked_balance: bigint
  updated_at_ms: bigint
}

/** The columns of an {@link AccountRow}. */
export const ACCOUNT_COLUMNS = 'account_id, client_id, currency, external_reference, actual_balance, blocked_balance, updated_at_ms'

/** Gives what planning knows of an account. */
export function accountOfRow (row: AccountRow, currencyOf: CurrencyOf): Account {
  return {
    accountId: row.account_id,
    currency: currencyOf(row.currency),
    externalReference: row.external_reference ?? undefined,
    balances: { actual: row.actual_balance, blocked: row.blocked_balance }
  }
}

/** What an account's newest change has set. */
export interface NewestBalances {
  readonly balances: Balances
  readonly lastChangeId: bigint
  readonly updatedAtMs: number
}

/** Gives what the row of an account does not say yet; undefined when the row is true. */
export type ReadAhead = (accountId: bigint) => NewestBalances | undefined

/** For readers of accounts none of whose rows is behind. */
export const NOTHING_AHEAD: ReadAhead = () => undefined

/** Prepares the writing of what an account's newest change has set. */
export function prepareWriteAccount (database: SqliteDatabase): (accountId: bigint, newest: NewestBalances) => void {
  const update = database.prepare<[bigint, bigint, number, bigint, bigint]>(
    'UPDATE accounts SET actual_balance = ?, blocked_balance = ?, updated_at_ms = ?, last_change_id = ? WHERE account_id = ?')
  return (accountId, { balances: { actual, blocked }, lastChangeId, updatedAtMs }) => {
    update.run(actual, blocked, updatedAtMs, lastChangeId, accountId)
  }
}

const SELECT_ACCOUNTS = `SELECT ${ACCOUNT_COLUMNS} FROM accounts`

/** What narrows a list, by the filter's field. A reference alone goes through each client's, because the index begins with the client. */
const CONDITIONS: Readonly<Record<keyof AccountFilter, string>> = {
  clientId: 'client_id = @clientId',
  currency: 'currency = @currency',
  externalReference: 'external_reference = @externalReference AND client_id IN (SELECT client_id FROM clients)',
  token: 'account_id = (SELECT account_id FROM tokens WHERE token = @token)'
}

export interface AccountReader {
  /** Reads one account with its tokens. */
  readonly read: (accountId: bigint) => AccountRecord | undefined
  /** Lists the accounts by their numbers. */
  readonly list: (filter: AccountFilter, page: PageRequest) => Page<AccountRecord>
}

/** Prepares the reading of accounts, each call as of one moment. */
export function prepareReadAccounts (database: SqliteDatabase, readAhead = NOTHING_AHEAD): AccountReader {
  const findAccount = database.prepare<[bigint], AccountRow>(`${SELECT_ACCOUNTS} WHERE account_id = ?`)
  const findTokens = database.prepare<[bigint], bigint>('SELECT token FROM tokens WHERE account_id = ? ORDER BY token').pluck()
  const currencyOf = prepareCurrencyOf(database)

  function recordOf (row: AccountRow): AccountRecord {
    const account = accountOfRow(row, currencyOf)
    const { balances, updatedAtMs } = readAhead(row.account_id) ?? { balances: account.balances, updatedAtMs: Number(row.updated_at_ms) }
    return { ...account, balances, clientId: Number(row.client_id), tokens: findTokens.all(row.account_id), updatedAt: new Date(updatedAtMs) }
  }

  return {
    read: database.transaction((accountId: bigint) => {
      const row = findAccount.get(accountId)
      return row === undefined ? undefined : recordOf(row)
    }),
    list: database.transaction((filter: AccountFilter, { from = 1n, limit }: PageRequest) => {
      const fields = (Object.keys(CONDITIONS) as Array<keyof AccountFilter>).filter((field) => filter[field] !== undefined)
      const where = ['account_id >= @from', ...fields.map((field) => CONDITIONS[field])].join(' AND ')
      const rows = database.prepare<[object], AccountRow>(`${SELECT_ACCOUNTS} WHERE ${where} ORDER BY account_id LIMIT @count`)
        .all({ ...filter, from, count: limit + 1 })
      return pageOf(rows, limit, (row) => row.account_id, recordOf)
    })
  }
}

/** Makes one account with its tokens, as a part of an operation. What it begins with is the first row of its history. */
export type InsertAccount = (account: NewAccount, operationId: bigint, itemIndex: number, nowMs: number) => void

/** Prepares the making of an account. To be called inside a transaction. */
export function prepareInsertAccount (database: SqliteDatabase): InsertAccount {
  // Where deleted accounts were pruned away, their reports still keep a later account from being taken for one of them.
  const countIncarnations = database.prepare<[{ accountId: bigint }], bigint>(
    `SELECT coalesce(max(incarnation), 0) FROM (
       SELECT max(incarnation) AS incarnation FROM deleted_accounts WHERE account_id = @accountId
       UNION ALL SELECT max(incarnation) FROM reported_balances WHERE account_id = @accountId)`).pluck()
  const insertAccount = database.prepare(
    `INSERT INTO accounts (account_id, incarnation, client_id, currency, external_reference, actual_balance, blocked_balance, updated_at_ms, last_change_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertToken = database.prepare('INSERT INTO tokens (token, account_id) VALUES (?, ?)')
  const history = prepareHistory(database)
  return ({ accountId, clientId, currency, externalReference, balances, tokens }, operationId, itemIndex, nowMs) => {
    const changeId = history.newestChange() + 1n
    history.appendChanges(operationId, [{
      changeId, accountId, currency, previousChangeId: undefined, itemIndex, previous: undefined, next: balances, sent: balances, sentCurrency: currency, rate: '1'
    }])
    const incarnation = (countIncarnations.get({ accountId }) as bigint) + 1n
    insertAccount.run(accountId, incarnation, clientId, currency.numericCode, externalReference, balances.actual, balances.blocked, nowMs, changeId)
    for (const token of tokens) insertToken.run(token, accountId)
  }
}
