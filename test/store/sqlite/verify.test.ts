import { copyFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { QUICK_RULES, RULES } from '../../../src/store/sqlite/verification-rules.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import { makeFolder } from '../../support/folder.js'
import { makeRichDatabase, tamper } from '../../support/history.js'
import { NOW } from '../../support/service.js'

t.test('a database that was only written by the service is sound, and stays as it is', async (t) => {
  const path = await makeRichDatabase(t)
  t.same([...verifyDatabase(path)], [])
  const empty = join(makeFolder(t), 'empty.sqlite')
  openDatabase(empty).close()
  t.same([...verifyDatabase(empty)], [])
})

/**
 * In the rich database, transaction 1 holds 5.00 KES of account 9007199254740992 with change 13, and message 2 is its
 * advice. Change 12 is the newest of account 1002, from a balance file; 9, 7 and 3 are before it. Account
 * 1003 was deleted after change 4, and is there again.
 */
const DAMAGE: ReadonlyArray<readonly [name: string, sql: string, ...faults: RegExp[]]> = [
  ['a balance that is not the history\'s', 'UPDATE balances SET actual = 1 WHERE account_id = 1002',
    /^account 1002: its balances are 1 actual and 2000 blocked, and .* 12, has 5000 and 2000 \(in minor units\)$/],
  ['a blocked balance that is not the history\'s', 'UPDATE balances SET blocked = 0 WHERE account_id = 1002',
    /^account 1002: its balances are 5000 actual and 0 blocked/],
  ['an account whose currency is not the history\'s', 'UPDATE accounts SET currency = \'978\' WHERE account_id = 1002',
    /^account 1002: its currency is 978, and its newest change, 12, is in 840$/],
  ['an account that points to another one\'s change', 'UPDATE balances SET last_change_id = 6 WHERE account_id = 1002',
    /^account 1002: its newest change, 6, is one of account 2001$/,
    /^change 12, number 4, is the newest of account 1002, which says that it is change 6, number 4$/],
  ['an account that counts its changes wrongly', 'UPDATE balances SET position = 9 WHERE account_id = 1002',
    /^account 1002: its newest change, 12, is number 4 of its history, not 9$/],
  ['an account without balances', 'DELETE FROM balances WHERE account_id = 2001', /^account 2001 has no balances$/],
  ['an account without history', 'DELETE FROM balance_changes WHERE change_id = 6',
    /^account 2001: its newest change, 6, is not there$/],
  ['a change that is missing in the middle', 'DELETE FROM balance_changes WHERE change_id = 9',
    /^operation 3 answered some updated items and has 0 changes$/,
    /^change 12 of account 1002 goes on from change 9, which is not there and was not pruned$/,
    /^account 1002 has 3 changes, numbered from 1 to 4$/],
  ['a change that does not begin where the one before has ended',
    'UPDATE balance_changes SET previous_actual = 12 WHERE change_id = 12',
    /^change 12 of account 1002 goes on from balances of 12 actual and 5000 blocked in 840, .* 700 and 5000 in 840$/],
  ['a first change that goes on from another one', 'UPDATE balance_changes SET previous_change_id = 2 WHERE ' +
    'change_id = 6',
  /^change 6 of account 2001, number 1 of its history, goes on from change 2, number 1 of account 9007199254740992$/],
  ['a change that goes on from nothing', 'UPDATE balance_changes SET previous_change_id = NULL WHERE change_id = 12',
    /^change 12 of account 1002 is number 4 of its history and goes on from nothing$/],
  ['a change of no account',
    'DELETE FROM tokens WHERE account_id = 2001; DELETE FROM balances WHERE account_id = 2001; DELETE FROM accounts ' +
      'WHERE account_id = 2001',
    /^change 6 is the newest of account 2001, which is neither there nor deleted$/],
  ['a deleted account without its end', 'UPDATE deleted_accounts SET last_change_id = 999',
    /^deleted account 1003: its newest change, 999, is not there$/],
  ['a deleted account that ends elsewhere', 'UPDATE deleted_accounts SET account_id = 8',
    /^deleted account 8: its newest change, 4, is number 1 of account 1003 in 048$/],
  ['a deleted account in another currency', 'UPDATE deleted_accounts SET currency = \'404\'',
    /^deleted account 1003: its newest change, 4, is number 1 of account 1003 in 048$/],
  ['an account that is older than one that was deleted', 'UPDATE accounts SET incarnation = 1 WHERE account_id = 1003',
    /^account 1003 is number 1 of those that had its number/],
  [
    'a snapshot that counts wrongly',
    'UPDATE snapshots SET account_count = 9',
    /^snapshot 1 counts 9 accounts and has 6$/
  ],
  ['a negative blocked balance', 'UPDATE balances SET blocked = -1 WHERE account_id = 2001',
    /^account 2001: its balances are 300 actual and -1 blocked, and its newest change, 6, has 300 and 100/],
  ['a negative blocked balance that the history has, too', `UPDATE balances SET blocked = -1 WHERE account_id = 2001;
    UPDATE balance_changes SET blocked = -1 WHERE change_id = 6`,
  /^change 6 of account 2001 has a negative blocked balance$/],
  ['a negative blocked balance in a snapshot', 'UPDATE snapshot_balances SET blocked = -1 WHERE account_id = 2001',
    /^snapshot 1 has a negative blocked balance of account 2001$/],
  ['a negative blocked balance that was sent', 'UPDATE balance_changes SET sent_blocked = -1 WHERE change_id = 6',
    /^change 6 of account 2001 has a negative blocked balance$/],
  ['a token of no account', 'UPDATE tokens SET account_id = 6 WHERE token = 777',
    /^tokens: row 777 refers to a row of accounts that is not there$/],
  ['a key of no client', 'INSERT INTO api_keys VALUES (x\'00\', \'amlyze\', 99, 0)',
    /^api_keys: a row refers to a row of clients that is not there$/],
  ['a change of no operation', 'UPDATE balance_changes SET operation_id = 99 WHERE change_id = 6',
    /^balance_changes: row 6 refers to a row of operations that is not there$/],
  ['a currency that is not remembered', 'DELETE FROM currencies WHERE numeric_code = \'392\'',
    /^accounts: row 1004 refers to a row of currencies that is not there$/],
  ['an answer to nothing', 'UPDATE operations SET identifier = NULL WHERE identifier = \'001\'',
    /^operation 2 has no identifier, a fingerprint and an answer$/],
  ['a fingerprint without an answer', 'UPDATE operations SET answer_body = NULL WHERE identifier = \'001\'',
    /^operation 2 has an identifier, a fingerprint and no answer$/],
  ['an answer that tells of more than was done',
    'UPDATE operations SET answer_body = json_set(answer_body, \'$.body.results[1].status\', \'updated\') WHERE ' +
      'identifier = \'001\'',
    /^operation 2 answered 3 updated items and has 2 changes$/],
  ['an answer that is cut off', 'UPDATE operations SET answer_body = substr(answer_body, 1, 9) WHERE identifier = ' +
    '\'001\'',
  /^operation 2 has an answer that is no JSON$/],
  ['one item twice', 'UPDATE balance_changes SET item_index = 0 WHERE operation_id = 2',
    /^operation 2 has 2 changes for the item 0$/],
  ['a sequence that would give numbers again', 'UPDATE sequences SET last_number = 3 WHERE name = \'change\'',
    /^the sequence change stands at 3, and 13 is there already$/],
  ['a sequence that is missing', 'DELETE FROM sequences WHERE name = \'job\'',
    /^the sequence job stands at nothing, and 1 is there already$/],
  ['a sequence of a table without rows that is missing',
    'DELETE FROM issuer_transitions; DELETE FROM sequences WHERE name = \'transition\'',
    /^the sequence transition stands at nothing, and nothing is there already$/],
  ['a balance file that counts wrongly', 'UPDATE balance_files SET failed_records = 2',
    /^balance file 1 counts 2 failed and 0 repeated of 2 records, and has 1 failed rows$/],
  ['a balance file that ended without an outcome', 'UPDATE balance_files SET outcome = NULL',
    /^balance file 1 has an end and no outcome$/],
  ['a record whose setting is missing', 'DELETE FROM balance_file_accounts',
    /^record r1 of the file daily\.csv has set account 1002, which is not among those that the file has set$/],
  ['a setting whose record is missing', 'DELETE FROM balance_file_records',
    /^the file daily\.csv has set account 1002, and has no record of that$/],
  ['a hold that its account does not count', 'UPDATE balances SET unaware_holds = 0',
    /^account 9007199254740992 counts 0 .* are lost, and has 1, which keep 500 of 500 blocked \(in minor units\)$/],
  ['a hold that is counted and not there', 'DELETE FROM holds',
    /^account 9007199254740992 counts 1 .*, or that are lost, and has 0, which keep 0 of 500 blocked/],
  ['a hold that the blocked balance does not contain',
    'UPDATE balances SET blocked = 400 WHERE account_id = 9007199254740992',
    /^account 9007199254740992 counts 1 .*, and has 1, which keep 500 of 400 blocked/],
  ['a hold that keeps more than it had', 'UPDATE holds SET remaining = 900',
    /^hold 1 of account 9007199254740992 keeps 900 of 500, and .* approved by stand_in for account 9007199254740992$/],
  ['a hold of a payment that was declined', 'UPDATE transactions SET state = \'declined\'',
    /^hold 1 of account 9007199254740992 keeps 500 of 500, and its payment is declined by stand_in/],
  ['a hold of another decider\'s payment', 'UPDATE transactions SET decided_by = \'issuer\'',
    /^hold 1 .*, and its payment is approved by issuer/],
  ['a hold of no payment', 'DELETE FROM transactions', /^hold 1 .*, and its payment is not there$/],
  ['a decision without a trace', 'UPDATE transactions SET trace = NULL',
    /^transaction 1 is approved, and has no trace, the code 00 and no time to be abandoned at$/],
  ['a decision without a code', 'UPDATE transactions SET de39 = NULL',
    /^transaction 1 is approved, and has a trace, no code and no time to be abandoned at$/],
  ['a decided payment that would be abandoned', 'UPDATE transactions SET lease_until_ms = 1',
    /^transaction 1 is approved, .* and a time to be abandoned at$/],
  ['a payment that would be undecided for ever', 'UPDATE transactions SET state = \'received\'',
    /^transaction 1 is received, .* and no time to be abandoned at$/],
  ['an advice that waits for ever', 'UPDATE advices SET next_at_ms = NULL',
    /^advice 2 of transaction 1 is waiting, with no time to be sent at, and its message is one of transaction 1$/],
  ['an advice that has ended and would be sent', 'UPDATE advices SET state = \'parked\'',
    /^advice 2 of transaction 1 is parked, with a time to be sent at/],
  ['an advice of another payment', 'UPDATE advices SET tid = 9',
    /^advice 2 of transaction 9 is waiting, with a time to be sent at, and its message is one of transaction 1$/],
  ['an advice without a message', 'DELETE FROM messages', /^advice 2 .*, and its message is one of none$/],
  ['an identifier that stands twice',
    `PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'UNIQUE ', '') WHERE name = 'operations_by_identifier';
    PRAGMA writable_schema = RESET;
    UPDATE operations SET identifier = '001' WHERE identifier = '002';
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'CREATE INDEX', 'CREATE UNIQUE INDEX')
      WHERE name = 'operations_by_identifier';
    PRAGMA writable_schema = RESET`,
    /^the file is damaged: non-unique entry in index operations_by_identifier$/],
  ['an index that is missing', 'DROP INDEX operations_by_identifier', /^index operations_by_identifier is missing$/],
  [
    'a table that is another one',
    'ALTER TABLE rates ADD COLUMN more TEXT',
    /^table rates is not what the migrations make$/
  ],
  [
    'an older schema',
    'PRAGMA user_version = 0',
    /has schema 0 and this version needs \d+\. Start stip-sandbox anew to migrate it$/
  ]
]

t.test('it names each kind of damage', async (t) => {
  const sound = await makeRichDatabase(t)
  t.same([...verifyDatabase(sound)], [])
  for (const [name, sql, ...faults] of DAMAGE) {
    const path = join(makeFolder(t), 'damaged.sqlite')
    copyFileSync(sound, path)
    tamper(path, sql)
    const found = [...verifyDatabase(path)]
    for (const fault of faults) {
      t.ok(found.some((line) => fault.test(line)), `${name}: ${fault} in:\n${found.join('\n')}`)
    }
  }
})

t.test('no rule goes through the changes again for each row', (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  const planOf = (sql: string): string =>
    database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail).join('\n')
  for (const rule of [...RULES, ...QUICK_RULES]) t.notMatch(planOf(rule), /^SCAN .* LEFT-JOIN$/m, rule)
  t.end()
})

t.test('what was pruned is not missed', async (t) => {
  const path = await makeRichDatabase(t)
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  const now = NOW.getTime()
  const report = await store.prune(now + 1, false)
  t.ok(report.changes > 0 && report.answers > 0)
  await store.close()
  t.same([...verifyDatabase(path)], [])
})

t.test('it names damaged pages', async (t) => {
  const path = await makeRichDatabase(t)
  truncateSync(path, 40_000)
  t.match([...verifyDatabase(path)][0], /^the file is damaged: /)
  writeFileSync(path, 'This is a text, and a rather long one, so that SQLite reads a header.\n'.repeat(20))
  t.same([...verifyDatabase(path)], ['the file is damaged: file is not a database'])
})

t.test('what is no database of ours cannot be verified', async (t) => {
  const path = join(makeFolder(t), 'theirs.sqlite')
  t.throws(() => [...verifyDatabase(path)], {
    name: 'DatabaseError',
    message: `${path} cannot be opened: unable to open database file`
  })
  const theirs = new Database(path)
  theirs.exec('CREATE TABLE theirs (x)')
  theirs.close()
  t.throws(() => [...verifyDatabase(path)], { name: 'DatabaseError', message: /database of another program/ })
})
