/**
 * What must hold in every database of ours, beyond what an engine itself checks: one query a rule, which finds what
 * breaks it. Each gives one row a fault, in words. All engines know these queries.
 */

/** What SQL says of two numbers of minor units. */
function balances (actual: string, blocked: string): string {
  return `${actual} || ' actual and ' || ${blocked} || ' blocked'`
}

/** Which of the accounts that ever had a number. */
export function account (row: string): string {
  return `'account ' || ${row}.account_id
    || CASE WHEN ${row}.incarnation = 1 THEN '' ELSE ' (incarnation ' || ${row}.incarnation || ')' END`
}

/**
 * The balances of each account are those that its newest change has set.
 *
 * @param which a condition on `a`, the table of accounts
 */
export function accountRule (which = 'TRUE'): string {
  return `SELECT 'account ' || a.account_id || CASE
      WHEN b.account_id IS NULL THEN ' has no balances'
      WHEN c.change_id IS NULL THEN ': its newest change, ' || b.last_change_id || ', is not there'
      WHEN (c.account_id, c.incarnation) <> (a.account_id, a.incarnation)
        THEN ': its newest change, ' || c.change_id || ', is one of ' || ${account('c')}
      WHEN c.currency <> a.currency
        THEN ': its currency is ' || a.currency
          || ', and its newest change, ' || c.change_id || ', is in ' || c.currency
      WHEN c.position <> b.position
        THEN ': its newest change, ' || c.change_id || ', is number ' || c.position
          || ' of its history, not ' || b.position
      ELSE ': its balances are ' || ${balances('b.actual', 'b.blocked')} || ', and its newest change, '
        || c.change_id || ', has ' || c.actual || ' and ' || c.blocked || ' (in minor units)' END
    FROM accounts a LEFT JOIN balances b ON b.account_id = a.account_id
      LEFT JOIN balance_changes c ON c.change_id = b.last_change_id
    WHERE ${which} AND (c.change_id IS NULL
      OR (c.account_id, c.incarnation, c.currency, c.position, c.actual, c.blocked)
      <> (a.account_id, a.incarnation, a.currency, b.position, b.actual, b.blocked))`
}

/** Where all accounts of the history end: those that are there, and those that were deleted. */
const ENDS = `SELECT account_id, incarnation, last_change_id, position FROM accounts JOIN balances USING (account_id)
  UNION ALL SELECT account_id, incarnation, last_change_id, position FROM deleted_accounts`

/** Changes from here on were not pruned. */
const FIRST_KEPT = `coalesce((SELECT min(change_id) FROM balance_changes WHERE operation_id =
  (SELECT min(operation_id) FROM balance_changes
   WHERE operation_id >= (SELECT before_operation_id FROM pruning))), 9223372036854775807)`

/**
 * Each change goes on where the one before it has ended. That one may be missing only when it was pruned.
 *
 * @param changes the changes that are looked at
 */
export function chainRule (changes = 'balance_changes'): string {
  return `
  SELECT 'change ' || c.change_id || ' of ' || ${account('c')} || CASE
    WHEN p.change_id IS NULL AND (c.previous_change_id IS NULL) <> (c.position = 1)
      THEN ' is number ' || c.position || ' of its history and goes on from '
        || coalesce('change ' || c.previous_change_id, 'nothing')
    WHEN p.change_id IS NULL AND c.previous_change_id IS NOT NULL
      THEN ' goes on from change ' || c.previous_change_id || ', which is not there and was not pruned'
    WHEN (p.account_id, p.incarnation, p.position) <> (c.account_id, c.incarnation, c.position - 1)
      OR p.change_id >= c.change_id
      THEN ', number ' || c.position || ' of its history, goes on from change ' || p.change_id
        || ', number ' || p.position || ' of ' || ${account('p')}
    ELSE ' goes on from balances of ' || coalesce(${balances('c.previous_actual', 'c.previous_blocked')}, 'nothing')
      || ' in ' || c.currency || coalesce(', and the change before it has ' || p.actual || ' and ' || p.blocked
      || ' in ' || p.currency, '') END
  FROM ${changes} c LEFT JOIN balance_changes p ON p.change_id = c.previous_change_id
  WHERE (c.position = 1) <> (c.previous_change_id IS NULL)
    OR (c.previous_change_id IS NULL) <> (c.previous_actual IS NULL)
    OR (c.previous_actual IS NULL) <> (c.previous_blocked IS NULL)
    OR (p.account_id, p.incarnation, p.position, p.currency, p.actual, p.blocked)
      <> (c.account_id, c.incarnation, c.position - 1, c.currency, c.previous_actual, c.previous_blocked)
    OR p.change_id >= c.change_id
    OR (p.change_id IS NULL AND c.previous_change_id >= ${FIRST_KEPT})`
}

