import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { ACCOUNT_FAULT, FAULTY_ACCOUNTS, RULES } from '../../../src/store/sqlite/verification-rules.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import { makeFolder } from '../../support/folder.js'
import { makeRichDatabase, tamper, unpackAll } from '../../support/history.js'
import { NOW } from '../../support/service.js'

t.test('a database that was only written by the service is sound, and stays as it is', async (t) => {
  const path = await makeRichDatabase(t)
  t.same([...verifyDatabase(path)], [])
  const empty = join(makeFolder(t), 'empty.sqlite')
  openDatabase(empty).close()
  t.same([...verifyDatabase(empty)], [])
})

/** The newest change of an account. */
const newest = (accountId: number): string => `(SELECT last_change_id FROM accounts WHERE account_id = ${accountId})`

const DAMAGE: ReadonlyArray<readonly [name: string, sql: string, ...faults: RegExp[]]> = [
  ['a balance that is not the history\'s', 'UPDATE accounts SET actual_balance = 1 WHERE account_id = 1002',
    /^account 1002: its balances are 1 actual and 2000 blocked, and its newest change, \d+, has 5000 and 2000 \(in minor units\)$/],
  ['a blocked balance that is not the history\'s', 'UPDATE accounts SET blocked_balance = 0 WHERE account_id = 1002', /^account 1002: its balances are 5000 actual and 0 blocked/],
  ['an account whose currency is not the history\'s', 'UPDATE accounts SET currency = \'978\' WHERE account_id = 1002', /^account 1002: its currency is 978, and its newest change, \d+, is in 840$/],
  ['an account that points to another one\'s change', `UPDATE accounts SET last_change_id = ${newest(2001)} WHERE account_id = 1002`,
    /^account 1002: its newest change, 6, is one of account 2001$/, /^change \d+ is the newest of account 1002, which says that it is change 6$/],
  ['an account without history', `DELETE FROM single_changes WHERE change_id = ${newest(2001)}`, /^account 2001: its newest change, 6, is not there$/],
  ['a change that is missing in the middle', 'DELETE FROM single_changes WHERE change_id = (SELECT previous_change_id FROM single_changes WHERE change_id = (SELECT last_change_id FROM accounts WHERE account_id = 1002))',
    /^operation 3 answered some updated items and has 0 changes$/, /^change \d+ of account 1002 goes on from change 9 instead of change 7$/],
  ['a change that does not begin where the one before has ended', `UPDATE single_changes SET previous_actual = 12 WHERE change_id = ${newest(1002)}`,
    /^change \d+ of account 1002 goes on from balances of 12 actual and 5000 blocked in 840, and the change before it has 700 and 5000 in 840$/],
  ['a first change that goes on from another one', 'UPDATE single_changes SET previous_change_id = 2 WHERE change_id = 6', /^change 6 of account 2001 goes on from change 2 instead of nothing$/],
  ['a change that goes on from nothing', `UPDATE single_changes SET previous_change_id = NULL WHERE change_id = ${newest(1002)}`, /^change \d+ of account 1002 goes on from nothing instead of change 9$/],
  ['a change of no account', 'DELETE FROM tokens WHERE account_id = 2001; DELETE FROM accounts WHERE account_id = 2001', /^change 6 is the newest of account 2001, which is neither there nor deleted$/],
  ['a deleted account without its end', 'UPDATE deleted_accounts SET last_change_id = 999',
    /^deleted account 1003: its newest change, 999, is not there$/, /^change \d+ of account 1003 goes on from nothing instead of change 4$/],
  ['a deleted account that ends elsewhere', 'UPDATE deleted_accounts SET account_id = 8', /^deleted account 8: its newest change, 4, is one of account 1003 in 048$/],
  ['a deleted account in another currency', 'UPDATE deleted_accounts SET currency = \'404\'', /^deleted account 1003: its newest change, 4, is one of account 1003 in 048$/],
  ['an account that is older than one that was deleted', 'UPDATE accounts SET incarnation = 1 WHERE account_id = 1003', /^account 1003 is number 1 of those that had its number/],
  ['a snapshot that counts wrongly', 'UPDATE snapshots SET account_count = 9', /^snapshot 1 counts 9 accounts and has 6$/],
  ['a negative blocked balance', 'UPDATE single_changes SET blocked = -1 WHERE change_id = 6; UPDATE accounts SET blocked_balance = -1 WHERE account_id = 2001', /^change 6 of account 2001 has a negative blocked balance$/],
  ['a token of no account', 'UPDATE tokens SET account_id = 6 WHERE token = 777', /^tokens: row 777 refers to a row of accounts that is not there$/],
  ['a key of no client', 'INSERT INTO api_keys (key_hash, client_id, created_at_ms) VALUES (x\'00\', 99, 0)', /^api_keys: a row refers to a row of clients that is not there$/],
  ['a change of no operation', 'UPDATE single_changes SET operation_id = 99 WHERE change_id = 6', /^single_changes: row 6 refers to a row of operations that is not there$/],
  ['an answer to nothing', 'UPDATE operations SET identifier = NULL WHERE identifier = \'001\'', /^operation 2 has no identifier, a fingerprint and an answer$/],
  ['a fingerprint without an answer', 'UPDATE operations SET answer_body = NULL WHERE identifier = \'001\'', /^operation 2 has an identifier, a fingerprint and no answer$/],
  ['an answer that tells of more than was done', 'UPDATE operations SET answer_body = json_set(answer_body, \'$.body.results[1].status\', \'updated\') WHERE identifier = \'001\'',
    /^operation 2 answered 3 updated items and has 2 changes$/],
  ['an answer that is cut off', 'UPDATE operations SET answer_body = substr(answer_body, 1, 9) WHERE identifier = \'001\'', /^operation 2 has an answer that is no JSON$/],
  ['one item twice', 'UPDATE single_changes SET item_index = 0 WHERE operation_id = 2', /^operation 2 has 2 changes for the item 0$/],
  ['a currency that is not remembered', 'DELETE FROM currencies WHERE numeric_code = \'392\'',
    /^account 1004 is in currency 392, which the table of currencies does not have$/, /^what was sent for change 5 of account 1004 is in currency 392/, /^change 8 of account 1004 is/],
  ['a change without a currency', 'UPDATE single_changes SET currency = NULL WHERE change_id = 6', /^account 2001: its currency is 404, and its newest change, 6, is in none$/, /^change 6 of account 2001 is in currency none/],
  ['a balance file that counts wrongly', 'UPDATE balance_files SET failed_records = 2', /^balance file 1 counts 2 failed of 2 records, and has 1 failed rows$/],
  ['an identifier that stands twice', `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'UNIQUE ', '') WHERE name = 'operations_by_identifier'; PRAGMA writable_schema = RESET;
    UPDATE operations SET identifier = '001' WHERE identifier = '002';
    PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CREATE INDEX', 'CREATE UNIQUE INDEX') WHERE name = 'operations_by_identifier'; PRAGMA writable_schema = RESET`,
  /^the file is damaged: non-unique entry in index operations_by_identifier$/],
  ['an index that is missing', 'DROP INDEX operations_by_identifier', /^index operations_by_identifier is missing$/],
  ['a table that is another one', 'ALTER TABLE rates ADD COLUMN more TEXT', /^table rates is not what the migrations make$/],
  ['an older schema', 'PRAGMA user_version = 1', /has schema 1 and this version needs \d+\. Start stip-sandbox anew to migrate it$/]
]

