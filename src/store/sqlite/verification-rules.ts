import { PACKED_BYTES, PACKED_COUNT, PACKED_MAX } from './packed-changes.js'

/**
 * What must hold in every database of ours, beyond what SQLite itself checks: one query a rule, which finds what
 * breaks it. Each gives one row a fault, in words.
 */

/**
 * Gives SQL that finds a change by its number, without going through the others. (To find one in the view `balance_changes`,
 * SQLite reads all that are packed.)
 *
 * @param changeId in SQL
 */
function changeOf (changeId: string): string {
  return `SELECT change_id, account_id, currency, actual, blocked FROM single_changes WHERE change_id = ${changeId}
    UNION ALL SELECT change_id, account_id, currency, actual, blocked FROM unpacked_changes
    WHERE first_change_id = (SELECT max(first_change_id) FROM packed_changes WHERE first_change_id <= ${changeId}) AND change_id = ${changeId}`
}

/**
 * The balances that stand in an account are those of its newest change. This finds accounts that break the rule without
 * going through the history: of a change that is packed it compares the bytes (see migration 10).
 */
export const FAULTY_ACCOUNTS = `
  SELECT a.account_id
  FROM accounts a LEFT JOIN single_changes s ON s.change_id = a.last_change_id
    LEFT JOIN packed_changes p ON p.first_change_id = (SELECT max(first_change_id) FROM packed_changes WHERE first_change_id <= a.last_change_id)
  WHERE (s.account_id, s.currency, s.actual, s.blocked) IS NOT (a.account_id, a.currency, a.actual_balance, a.blocked_balance)
    AND hex(substr(p.changes, (a.last_change_id - p.first_change_id) * ${PACKED_BYTES} + 1, 26))
      IS NOT printf('%016X%016X%016X%04X', a.account_id, a.actual_balance, a.blocked_balance, a.currency)
  ORDER BY a.account_id`

/** What is wrong with one of them. */
export const ACCOUNT_FAULT = `
  SELECT 'account ' || a.account_id || CASE
    WHEN c.change_id IS NULL THEN ': its newest change, ' || a.last_change_id || ', is not there'
    WHEN c.account_id <> a.account_id THEN ': its newest change, ' || c.change_id || ', is one of account ' || c.account_id
    WHEN c.currency IS NOT a.currency THEN ': its currency is ' || a.currency || ', and its newest change, ' || c.change_id || ', is in ' || coalesce(c.currency, 'none')
    ELSE ': its balances are ' || a.actual_balance || ' actual and ' || a.blocked_balance || ' blocked, and its newest change, '
      || c.change_id || ', has ' || c.actual || ' and ' || c.blocked || ' (in minor units)' END
  FROM accounts a LEFT JOIN (${changeOf('(SELECT last_change_id FROM accounts WHERE account_id = @accountId)')}) AS c ON c.change_id = a.last_change_id
  WHERE a.account_id = @accountId`

/**
 * Each change goes on where the one before it of the same account has ended. A deleted account's chain ends, and another
 * may begin. What chains began with may have been pruned, so that the first change that is kept may go on from balances,
 * but not from a change.
 */
