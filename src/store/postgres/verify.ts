import { slicedReading, type Slice } from '../engine.js'
import { all, sql, type Operation } from '../sql.js'
import { COMMON_RULES } from '../verification-rules.js'

/** Where a check goes on: at a rule, or behind an operation whose answer was looked at. */
type Cursor = { readonly rule: number } | { readonly behind: bigint }

/** What a change refers to is there. The history has no constraint for that, because of what it would cost. */
const REFERENCE_RULES = [
  `SELECT 'change ' || change_id || ' of account ' || account_id || ' is one of operation ' || operation_id
    || ', which is not there'
  FROM balance_changes WHERE NOT EXISTS (
    SELECT 1 FROM operations WHERE operations.operation_id = balance_changes.operation_id)`,
  `SELECT 'change ' || change_id || ' of account ' || account_id || ' is in currency ' || currency
    || ' and was sent in ' || sent_currency || ', and one of them is not known'
  FROM balance_changes WHERE NOT EXISTS (SELECT 1 FROM currencies WHERE numeric_code = currency)
    OR NOT EXISTS (SELECT 1 FROM currencies WHERE numeric_code = sent_currency)`
]

const RULES = [...COMMON_RULES, ...REFERENCE_RULES]

/** How many answers are looked at in one statement. */
const SLICE_ANSWERS = 1000n

/**
 * Checks a database against the rules of ours, as of one moment, and gives every fault in words. What PostgreSQL itself
 * holds to (keys, bounds, most references) is not looked at again, once `findSchemaFaults` has found nothing missing.
 */
export const findFaults = slicedReading(function * (
  _context, cursor: Cursor = { rule: 0 }
): Operation<Slice<Cursor, string>> {
  if ('behind' in cursor) return yield * findAnswerFaults(cursor.behind)
  const rows = yield * all<Record<string, string>>({ strings: [RULES[cursor.rule] as string], values: [] })
  const isLast = cursor.rule + 1 === RULES.length
  return { items: rows.flatMap((row) => Object.values(row)), next: isLast ? { behind: 0n } : { rule: cursor.rule + 1 } }
})

/** An answer, and how many changes its operation has. */
interface AnsweredRow {
  operation_id: bigint
  source: string
  answer_body: string
  changes: bigint
}

function * findAnswerFaults (behind: bigint): Operation<Slice<Cursor, string>> {
  const rows = yield * all<AnsweredRow>(sql`SELECT operation_id, source, answer_body,
      (SELECT count(*) FROM balance_changes AS c WHERE c.operation_id = o.operation_id) AS changes
    FROM operations AS o WHERE answer_body IS NOT NULL AND operation_id > ${behind}
    ORDER BY operation_id LIMIT ${SLICE_ANSWERS}`)
  const [pruning] = (yield * all(sql`SELECT before_operation_id FROM pruning`)) as [{ before_operation_id: bigint }]
  const last = rows[Number(SLICE_ANSWERS) - 1]
  return {
    items: rows.flatMap((row) => answerFaultsOf(row, row.operation_id >= pruning.before_operation_id)),
    next: last && { behind: last.operation_id }
  }
}

/** The part of an answer that the check reads. */
interface Answer {
  readonly body?: { readonly total_failed?: unknown, readonly results?: ReadonlyArray<{ readonly status?: unknown }> }
}

/**
 * An operation did what it answered, as long as its changes were not pruned. An answer that does not list its items
 * tells at least that there was one that did not fail.
 */
function answerFaultsOf (
  { operation_id: id, source, answer_body: text, changes }: AnsweredRow, isKept: boolean
): string[] {
  let answer: Answer
  try {
    answer = JSON.parse(text) as Answer
  } catch {
    return [`operation ${id} has an answer that is no JSON`]
  }
  if (source !== 'paymentology' || !isKept) return []
  const updated = answer.body?.results?.filter(({ status }) => status === 'updated').length
  const isTrue = updated === undefined ? answer.body?.total_failed !== 0 || changes > 0n : BigInt(updated) === changes
  return isTrue ? [] : [`operation ${id} answered ${updated ?? 'some'} updated items and has ${changes} changes`]
}
