import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import t from 'tap'
import { packageRoot } from '../../../src/package-root.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { DatabaseError } from '../../../src/store/sqlite/database-error.js'
import { migrate, readMigrations } from '../../../src/store/sqlite/migrate.js'
import { makeFolder } from '../../support/folder.js'

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
  t.throws(() => openDatabase(path), {
    name: 'DatabaseError',
    message: /written by a newer version of stip-sandbox \(schema 9999.*Install that version/
  })
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

for (const [what, at, reason] of [
  ['a folder', '.', /^it is a folder/],
  // Node 24 and Node 20 have different words for it.
  ['a file in a file', 'test.txt/own.sqlite', /^(ENOTDIR|EEXIST)/]
] as const) {
  t.test(`${what} is refused by name, with the setting`, async (t) => {
    const folder = makeFolder(t)
    writeFileSync(join(folder, 'test.txt'), 'a text')
    const path = join(folder, at)
    const start = `${path} cannot be used as the database: `
    const error = thrownBy(() => openDatabase(path))
    t.equal(error.name, 'DatabaseError')
    t.ok(error.message.startsWith(start), error.message)
    t.match(error.message.slice(start.length), reason)
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
  t.throws(() => openDatabase(path), {
    name: 'DatabaseError',
    message: new RegExp(`^${path} cannot be used as the database: file is not a database\\. `)
  })
})

t.test('a migration that is missing is named', async (t) => {
  const folder = makeFolder(t)
  for (const file of ['0001-first.sql', '0003-third.sql']) writeFileSync(join(folder, file), 'SELECT 1;')
  t.throws(
    () => readMigrations(pathToFileURL(`${folder}/`)),
    new DatabaseError('migration 2 is missing: found 0003-third.sql in its place. Install the package anew')
  )
  rmSync(join(folder, '0003-third.sql'))
  writeFileSync(join(folder, 'second.sql'), 'SELECT 1;')
  t.throws(() => readMigrations(pathToFileURL(`${folder}/`)), { message: /found second\.sql in its place/ })
})

t.test('a migration that fails leaves nothing of itself behind', async (t) => {
  const folder = makeFolder(t)
  const database = openDatabase(join(folder, 'test.sqlite'))
  t.teardown(() => { database.close() })
  const migrations = readMigrations()
  const broken = {
    version: migrations.length + 1,
    file: 'broken.sql',
    sql: 'CREATE TABLE half (x); CREATE TABLE half (x);'
  }
  t.throws(() => migrate(database, [...migrations, broken]), { message: /half already exists/ })
  t.equal(database.pragma('user_version', { simple: true }), BigInt(migrations.length))
  t.equal(database.prepare('SELECT count(*) FROM sqlite_schema WHERE name = \'half\'').pluck().get(), 0n)
})

t.test('files that are no migrations are passed over', async (t) => {
  const folder = join(makeFolder(t), 'migrations')
  mkdirSync(folder)
  copyFileSync(
    new URL('migrations/sqlite/0001-accounts-balances-history.sql', packageRoot), join(folder, '0001-first.sql')
  )
  writeFileSync(join(folder, 'README.md'), 'not SQL')
  t.same(
    readMigrations(pathToFileURL(`${folder}/`)).map(({ version, file }) => [version, file]), [[1, '0001-first.sql']]
  )
})

t.test('a database gets the migrations that it does not have yet, each once', (t) => {
  const database = new Database(':memory:').defaultSafeIntegers(true)
  t.teardown(() => { database.close() })
  const first = { version: 1, file: '0001-a.sql', sql: 'CREATE TABLE items (a INTEGER); INSERT INTO items VALUES (1)' }
  const second = {
    version: 2,
    file: '0002-b.sql',
    sql: 'ALTER TABLE items ADD COLUMN b INTEGER; UPDATE items SET b = a + 1'
  }
  migrate(database, [first])
  migrate(database, [first, second])
  migrate(database, [first, second])
  t.same(database.prepare('SELECT a, b FROM items').all(), [{ a: 1n, b: 2n }])
  t.throws(() => migrate(database, [first]), { message: /written by a newer version/ })
  t.end()
})

t.test('a file of a development version is refused, untouched, with what to do', (t) => {
  const path = join(makeFolder(t), 'old.sqlite')
  const old = new Database(path)
  old.exec('PRAGMA application_id = 0x53544950; CREATE TABLE accounts (x); PRAGMA user_version = 10')
  old.close()
  const before = readFileSync(path)
  t.throws(() => openDatabase(path), {
    name: 'DatabaseError',
    message: /development version.*scenario export.*The file was not changed/
  })
  t.same(readFileSync(path), before)
  t.end()
})