/** The history of each account has no gap, and ends where its account, or its deleted account, says that it ends. */
const HISTORY_RULE = `
  SELECT CASE
    WHEN e.account_id IS NULL
      THEN 'change ' || h.newest || ' is the newest of ' || ${account('h')} || ', which is neither there nor deleted'
    WHEN (e.last_change_id, e.position) <> (h.newest, h.last)
      THEN 'change ' || h.newest || ', number ' || h.last || ', is the newest of ' || ${account('h')}
        || ', which says that it is change ' || e.last_change_id || ', number ' || e.position
    ELSE ${account('h')} || ' has ' || h.changes || ' changes, numbered from ' || h.first || ' to ' || h.last END
  FROM (
    SELECT account_id, incarnation, max(change_id) AS newest, count(*) AS changes, min(position) AS first,
      max(position) AS last, sum(position) AS total
    FROM balance_changes GROUP BY account_id, incarnation) AS h
    LEFT JOIN (${ENDS}) AS e ON e.account_id = h.account_id AND e.incarnation = h.incarnation
  WHERE e.account_id IS NULL OR (e.last_change_id, e.position) <> (h.newest, h.last)
    OR h.changes <> h.last - h.first + 1 OR h.total * 2 <> h.changes * (h.first + h.last)`

/** Of a deleted account, either the newest change is kept, or nothing. */
const DELETED_RULE = `
  SELECT 'deleted ' || ${account('d')} || ': its newest change, ' || d.last_change_id || ', is '
    || coalesce('number ' || c.position || ' of ' || ${account('c')} || ' in ' || c.currency, 'not there')
  FROM deleted_accounts d LEFT JOIN balance_changes c ON c.change_id = d.last_change_id
  WHERE c.change_id IS NULL OR (c.account_id, c.incarnation, c.currency, c.position)
    <> (d.account_id, d.incarnation, d.currency, d.position)`

/** Of the accounts that ever had a number, the one that is there is the last. */
const INCARNATION_RULE = `
  SELECT 'account ' || a.account_id || ' is number ' || a.incarnation
    || ' of those that had its number, as one that was deleted, or before it'
  FROM accounts a JOIN (
    SELECT account_id, incarnation FROM deleted_accounts UNION SELECT account_id, incarnation FROM pruned_accounts
  ) AS former ON former.account_id = a.account_id WHERE a.incarnation <= former.incarnation`

/** SQLite leaves CHECK constraints out for a connection that only reads, as `verify` has one. */
const BLOCKED_RULE = `
  SELECT 'change ' || change_id || ' of account ' || account_id || ' has a negative blocked balance'
  FROM balance_changes WHERE previous_blocked < 0 OR blocked < 0 OR sent_blocked < 0
  UNION ALL
  SELECT 'snapshot ' || snapshot_id || ' has a negative blocked balance of account ' || account_id
  FROM snapshot_balances WHERE blocked < 0`

/** An operation that can be replayed has all that a replay needs. One whose answer was pruned keeps its identifier. */
const REPLAY_RULE = `
  SELECT 'operation ' || operation_id || ' has ' || CASE WHEN identifier IS NULL THEN 'no' ELSE 'an' END
    || ' identifier, ' || CASE WHEN fingerprint IS NULL THEN 'no' ELSE 'a' END
    || ' fingerprint and ' || CASE WHEN answer_body IS NULL THEN 'no' ELSE 'an' END || ' answer'
  FROM operations
  WHERE (fingerprint IS NULL) <> (answer_body IS NULL)
    OR (answer_body IS NOT NULL AND (identifier IS NULL OR client_id IS NULL))`

