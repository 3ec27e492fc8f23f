import { account, accountRule, chainRule, COMMON_RULES, SEQUENCE_RULE } from '../verification-rules.js';
/**
 * An operation did what it answered, as long as its changes were not pruned. An answer that does not list its items
 * tells at least that there was one that did not fail.
 */
const ANSWER_RULE = `
  SELECT 'operation ' || operation_id || ' answered ' || coalesce(updated, 'some') || ' updated items and has '
    || changes || ' changes'
  FROM (
    SELECT operation_id, json_extract(answer_body, '$.body.total_failed') AS failed,
      iif(json_type(answer_body, '$.body.results') IS NULL, NULL,
        (SELECT count(*) FROM json_each(answer_body, '$.body.results')
         WHERE json_extract(value, '$.status') = 'updated')) AS updated,
      (SELECT count(*) FROM balance_changes c WHERE c.operation_id = o.operation_id) AS changes
    FROM operations o
    WHERE source = 'paymentology' AND operation_id >= (SELECT before_operation_id FROM pruning)
      AND answer_body IS NOT NULL AND json_valid(answer_body))
  WHERE updated <> changes OR (updated IS NULL AND failed = 0 AND changes = 0)`;
const ANSWER_TEXT_RULE = `
  SELECT 'operation ' || operation_id || ' has an answer that is no JSON'
  FROM operations WHERE answer_body IS NOT NULL AND NOT json_valid(answer_body)`;
export const RULES = [...COMMON_RULES, ANSWER_RULE, ANSWER_TEXT_RULE];
/** How many of the newest changes are looked at when the database is opened. */
const NEWEST_COUNT = 2000;
const NEWEST = `(SELECT * FROM balance_changes ORDER BY change_id DESC LIMIT ${NEWEST_COUNT})`;
/** The newest changes of all are the ends of their accounts' histories, and their operations are there. */
const NEWEST_RULE = `
  SELECT 'change ' || c.change_id || CASE
    WHEN c.operations < c.changes THEN ' or one before it refers to an operation that is not there'
    ELSE ' is the newest of ' || ${account('c')} || ', which '
      || coalesce('says that it is change ' || coalesce(b.last_change_id, d.last_change_id),
        'is neither there nor deleted')
    END
  FROM (
    SELECT account_id, incarnation, max(change_id) AS change_id, count(*) AS changes,
      count(operations.operation_id) AS operations
    FROM ${NEWEST} LEFT JOIN operations USING (operation_id) GROUP BY account_id, incarnation) AS c
    LEFT JOIN accounts a ON a.account_id = c.account_id AND a.incarnation = c.incarnation
    LEFT JOIN balances b ON b.account_id = a.account_id
    LEFT JOIN deleted_accounts d ON d.account_id = c.account_id AND d.incarnation = c.incarnation
  WHERE coalesce(b.last_change_id, d.last_change_id, 0) <> c.change_id OR c.operations < c.changes`;
/** What can be told of a database at once, however large it is: the newest rows were the last to be written. */
export const QUICK_RULES = [
    SEQUENCE_RULE, NEWEST_RULE, chainRule(NEWEST), accountRule(`a.account_id IN (SELECT account_id FROM ${NEWEST})`)
];
//# sourceMappingURL=verification-rules.js.map