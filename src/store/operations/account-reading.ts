import { newCard, type CardState } from '../../domain/card.js'
import { reading, slicedReading, type Context, type Slice } from '../engine.js'
import type { AccountFilter, AccountRecord } from '../port/accounts.js'
import type { Page, PageRequest } from '../port/page.js'
import { all, eachAll, eachFirst, int8, sql, statement, type Operation, type Sql } from '../sql.js'
import { knownAccountOf, SELECT_ACCOUNTS, type AccountRow } from './known-accounts.js'
import { pageOf } from './page.js'

const FIND_ACCOUNT = statement`SELECT account_id, incarnation, client_id, currency, external_reference,
    actual, blocked, last_change_id, position, updated_at_ms
  FROM accounts JOIN balances USING (account_id) WHERE account_id = ${int8}`

const FIND_TOKENS = statement`SELECT token, state, expiry FROM tokens WHERE account_id = ${int8} ORDER BY token`

/** Reads accounts with their tokens, each undefined where there is none. */
export function * findAccounts (
  accountIds: readonly bigint[], context: Context
): Operation<Array<AccountRecord | undefined>> {
  const rows = yield * eachFirst<AccountRow>(FIND_ACCOUNT, accountIds.map((accountId) => [accountId]))
  const found = yield * recordsOf(rows.filter((row) => row !== undefined), context)
  const byNumber = new Map(found.map((account) => [account.accountId, account]))
  return accountIds.map((accountId) => byNumber.get(accountId))
}

/** Reads one account with its tokens. */
export const readAccount = reading(function * (context, accountId: bigint): Operation<AccountRecord | undefined> {
  const [account] = yield * findAccounts([accountId], context)
  return account
})

/** Lists the accounts by their numbers. */
export const listAccounts = reading(function * (
  context, filter: AccountFilter, { from = 1n, limit }: PageRequest
): Operation<Page<AccountRecord>> {
  const rows = yield * all<AccountRow>(sql`${SELECT_ACCOUNTS}
    WHERE account_id >= ${from}${conditionOf(filter)} ORDER BY account_id LIMIT ${BigInt(limit + 1)}`)
  const page = pageOf(rows, limit, (row) => row.account_id, (row) => row)
  return { items: yield * recordsOf(page.items, context), next: page.next }
})

/** How many accounts are read at a time where all are. */
const SLICE_ACCOUNTS = 500

/** Reads all accounts by their numbers. */
export const readAllAccounts = slicedReading(function * (
  context, from: bigint | undefined
): Operation<Slice<bigint, AccountRecord>> {
  return yield * listAccounts.work(context, EVERY_ACCOUNT, { from, limit: SLICE_ACCOUNTS })
})

const EVERY_ACCOUNT: AccountFilter = {
  clientId: undefined,
  currency: undefined,
  externalReference: undefined,
  token: undefined
}

/** What narrows a list. A reference alone goes through each client's, because the index begins with the client. */
function conditionOf ({ clientId, currency, externalReference, token }: AccountFilter): Sql {
  const ofClient = clientId === undefined ? sql`` : sql` AND client_id = ${BigInt(clientId)}`
  const inCurrency = currency === undefined ? sql`` : sql` AND currency = ${currency}`
  const referenced = externalReference === undefined
    ? sql``
    : sql` AND external_reference = ${externalReference} AND client_id IN (SELECT client_id FROM clients)`
  const held = token === undefined
    ? sql``
    : sql` AND account_id = (SELECT account_id FROM tokens WHERE token = ${token})`
  return sql`${ofClient}${inCurrency}${referenced}${held}`
}

interface CardRow {
  token: bigint
  state: CardState
  expiry: string | null
}

function * recordsOf (rows: readonly AccountRow[], context: Context): Operation<AccountRecord[]> {
  const cards = yield * eachAll<CardRow>(FIND_TOKENS, rows.map((row) => [row.account_id]))
  return rows.map((row, index) => {
    const { accountId, clientId, currency, externalReference, balances } = knownAccountOf(row, context)
    return {
      accountId,
      clientId,
      currency,
      externalReference,
      balances,
      cards: (cards[index] as readonly CardRow[]).map(({ token, ...card }) => newCard(token, card)),
      updatedAt: new Date(Number(row.updated_at_ms))
    }
  })
}