const CHAIN_RULE = `
  SELECT 'change ' || change_id || ' of account ' || account_id || CASE
    WHEN previous_change_id IS NOT expected_id
      THEN ' goes on from ' || coalesce('change ' || previous_change_id, 'nothing') || ' instead of ' || coalesce('change ' || expected_id, 'nothing')
    ELSE ' goes on from balances of ' || coalesce(previous_actual || ' actual and ' || previous_blocked || ' blocked', 'nothing')
      || coalesce(' in ' || currency, '') || ', and the change before it has ' || expected_actual || ' and ' || expected_blocked || ' in ' || coalesce(expected_currency, 'none') END
  FROM (
    SELECT *, iif(begins, NULL, before_id) AS expected_id, iif(begins, previous_actual, before_actual) AS expected_actual,
      iif(begins, previous_blocked, before_blocked) AS expected_blocked, iif(begins, currency, before_currency) AS expected_currency
    FROM (
      SELECT *, before_id IS NULL OR before_id IN (SELECT last_change_id FROM deleted_accounts) AS begins
      FROM (
        SELECT change_id, account_id, previous_change_id, previous_actual, previous_blocked, currency,
          lag(change_id) OVER chain AS before_id, lag(actual) OVER chain AS before_actual,
          lag(blocked) OVER chain AS before_blocked, lag(currency) OVER chain AS before_currency
        FROM balance_changes WINDOW chain AS (PARTITION BY account_id ORDER BY change_id))))
  WHERE (previous_change_id, previous_actual, previous_blocked, currency) IS NOT (expected_id, expected_actual, expected_blocked, expected_currency)`

/**
 * The newest change of each account number is where its account, or its deleted account, says that it ends. An account
 * that is there may follow behind its newest changes, as far as the database says so.
 */
const END_RULE = `
  SELECT 'change ' || change_id || ' is the newest of account ' || account_id || ', which '
    || coalesce('says that it is change ' || (SELECT last_change_id FROM accounts a WHERE a.account_id = newest.account_id), 'is neither there nor deleted')
  FROM (SELECT account_id, max(change_id) AS change_id FROM balance_changes GROUP BY account_id) AS newest
  WHERE change_id NOT IN (SELECT last_change_id FROM accounts UNION ALL SELECT last_change_id FROM deleted_accounts)
    AND NOT (account_id IN (SELECT account_id FROM accounts) AND change_id > coalesce((SELECT after_change_id FROM accounts_behind), change_id))`

/** What is pruned of a deleted account is all of it. */
const DELETED_RULE = `
  SELECT 'deleted account ' || account_id || ': its newest change, ' || last_change_id || ', is ' || coalesce('one of account ' || found, 'not there')
  FROM (SELECT *, (SELECT account_id || ' in ' || currency FROM (${changeOf('d.last_change_id')})) AS found FROM deleted_accounts d)
  WHERE found IS NOT account_id || ' in ' || currency`

/** Of the accounts that ever had a number, the one that is there is the last. */
const INCARNATION_RULE = `
  SELECT 'account ' || a.account_id || ' is number ' || a.incarnation || ' of those that had its number, as one that was deleted, or before it'
  FROM accounts a WHERE a.incarnation <= (SELECT max(incarnation) FROM deleted_accounts d WHERE d.account_id = a.account_id)`

/** A snapshot has as many accounts as it says. */
const SNAPSHOT_RULE = `
  SELECT 'snapshot ' || snapshot_id || ' counts ' || account_count || ' accounts and has ' || accounts
  FROM (SELECT *, (SELECT count(*) FROM snapshot_balances b WHERE b.snapshot_id = snapshots.snapshot_id) AS accounts FROM snapshots)
  WHERE account_count <> accounts`

const BLOCKED_RULE = `
  SELECT 'change ' || change_id || ' of account ' || account_id || ' has a negative blocked balance'
  FROM balance_changes WHERE blocked < 0 OR previous_blocked < 0 OR sent_blocked < 0`

/** An operation that can be replayed has all that a replay needs. One whose answer was pruned keeps its identifier. */
const REPLAY_RULE = `
  SELECT 'operation ' || operation_id || ' has ' || iif(identifier IS NULL, 'no', 'an') || ' identifier, '
    || iif(fingerprint IS NULL, 'no', 'a') || ' fingerprint and ' || iif(answer_body IS NULL, 'no', 'an') || ' answer'
  FROM operations
  WHERE (fingerprint IS NULL) <> (answer_body IS NULL) OR (answer_body IS NOT NULL AND (identifier IS NULL OR client_id IS NULL))`

