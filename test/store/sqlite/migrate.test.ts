import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import t from 'tap'
import { packageRoot } from '../../../src/package-root.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { DatabaseError, migrate, readMigrations } from '../../../src/store/sqlite/migrate.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import { makeFolder } from '../../support/folder.js'
import { makeUpdate } from '../../support/updates.js'

t.test('a new file gets every migration, and a second opening none', async (t) => {
  const path = join(makeFolder(t), 'new', 'folder', 'test.sqlite')
  const count = BigInt(readMigrations().length)
  for (const opening of ['first', 'second']) {
    const database = openDatabase(path)
    t.equal(database.pragma('user_version', { simple: true }), count, opening)
    database.close()
  }
})

t.test('a database of a newer version is refused with what to do', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const database = openDatabase(path)
  database.pragma('user_version = 9999')
  database.close()
  t.throws(() => openDatabase(path), { name: 'DatabaseError', message: /written by a newer version of stip-sandbox \(schema 9999.*Install that version/ })
})

t.test('another program\'s database is refused and left as it was', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const foreign = new Database(path)
  foreign.exec('CREATE TABLE theirs (x)')
  foreign.close()
  t.throws(() => openDatabase(path), { name: 'DatabaseError', message: /database of another program/ })
  const after = new Database(path)
  t.equal(after.pragma('journal_mode', { simple: true }), 'delete')
  t.same(after.prepare('SELECT name FROM sqlite_schema').pluck().all(), ['theirs'])
  after.close()
})

for (const [what, at] of [['a folder', '.'], ['a file in a file', 'test.txt/own.sqlite']] as const) {
  t.test(`${what} is refused by name, with the setting`, async (t) => {
    const folder = makeFolder(t)
    writeFileSync(join(folder, 'test.txt'), 'a text')
    const path = join(folder, at)
    const start = `${path} cannot be used as the database: `
    const error = thrownBy(() => openDatabase(path))
    t.equal(error.name, 'DatabaseError')
    t.ok(error.message.startsWith(start), error.message)
    t.match(error.message, /Set DATABASE_PATH to a new file or to one of stip-sandbox$/)
  })
}

function thrownBy (work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

t.test('a file that is no database is refused', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  writeFileSync(path, 'This is a text, and a rather long one, so that SQLite reads a header.\n'.repeat(20))
  t.throws(() => openDatabase(path), { name: 'DatabaseError', message: new RegExp(`^${path} cannot be used as the database: file is not a database\\. `) })
})

t.test('a migration that is missing is named', async (t) => {
  const folder = makeFolder(t)
  for (const file of ['0001-first.sql', '0003-third.sql']) writeFileSync(join(folder, file), 'SELECT 1;')
  t.throws(() => readMigrations(pathToFileURL(`${folder}/`)), new DatabaseError('migration 2 is missing: found 0003-third.sql in its place. Install the package anew'))
  rmSync(join(folder, '0003-third.sql'))
  writeFileSync(join(folder, 'second.sql'), 'SELECT 1;')
  t.throws(() => readMigrations(pathToFileURL(`${folder}/`)), { message: /found second\.sql in its place/ })
})

t.test('a migration that fails leaves nothing of itself behind', async (t) => {
  const folder = makeFolder(t)
  const database = openDatabase(join(folder, 'test.sqlite'))
  t.teardown(() => { database.close() })
  const migrations = readMigrations()
  const broken = { version: migrations.length + 1, file: 'broken.sql', sql: 'CREATE TABLE half (x); CREATE TABLE half (x);' }
  t.throws(() => migrate(database, [...migrations, broken]), { message: /half already exists/ })
  t.equal(database.pragma('user_version', { simple: true }), BigInt(migrations.length))
  t.equal(database.prepare('SELECT count(*) FROM sqlite_schema WHERE name = \'half\'').pluck().get(), 0n)
})

t.test('files that are no migrations are passed over', async (t) => {
  const folder = join(makeFolder(t), 'migrations')
  mkdirSync(folder)
  copyFileSync(new URL('migrations/sqlite/0001-accounts-and-history.sql', packageRoot), join(folder, '0001-first.sql'))
  writeFileSync(join(folder, 'README.md'), 'not SQL')
  t.same(readMigrations(pathToFileURL(`${folder}/`)).map(({ version, file }) => [version, file]), [[1, '0001-first.sql']])
})

t.test('changes from before the history told currencies get those of their accounts', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const [first] = readMigrations()
  const old = new Database(path)
  old.exec(first?.sql ?? '')
  old.exec(`
    INSERT INTO clients VALUES (1, 'x', 0);
    INSERT INTO operations (operation_id, source, created_at_ms) VALUES (1, 'scenario', 0);
    INSERT INTO accounts VALUES (5, 1, '048', NULL, 1, 0, 0, 1), (6, 1, '392', NULL, 1, 0, 0, 2);
    INSERT INTO balance_changes VALUES (1, 5, NULL, 1, 0, NULL, NULL, 1, 0, 1, 0, '048', '1'), (2, 6, NULL, 1, 1, NULL, NULL, 1, 0, 1, 0, '392', '1');
    PRAGMA user_version = 1`)
  old.close()
  const database = openDatabase(path)
  t.teardown(() => { database.close() })
  t.same(database.prepare('SELECT account_id, currency FROM balance_changes').raw().all(), [[5n, '048'], [6n, '392']])
})

t.test('a history from before changes were packed stays as it is, and new changes go on behind it', async (t) => {
  const path = join(makeFolder(t), 'old.sqlite')
  const old = new Database(path)
  migrate(old.defaultSafeIntegers(true), readMigrations().slice(0, 9))
  old.exec(`
    INSERT INTO clients VALUES (123, 'x', 0);
    INSERT INTO operations (operation_id, source, created_at_ms) VALUES (1, 'scenario', 0), (2, 'sandbox', 5);
    INSERT INTO accounts (account_id, client_id, currency, actual_balance, blocked_balance, updated_at_ms, last_change_id) VALUES (1002, 123, '840', 1, 0, 0, 1);
    INSERT INTO balance_changes VALUES (1, 1002, NULL, 1, 0, NULL, NULL, 1, 0, 1, 0, '840', '1', '840', NULL), (2, 1002, 1, 2, 0, 1, 0, 7, 0, 7, 0, '840', '1', '840', NULL);
    INSERT INTO accounts_behind VALUES (1, 1)`)
  const before = old.prepare('SELECT change_id, account_id, currency, previous_change_id, actual, rate FROM balance_changes').raw().all()
  old.close()
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => new Date(9) })
  t.match(await store.readAccount(1002n), { balances: { actual: 7n }, updatedAt: new Date(5) })
  t.match(await store.updateBalances(makeUpdate(3)), { items: [{ previous: { actual: 7n } }] })
  t.match(await store.readHistory(1002n, { from: undefined, limit: 9 }), { items: [{ changeId: 3n, next: { actual: 300n } }, { changeId: 2n, next: { actual: 7n } }, { changeId: 1n }] })
  await store.close()
  t.same([...verifyDatabase(path)], [])
  const after = openDatabase(path)
  t.teardown(() => { after.close() })
  t.same(after.prepare('SELECT change_id, account_id, currency, previous_change_id, actual, rate FROM balance_changes WHERE change_id < 3').raw().all(), before)
})
