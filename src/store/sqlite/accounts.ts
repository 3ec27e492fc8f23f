import { differencesOf, type NewAccount } from '../../domain/new-account.js'
import type { AccountConflict, AccountCreation, AccountCreationOutcome, AccountStore, TokenAttachment } from '../accounts.js'
import { NOTHING_AHEAD, prepareInsertAccount, prepareReadAccounts } from './account-rows.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { prepareRehearsal } from './rehearsal.js'

/**
 * Prepares what is done with accounts as such: making, listing and deleting them, and putting tokens on them.
 *
 * A deleted account leaves its changes behind, and a row that says where they end. An account that is made under its
 * number later begins a history of its own.
 */
export function prepareAccounts (database: SqliteDatabase, now: () => number, readAhead = NOTHING_AHEAD): AccountStore {
  const accounts = prepareReadAccounts(database, readAhead)
  const insertAccount = prepareInsertAccount(database)
  const history = prepareHistory(database)
  const runOrRehearse = prepareRehearsal(database)
  const findClient = database.prepare<[number]>('SELECT client_id FROM clients WHERE client_id = ?')
  const findByReference = database.prepare<[number, string | undefined], bigint>(
    'SELECT account_id FROM accounts WHERE client_id = ? AND external_reference = ?').pluck()
  const findByToken = database.prepare<[bigint], bigint>('SELECT account_id FROM tokens WHERE token = ?').pluck()
  const insertToken = database.prepare('INSERT INTO tokens (token, account_id) VALUES (?, ?)')
  const deleteToken = database.prepare('DELETE FROM tokens WHERE token = ? AND account_id = ?')
  const deleteTokens = database.prepare('DELETE FROM tokens WHERE account_id = ?')
  const keepHistory = database.prepare(
    `INSERT INTO deleted_accounts (account_id, incarnation, currency, last_change_id, deleted_at_ms)
     SELECT account_id, incarnation, currency, last_change_id, ? FROM accounts WHERE account_id = ?`)
  const deleteAccount = database.prepare('DELETE FROM accounts WHERE account_id = ?')

  /** Tells what keeps one account from being made: nothing, when it is there already and is the same. */
  function conflictsOf (account: NewAccount, index: number): AccountConflict[] {
    const { accountId, clientId, externalReference, tokens } = account
    const existing = accounts.read(accountId)
    if (existing !== undefined) {
      const fields = differencesOf(account, existing)
      return fields.length === 0 ? [] : [{ code: 'account-differs', index, fields }]
    }
    if (findClient.get(clientId) === undefined) return [{ code: 'client-unknown', index, clientId }]
    const conflicts: AccountConflict[] = []
    const referenced = findByReference.get(clientId, externalReference)
    if (referenced !== undefined) conflicts.push({ code: 'external-reference-taken', index, accountId: referenced })
    tokens.forEach((token, tokenIndex) => {
      const holder = findByToken.get(token)
      if (holder !== undefined) conflicts.push({ code: 'token-taken', index, tokenIndex, accountId: holder })
    })
    return conflicts
  }

  function create (wanted: readonly NewAccount[]): AccountCreationOutcome {
    const conflicts = wanted.flatMap(conflictsOf)
    if (conflicts.length > 0) return { kind: 'refused', conflicts }
    const existing = wanted.map(({ accountId }) => accounts.read(accountId))
    if (existing.includes(undefined)) {
      const nowMs = now()
      const operationId = history.insertOperation({ source: 'sandbox', createdAtMs: nowMs })
      wanted.forEach((account, index) => { if (existing[index] === undefined) insertAccount(account, operationId, index, nowMs) })
    }
    const creations = wanted.map(({ accountId }, index): AccountCreation =>
      ({ status: existing[index] === undefined ? 'created' : 'unchanged', account: accounts.read(accountId) as AccountCreation['account'] }))
    return { kind: 'carried-out', creations }
  }

  function remove (accountId: bigint): AccountCreation['account'] | undefined {
    const account = accounts.read(accountId)
    if (account === undefined) return undefined
    keepHistory.run(now(), accountId)
    deleteTokens.run(accountId)
    deleteAccount.run(accountId)
    return account
  }

  function attach (accountId: bigint, token: bigint): TokenAttachment {
    if (accounts.read(accountId) === undefined) return { kind: 'account-unknown' }
    const holder = findByToken.get(token)
    if (holder !== undefined && holder !== accountId) return { kind: 'taken', accountId: holder }
    if (holder === undefined) insertToken.run(token, accountId)
    return { kind: 'attached', account: accounts.read(accountId) as AccountCreation['account'] }
  }

  const createTransaction = database.transaction((wanted: readonly NewAccount[], dryRun: boolean) => runOrRehearse(dryRun, () => create(wanted)))
  const removeTransaction = database.transaction((accountId: bigint, dryRun: boolean) => runOrRehearse(dryRun, () => remove(accountId)))
  const attachTransaction = database.transaction(attach)
  const detachTransaction = database.transaction((accountId: bigint, token: bigint) =>
    deleteToken.run(token, accountId).changes === 0 ? undefined : accounts.read(accountId))

  return {
    readAccount: async (accountId) => accounts.read(accountId),
    listAccounts: async (filter, page) => accounts.list(filter, page),
    createAccounts: async (wanted, dryRun) => createTransaction.immediate(wanted, dryRun),
    deleteAccount: async (accountId, dryRun) => removeTransaction.immediate(accountId, dryRun),
    attachToken: async (accountId, token) => attachTransaction.immediate(accountId, token),
    detachToken: async (accountId, token) => detachTransaction.immediate(accountId, token)
  }
}
