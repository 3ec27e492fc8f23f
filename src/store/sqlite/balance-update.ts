import { planBalanceUpdate, type PlannedItem } from '../../domain/balance-update.js'
import { isFingerprintOf } from '../../domain/fingerprint.js'
import type { BalanceUpdate, BalanceUpdateOutcome, RequestIdentity, StoredAnswer } from '../store.js'
import type { BalanceAccess } from './balance-access.js'
import { prepareBalanceWriter } from './balance-writer.js'
import type { SqliteDatabase } from './database.js'
import { prepareHistory } from './history.js'
import { prepareRehearsal } from './rehearsal.js'

interface AnsweredRow {
  fingerprint: Buffer
  answer_body: string
  answer_preference: string | null
}

/** Does one bulk balance update at a given time (milliseconds since 1970). */
export type UpdateBalances = (update: BalanceUpdate, nowMs: number) => Promise<BalanceUpdateOutcome>

/**
 * Prepares the bulk balance update. One call is all or nothing: balances, history and the answer to be
 * replayed are written together. Calls that wait at the same time are made durable together.
 *
 * @param pivotCurrency ISO 4217 numeric code of the currency that a cross rate may go through
 */
export function prepareBalanceUpdate (database: SqliteDatabase, access: BalanceAccess, pivotCurrency: string): UpdateBalances {
  const findAnswered = database.prepare<[number, string], AnsweredRow>(
    'SELECT fingerprint, answer_body, answer_preference FROM operations WHERE client_id = ? AND identifier = ? AND answer_body IS NOT NULL')
  const history = prepareHistory(database)
  const balances = prepareBalanceWriter(database, access.accounts, history, pivotCurrency)
  const runOrRehearse = prepareRehearsal(database)

  function write (update: BalanceUpdate, planned: readonly PlannedItem[], nowMs: number): StoredAnswer {
    const answer = update.answer(planned)
    const { source, clientId, identity, userId, remarks, reason } = update
    const operationId = history.insertOperation({
      source, clientId, identifier: identity?.identifier, fingerprint: identity?.fingerprint, answer: identity && answer, userId, remarks, reason, createdAtMs: nowMs
    })
    balances.write(planned, operationId, nowMs)
    return answer
  }

  function findReplay (update: BalanceUpdate): BalanceUpdateOutcome | undefined {
    const { clientId, identity } = update
    if (identity === undefined) return undefined
    const answered = findAnswered.get(clientId, identity.identifier)
    return answered === undefined ? undefined : replay(update, identity, answered)
  }

  function carryOut (update: BalanceUpdate, nowMs: number): BalanceUpdateOutcome {
    const replayed = findReplay(update)
    if (replayed !== undefined) return replayed
    const planned = planBalanceUpdate(update.items, balances.contextFor(update.clientId, nowMs))
    if (update.allOrNothing && planned.some(({ status }) => status === 'failed')) return { kind: 'refused', items: planned }
    return { kind: 'applied', answer: write(update, planned, nowMs), items: planned }
  }

  return async (update, nowMs) => update.dryRun
    ? await access.change(() => runOrRehearse(true, () => carryOut(update, nowMs)))
    : await access.update(() => carryOut(update, nowMs))
}

function replay (update: BalanceUpdate, { fingerprint }: RequestIdentity, answered: AnsweredRow): BalanceUpdateOutcome {
  if (!isFingerprintOf(answered.fingerprint, fingerprint, update)) return { kind: 'identifier-reused' }
  return { kind: 'replayed', answer: { body: answered.answer_body, preferenceApplied: answered.answer_preference ?? undefined } }
}