const PLACE_RULE = `
  SELECT 'operation ' || operation_id || ' has ' || count(*) || ' changes for the item ' || item_index
  FROM balance_changes GROUP BY operation_id, item_index HAVING count(*) > 1`

/** A number that was drawn for a row is never drawn for another. */
export const SEQUENCE_RULE = `
  SELECT 'the sequence ' || name || ' stands at ' || coalesce(CAST(last_number AS text), 'nothing') || ', and '
    || coalesce(CAST(newest AS text), 'nothing') || ' is there already'
  FROM (
    SELECT 'operation' AS name, max(operation_id) AS newest FROM operations
    UNION ALL SELECT 'change', max(change_id) FROM balance_changes
    UNION ALL SELECT 'snapshot', max(snapshot_id) FROM snapshots
    UNION ALL SELECT 'file', max(file_id) FROM balance_file_names
    UNION ALL SELECT 'job', max(job_id) FROM balance_files
    UNION ALL SELECT 'report', max(reported_balance_id) FROM reported_balances
    UNION ALL SELECT 'request', max(request_id) FROM requests
    UNION ALL SELECT 'transaction', max(tid) FROM transactions
    UNION ALL SELECT 'message', max(rid) FROM messages
    UNION ALL SELECT 'transition', max(transition_id) FROM issuer_transitions
    UNION ALL SELECT 'event', max(event_id) FROM events) AS numbers
    LEFT JOIN sequences USING (name)
  WHERE last_number IS NULL OR last_number < newest`

const RUN_RULE = `
  SELECT 'balance file ' || job_id || ' counts ' || failed_records || ' failed and ' || repeated_records
    || ' repeated of ' || total_records || ' records, and has ' || failures || ' failed rows'
  FROM (
    SELECT balance_files.job_id, total_records, failed_records, repeated_records, count(line) AS failures,
      max(file_name) AS file_name
    FROM balance_files JOIN balance_file_names USING (file_id) LEFT JOIN balance_file_failures USING (job_id)
    GROUP BY balance_files.job_id) AS runs
  WHERE (failed_records <> failures AND file_name IS NOT NULL) OR failed_records + repeated_records > total_records`

const RUN_END_RULE = `
  SELECT 'balance file ' || job_id || ' has ' || CASE WHEN finished_at_ms IS NULL THEN 'no' ELSE 'an' END || ' end and '
    || CASE WHEN outcome IS NULL THEN 'no' ELSE 'an' END || ' outcome'
  FROM balance_files WHERE (finished_at_ms IS NULL) <> (outcome IS NULL)`

/** A balance file has set the accounts of its records, and no others. */
const RECORD_RULE = `
  SELECT 'record ' || record_id || ' of the file ' || file_name || ' has set account ' || account_id
    || ', which is not among those that the file has set'
  FROM balance_file_records JOIN balance_file_names USING (file_id)
    LEFT JOIN balance_file_accounts USING (file_id, account_id, incarnation)
  WHERE line IS NULL AND file_name IS NOT NULL
  UNION ALL
  SELECT 'the file ' || file_name || ' has set account ' || account_id || ', and has no record of that'
  FROM (
    SELECT file_id, account_id, incarnation FROM balance_file_accounts
    EXCEPT SELECT file_id, account_id, incarnation FROM balance_file_records) AS unrecorded
    JOIN balance_file_names USING (file_id)
  WHERE file_name IS NOT NULL`