/** An operation did what it answered. An answer that does not list its items tells at least that there was one that did not fail. */
const ANSWER_RULE = `
  SELECT 'operation ' || operation_id || ' answered ' || coalesce(updated, 'some') || ' updated items and has ' || changes || ' changes'
  FROM (
    SELECT operation_id, answer_body ->> '$.body.total_failed' AS failed,
      iif(answer_body -> '$.body.results' IS NULL, NULL,
        (SELECT count(*) FROM json_each(answer_body, '$.body.results') WHERE value ->> '$.status' = 'updated')) AS updated,
      (SELECT count(*) FROM single_changes s WHERE s.operation_id = o.operation_id)
        + (SELECT coalesce(sum(${PACKED_COUNT}), 0) FROM packed_changes p WHERE p.operation_id = o.operation_id) AS changes
    FROM operations o WHERE source = 'paymentology' AND json_valid(answer_body))
  WHERE updated <> changes OR (updated IS NULL AND failed = 0 AND changes = 0)`

const ANSWER_TEXT_RULE = `
  SELECT 'operation ' || operation_id || ' has an answer that is no JSON'
  FROM operations WHERE answer_body IS NOT NULL AND NOT json_valid(answer_body)`

const PLACE_RULE = `
  SELECT 'operation ' || operation_id || ' has ' || count(*) || ' changes for the item ' || item_index
  FROM balance_changes GROUP BY operation_id, item_index HAVING count(*) > 1`

const NUMBER_RULE = `
  SELECT 'change ' || change_id || ' is there ' || count(*) || ' times'
  FROM balance_changes GROUP BY change_id HAVING count(*) > 1`

/** SQLite itself does not check this where a database is opened to be read only. */
const PACKED_RULE = `
  SELECT 'the changes that are packed from ' || first_change_id || ' on have ' || length(changes) || ' bytes, and ${PACKED_BYTES} each would be right'
  FROM packed_changes WHERE length(changes) % ${PACKED_BYTES} <> 0 OR ${PACKED_COUNT} NOT BETWEEN 1 AND ${PACKED_MAX}`

/** Without them, changes that are packed together are not found. */
const PLACES_RULE = `SELECT 'the table of places is not complete' WHERE (SELECT count(*) FROM places WHERE place BETWEEN 0 AND ${PACKED_MAX - 1}) <> ${PACKED_MAX}`

const CURRENCY_RULE = `
  SELECT subject || ' is in currency ' || coalesce(currency, 'none') || ', which the table of currencies does not have'
  FROM (
    SELECT 'account ' || account_id AS subject, currency FROM accounts
    UNION ALL SELECT 'change ' || change_id || ' of account ' || account_id, currency FROM balance_changes
    UNION ALL SELECT 'what was sent for change ' || change_id || ' of account ' || account_id, sent_currency FROM balance_changes
    UNION ALL SELECT 'deleted account ' || account_id, currency FROM deleted_accounts
    UNION ALL SELECT 'account ' || account_id || ' in the snapshot ' || snapshot_id, currency FROM snapshot_balances)
  WHERE currency IS NULL OR currency NOT IN (SELECT numeric_code FROM currencies)`

const FILE_RULE = `
  SELECT 'balance file ' || job_id || ' counts ' || failed_records || ' failed of ' || total_records || ' records, and has ' || failures || ' failed rows'
  FROM (SELECT *, (SELECT count(*) FROM balance_file_failures failure WHERE failure.job_id = balance_files.job_id) AS failures FROM balance_files)
  WHERE failed_records <> failures OR failed_records > total_records`

export const RULES: readonly string[] = [
  CHAIN_RULE, END_RULE, DELETED_RULE, INCARNATION_RULE, BLOCKED_RULE, REPLAY_RULE, ANSWER_RULE, ANSWER_TEXT_RULE, PLACE_RULE,
  NUMBER_RULE, PACKED_RULE, PLACES_RULE, CURRENCY_RULE, FILE_RULE, SNAPSHOT_RULE
]