/** Damage to changes that are packed: the last one of account 1002's update of the identifier 002 is change 9. */
const PACKED_DAMAGE: typeof DAMAGE = [
  ['an account without history', 'DELETE FROM packed_changes WHERE first_change_id = (SELECT max(first_change_id) FROM packed_changes)', /^account 1003: its newest change, \d+, is not there$/],
  ['an account that is another one than its newest change\'s', 'UPDATE packed_changes SET changes = CAST(unhex(\'7F\') || substr(changes, 2) AS BLOB)', /^account 1003: its newest change, \d+, is one of account 9151314442816848\d+$/],
  ['a balance that is not the history\'s', 'UPDATE packed_changes SET changes = CAST(substr(changes, 1, 15) || unhex(\'00\') || substr(changes, 17) AS BLOB)',
    /^account 1003: its balances are 200 actual and 100 blocked, and its newest change, \d+, has 0 and 100 \(in minor units\)$/, /^change 12 of account 1002 goes on from balances of 700 actual and 5000 blocked in 840, and the change before it has 512 and 5000 in 840$/],
  ['changes that are cut off', 'UPDATE packed_changes SET changes = substr(changes, 1, 51)', /^the changes that are packed from 9 on have 51 bytes, and 52 each would be right$/],
  ['changes of no operation', 'UPDATE packed_changes SET operation_id = 99', /^packed_changes: row 9 refers to a row of operations that is not there$/],
  ['changes that are not where they belong', 'UPDATE packed_changes SET first_change_id = 6 WHERE first_change_id = 9', /^change 6 is there 2 times$/],
  ['a packed change without its place', 'DELETE FROM places WHERE place = 255', /^the table of places is not complete$/],
  ['an answer that tells of more than was done', 'DELETE FROM packed_changes WHERE first_change_id = 9', /^operation 3 answered some updated items and has 0 changes$/]
]

const CASES = [
  ...DAMAGE.map((damage) => [unpackAll, damage] as const),
  ...PACKED_DAMAGE.map((damage) => [() => {}, damage] as const)
]

for (const [prepare, [name, sql, ...faults]] of CASES) {
  t.test(`it names ${name}`, async (t) => {
    const path = await makeRichDatabase(t)
    prepare(path)
    t.same([...verifyDatabase(path)], [])
    tamper(path, sql)
    const found = [...verifyDatabase(path)]
    for (const fault of faults) t.ok(found.some((line) => fault.test(line)), `${fault} in:\n${found.join('\n')}`)
  })
}

t.test('no rule goes through the changes again for each row, nor does the naming of one account among many', (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  const planOf = (sql: string): string => database.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll('@accountId', '1')}`).all().map((step) => (step as { detail: string }).detail).join('\n')
  for (const rule of [...RULES, FAULTY_ACCOUNTS]) t.notMatch(planOf(rule), /^SCAN .* LEFT-JOIN$/m, rule)
  t.notMatch(planOf(ACCOUNT_FAULT), /^SCAN (single|packed)_changes/m)
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
  t.throws(() => [...verifyDatabase(path)], { name: 'DatabaseError', message: `${path} cannot be opened: unable to open database file` })
  const theirs = new Database(path)
  theirs.exec('CREATE TABLE theirs (x)')
  theirs.close()
  t.throws(() => [...verifyDatabase(path)], { name: 'DatabaseError', message: /database of another program/ })
})

t.test('a database whose balances are not those of its history is not opened', async (t) => {
  const path = await makeRichDatabase(t)
  tamper(path, 'UPDATE accounts SET actual_balance = 1 WHERE account_id = 1002')
  t.throws(() => openDatabase(path), { name: 'DatabaseError', message: /is damaged: account 1002: its balances are 1 actual.*"stip-sandbox verify" names all.*"stip-sandbox restore" puts a backup/ })
})