/** A snapshot has as many accounts as it says, once it is whole and has a name. */
const SNAPSHOT_RULE = `
  SELECT 'snapshot ' || snapshot_id || ' counts ' || account_count || ' accounts and has ' || accounts
  FROM (
    SELECT snapshots.snapshot_id, account_count, count(account_id) AS accounts
    FROM snapshots LEFT JOIN snapshot_balances ON snapshot_balances.snapshot_id = snapshots.snapshot_id
    WHERE name IS NOT NULL
    GROUP BY snapshots.snapshot_id) AS counted
  WHERE account_count <> accounts`

/**
 * Each account counts its open holds that its issuer does not know of or that its blocked balance does not contain, and
 * its blocked balance contains those of them that count.
 */
const UNAWARE_RULE = `
  SELECT 'account ' || account_id || ' counts ' || unaware_holds || ' holds that its issuer does not know of, or that '
    || 'are lost, and has ' || holds || ', which keep ' || counted || ' of ' || blocked || ' blocked (in minor units)'
  FROM (
    SELECT b.account_id, b.unaware_holds, b.blocked, count(h.tid) AS holds,
      coalesce(sum(CASE WHEN h.counted = 1 THEN h.remaining ELSE 0 END), 0) AS counted
    FROM balances b LEFT JOIN holds h ON h.account_id = b.account_id AND h.remaining > 0
      AND (h.known = 0 OR h.counted = 0)
    WHERE b.unaware_holds > 0 OR h.tid IS NOT NULL
    GROUP BY b.account_id, b.unaware_holds, b.blocked) AS kept
  WHERE unaware_holds <> holds OR counted > blocked`

/** Each hold has its approval in stand-in, and what is left of it is a part of it. */
const HOLD_RULE = `
  SELECT 'hold ' || h.tid || ' of account ' || h.account_id || ' keeps ' || h.remaining || ' of ' || h.amount
    || ', and its payment is '
    || coalesce(t.state || ' by ' || t.decided_by || ' for account ' || t.account_id, 'not there')
  FROM holds h LEFT JOIN transactions t ON t.tid = h.tid
  WHERE t.tid IS NULL OR h.remaining NOT BETWEEN 0 AND h.amount OR t.state NOT IN ('approved', 'reset')
    OR (t.decided_by, t.account_id, t.incarnation) <> ('stand_in', h.account_id, h.incarnation)`

/** A payment that was decided says how and why, and one that was not has a time by which it is abandoned. */
const DECISION_RULE = `
  SELECT 'transaction ' || tid || ' is ' || state || ', and has ' || CASE WHEN trace IS NULL THEN 'no' ELSE 'a' END
    || ' trace, ' || coalesce('the code ' || de39, 'no code') || ' and '
    || CASE WHEN lease_until_ms IS NULL THEN 'no' ELSE 'a' END || ' time to be abandoned at'
  FROM transactions
  WHERE (state = 'received') <> (lease_until_ms IS NOT NULL)
    OR (state IN ('approved', 'declined') AND (trace IS NULL OR de39 IS NULL OR decided_by IS NULL))`

/** What is sent about a payment is one of its messages. An advice that nothing sends has ended. */
const ADVICE_RULE = `
  SELECT 'advice ' || a.rid || ' of transaction ' || a.tid || ' is ' || a.state || ', with '
    || CASE WHEN a.next_at_ms IS NULL THEN 'no' ELSE 'a' END || ' time to be sent at, and its message is one of '
    || coalesce('transaction ' || m.tid, 'none')
  FROM advices a LEFT JOIN messages m ON m.rid = a.rid
  WHERE m.tid IS NULL OR m.tid <> a.tid OR (a.state IN ('waiting', 'retrying')) <> (a.next_at_ms IS NOT NULL)`

/** The rules. What an answer says stands in a JSON text, which engines read in ways of their own. */
export const COMMON_RULES: readonly string[] = [
  accountRule(), chainRule(), HISTORY_RULE, DELETED_RULE, INCARNATION_RULE, BLOCKED_RULE, REPLAY_RULE, PLACE_RULE,
  SEQUENCE_RULE, RUN_RULE, RUN_END_RULE, RECORD_RULE, SNAPSHOT_RULE,
  UNAWARE_RULE, HOLD_RULE, DECISION_RULE, ADVICE_RULE
]
