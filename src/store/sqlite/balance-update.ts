import { planBalanceUpdate, type Account, type InputType, type PlannedItem } from '../../domain/balance-update.js'
import { formatRate } from '../../domain/exchange.js'
import type { BalanceUpdate, BalanceUpdateOutcome, RequestIdentity, StoredAnswer } from '../store.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { prepareRates } from './rates.js'
import { prepareRehearsal } from './rehearsal.js'
import { currencyOf } from './rows.js'

interface AccountRow {
  account_id: bigint
  currency: string
  external_reference: string | null
  actual_balance: bigint
  blocked_balance: bigint
}

interface AnsweredRow {
  fingerprint: Buffer
  answer_body: string
  answer_preference: string | null
}

/** Does one bulk balance update at a given time (milliseconds since 1970). */
export type UpdateBalances = (update: BalanceUpdate, nowMs: number) => BalanceUpdateOutcome

/**
 * Prepares the bulk balance update. One call is one transaction: balances, history and the answer to be
 * replayed are written together, or nothing is.
 *
 * @param pivotCurrency ISO 4217 numeric code of the currency that a cross rate may go through
 */
export function prepareBalanceUpdate (database: SqliteDatabase, pivotCurrency: string): UpdateBalances {
  const findAnswered = database.prepare<[number, string], AnsweredRow>(
    'SELECT fingerprint, answer_body, answer_preference FROM operations WHERE client_id = ? AND identifier = ?')
  const findByNumber = database.prepare<[bigint, number], AccountRow>(
    `SELECT account_id, currency, external_reference, actual_balance, blocked_balance
     FROM accounts WHERE account_id = ? AND client_id = ?`)
  const findByToken = database.prepare<[bigint, number], AccountRow>(
    `SELECT account_id, currency, external_reference, actual_balance, blocked_balance
     FROM tokens JOIN accounts USING (account_id) WHERE token = ? AND client_id = ?`)
  const updateAccount = database.prepare<[bigint, bigint, number, bigint, bigint]>(
    'UPDATE accounts SET actual_balance = ?, blocked_balance = ?, updated_at_ms = ?, last_change_id = ? WHERE account_id = ?')
  const findRate = prepareRates(database)
  const history = prepareHistory(database)
  const runOrRehearse = prepareRehearsal(database)

  function plan ({ clientId, items }: BalanceUpdate): PlannedItem[] {
    const findAccount = (inputType: InputType, inputId: bigint): Account | undefined => {
      const row = (inputType === 'account' ? findByNumber : findByToken).get(inputId, clientId)
      return row === undefined ? undefined : accountOf(row)
    }
    return planBalanceUpdate(items, { findAccount, findRate, pivotCurrency })
  }

  function write (update: BalanceUpdate, planned: readonly PlannedItem[], nowMs: number): StoredAnswer {
    const answer = update.answer(planned)
    const { source, clientId, identity, userId, remarks, reason } = update
    const kept = identity === undefined ? {} : { ...identity, answer }
    const operationId = history.insertOperation({ source, clientId, ...kept, userId, remarks, reason, createdAtMs: nowMs })
    planned.forEach((entry, itemIndex) => {
      if (entry.status === 'failed') return
      const { account: { accountId, currency }, previous, next, sent, sentCurrency, conversion } = entry
      const rate = formatRate(conversion)
      const changeId = history.appendChange({ accountId, currency, operationId, itemIndex, previous, next, sent, sentCurrency, rate })
      updateAccount.run(next.actual, next.blocked, nowMs, changeId, accountId)
    })
    return answer
  }

  function findReplay ({ clientId, identity }: BalanceUpdate): BalanceUpdateOutcome | undefined {
    if (identity === undefined) return undefined
    const answered = findAnswered.get(clientId, identity.identifier)
    return answered === undefined ? undefined : replay(identity, answered)
  }

  function carryOut (update: BalanceUpdate, nowMs: number): BalanceUpdateOutcome {
    const replayed = findReplay(update)
    if (replayed !== undefined) return replayed
    const planned = plan(update)
    if (update.allOrNothing && planned.some(({ status }) => status === 'failed')) return { kind: 'refused', items: planned }
    return { kind: 'applied', answer: write(update, planned, nowMs) }
  }

  return database.transaction((update: BalanceUpdate, nowMs: number) =>
    runOrRehearse(update.dryRun, () => carryOut(update, nowMs))).immediate
}

function replay (identity: RequestIdentity, answered: AnsweredRow): BalanceUpdateOutcome {
  if (!answered.fingerprint.equals(identity.fingerprint)) return { kind: 'identifier-reused' }
  return { kind: 'replayed', answer: { body: answered.answer_body, preferenceApplied: answered.answer_preference ?? undefined } }
}

function accountOf (row: AccountRow): Account {
  return {
    accountId: row.account_id,
    currency: currencyOf(row.currency),
    externalReference: row.external_reference ?? undefined,
    balances: { actual: row.actual_balance, blocked: row.blocked_balance }
  }
}
