import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { change, groupedChange, groupedReading, reading, slicedReading } from '../../../src/store/engine.js'
import { UNOBSERVED } from '../../../src/store/port/observer.js'
import {
  all, draw, eachAll, eachFirst, eachRun, first, FOR_UPDATE, int8, pause, run, sql, statement, text, together,
  type Operation
} from '../../../src/store/sql.js'
import type { SqliteDatabase } from '../../../src/store/sqlite/connection.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { makeSqliteEngine, type SqliteEngine } from '../../../src/store/sqlite/engine.js'
import { allOf } from '../../support/all-of.js'
import { execute } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'
import { NOW } from '../../support/service.js'

interface Client { readonly client_id: bigint, readonly name: string }

const INSERT = statement`INSERT INTO clients (client_id, name, created_at_ms) VALUES (${int8}, ${text}, ${int8})`

const insertClients = change(function * ({ nowMs }, clientIds: readonly bigint[]): Operation<number> {
  return yield * eachRun(INSERT, clientIds.map((clientId) => [clientId, 'n', BigInt(nowMs)]))
})

const countClients = reading(function * (): Operation<number> {
  return (yield * all(sql`SELECT client_id FROM clients`)).length
})

function makeEngine (t: Test): { engine: SqliteEngine, database: SqliteDatabase, path: string } {
  const path = join(makeFolder(t), 'test.sqlite')
  const database = openDatabase(path)
  const engine = makeSqliteEngine(database, { pivotCurrency: '840', clock: () => NOW, observer: UNOBSERVED })
  t.teardown(() => { database.close() })
  return { engine, database, path }
}

t.test('every step of the language is answered', async (t) => {
  const { engine } = makeEngine(t)
  const answers = await engine.change(change(function * (context) {
    const inserted = yield * eachRun(INSERT, [[1n, 'a', 0n], [2n, 'b', 0n]])
    const nothing = [yield * eachRun(INSERT, []), yield * eachFirst(INSERT, []), yield * eachAll(INSERT, [])]
    const byName = statement`SELECT client_id FROM clients WHERE name >= ${text} ORDER BY client_id`
    return {
      context,
      inserted,
      nothing,
      all: yield * all<Client>(
        sql`SELECT client_id, name FROM clients WHERE ${sql`name = ${'b'} OR client_id = ${1n}`} ${FOR_UPDATE}`
      ),
      first: yield * first(sql`SELECT name FROM clients WHERE client_id = ${3n}`),
      changed: yield * run(sql`UPDATE clients SET name = ${'c'} WHERE client_id = ${2n}`),
      eachFirst: yield * eachFirst(byName, [['a'], ['z']]),
      eachAll: yield * eachAll(byName, [['a'], ['z']]),
      drawn: [yield * draw('change', 3), yield * draw('change'), yield * draw('operation')],
      together: yield * together<[bigint, number, string]>(draw('job'), twoSteps(), noStep()),
      pause: yield * pause()
    }
  }))
  t.match(answers, {
    context: { nowMs: NOW.getTime(), pivotCurrency: '840' },
    inserted: 2,
    nothing: [0, [], []],
    all: [{ client_id: 1n, name: 'a' }, { client_id: 2n, name: 'b' }],
    first: undefined,
    changed: 1,
    eachFirst: [{ client_id: 1n }, undefined],
    eachAll: [[{ client_id: 1n }, { client_id: 2n }], []],
    drawn: [1n, 4n, 1n],
    together: [1n, 2, 'none'],
    pause: undefined
  })
})

function * twoSteps (): Operation<number> {
  const rows = yield * all(sql`SELECT client_id FROM clients`)
  yield * run(sql`UPDATE clients SET name = ${'d'}`)
  return rows.length
}

function * noStep (): Operation<string> {
  return 'none'
}

t.test('a change that throws leaves nothing behind, and neither does a rehearsal', async (t) => {
  const { engine } = makeEngine(t)
  await t.rejects(engine.change(insertClients, [1n, 1n]), { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
  t.equal(await engine.rehearse(insertClients, [1n, 2n]), 2)
  t.equal(await engine.read(countClients), 0)
  await engine.change(insertClients, [1n])
  t.equal(await engine.read(countClients), 1)
})

t.test('a transaction that SQLite itself has rolled back has the error that it had', async (t) => {
  const { engine, path } = makeEngine(t)
  execute(path, 'CREATE TRIGGER full BEFORE INSERT ON clients BEGIN SELECT raise(ROLLBACK, \'as if full\'); END')
  await t.rejects(engine.change(insertClients, [1n]), { message: 'as if full' })
  execute(path, 'DROP TRIGGER full')
  t.equal(await engine.change(insertClients, [1n]), 1)
})

/** Remembers how many clients there were, and counts how often it had to look. */
class ClientCount {
  constructor (public size = 0, public looks = 0) {}
}

/** A grouped change that makes a client for each name that does not fail, and tells how many there were before. */
function makeCounting (memories: ClientCount[] = []) {
  return groupedChange<string, number, ClientCount>(
    () => {
      const memory = new ClientCount(-1)
      memories.push(memory)
      return memory
    },
    function * ({ nowMs }, memory, names) {
      if (memory.size < 0) memory.size = (yield * all(sql`SELECT client_id FROM clients`)).length
      const before = memory.size
      yield * eachRun(INSERT, names.map((name, index) => [BigInt(before + index + 1), name, BigInt(nowMs)]))
      memory.size += names.length
      if (names.includes('fails')) throw new Error('fails')
      return names.map((_, index) => before + index)
    })
}

t.test('a grouped change remembers only what is true', async (t) => {
  const { engine, path } = makeEngine(t)
  const memories: ClientCount[] = []
  const add = engine.grouping(makeCounting(memories))
  t.same(await Promise.all([add('a'), add('b')]), [0, 1])
  t.equal(await add('c'), 2)
  const kept = memories.length
  await t.rejects(add('fails'), { message: 'fails' })
  t.equal(await add('d'), 3, 'after a rollback')
  await engine.change(insertClients, [5n])
  t.equal(await add('e'), 5, 'after another change')
  await engine.rehearse(insertClients, [7n])
  t.equal(await add('f'), 6, 'after a rehearsal')
  execute(path, 'INSERT INTO clients VALUES (8, \'other\', 0)')
  t.equal(await add('g'), 8, 'after another process has written')
  t.equal(memories.length, kept + 3, 'a rehearsal leaves the memory as it was')
})

t.test('a change that leaves accounts alone costs grouped changes nothing', async (t) => {
  const { engine } = makeEngine(t)
  const memories: ClientCount[] = []
  const add = engine.grouping(makeCounting(memories))
  await add('a')
  const kept = memories.length
  const countAside = change(countClients.work, { leavesAccounts: true })
  const waiting = add('b')
  t.equal(await engine.change(countAside), 1, 'it does not wait for those that gather')
  t.equal(await engine.rehearse(countAside), 1)
  t.equal(await waiting, 1)
  t.equal(await add('c'), 2)
  t.equal(memories.length, kept)
})

t.test('a memory that is full is left for an empty one', async (t) => {
  const { engine } = makeEngine(t)
  const memories: ClientCount[] = []
  const add = engine.grouping(makeCounting(memories))
  await add('a')
  const [, memory] = memories
  if (memory !== undefined) memory.size = 100_001
  t.equal(await add('b'), 1)
})

t.test('a change comes behind the grouped changes that wait, and sees them', async (t) => {
  const { engine } = makeEngine(t)
  const add = engine.grouping(makeCounting())
  const waiting = [add('a'), add('fails'), add('b')]
  const count = engine.change(change(countClients.work))
  t.match(await Promise.allSettled(waiting), [{ value: 0 }, { status: 'rejected' }, { value: 1 }])
  t.equal(await count, 2)
})

const insertClient = change(function * (_context, clientId: bigint): Operation<number> {
  yield * eachRun(INSERT, [[clientId, 'n', 0n]])
  return (yield * all(sql`SELECT client_id FROM clients`)).length
}, { sharesCommit: true })

t.test('changes that share a commit see one another, and are durable together', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const database = openDatabase(path)
  let commits = 0
  const engine = makeSqliteEngine(database, {
    pivotCurrency: '840', clock: () => NOW, observer: UNOBSERVED, wrote: () => { commits += 1 }
  })
  t.teardown(() => { database.close() })
  const counts = await Promise.all([1n, 2n, 3n].map(async (id) => await engine.change(insertClient, id)))
  t.same(counts, [1, 2, 3])
  t.equal(commits, 1)
})

t.test('of changes that share a commit, one that fails leaves the others alone', async (t) => {
  const { engine } = makeEngine(t)
  const outcomes = await Promise.allSettled([1n, 1n, 2n].map(async (id) => await engine.change(insertClient, id)))
  t.match(outcomes, [{ value: 1 }, { reason: { code: /SQLITE_CONSTRAINT/ } }, { value: 2 }])
  t.equal(await engine.read(countClients), 2)
})

t.test('a grouped change remembers nothing from before changes that share a commit', async (t) => {
  const { engine } = makeEngine(t)
  const counted = engine.grouping(groupedChange<undefined, number, Map<string, number>>(
    () => new Map(), function * (_context, memory, requests): Operation<number[]> {
      if (memory.size === 0) memory.set('clients', (yield * all(sql`SELECT client_id FROM clients`)).length)
      return requests.map(() => memory.get('clients') ?? 0)
    }))
  t.equal(await counted(undefined), 0)
  await engine.change(insertClient, 1n)
  t.equal(await counted(undefined), 1)
})

t.test('closing runs what still waits', async (t) => {
  const { engine, path } = makeEngine(t)
  const waiting = engine.grouping(makeCounting())('a')
  engine.close()
  t.equal(await waiting, 0)
  const other = new Database(path, { readonly: true })
  t.teardown(() => { other.close() })
  t.equal(other.prepare('SELECT count(*) FROM clients').pluck().get(), 1)
})

const listInSlices = slicedReading(function * (_context, from: bigint | undefined, size: number) {
  const rows = yield * all<Client>(
    sql`SELECT client_id FROM clients WHERE client_id >= ${from ?? 0n} ORDER BY client_id LIMIT ${BigInt(size + 1)}`)
  return { items: rows.slice(0, size).map(({ client_id: clientId }) => clientId), next: rows[size]?.client_id }
})

t.test('a reading has a transaction, and one that asks once needs none', async (t) => {
  const { engine, database } = makeEngine(t)
  const isInTransaction = function * (): Operation<boolean> {
    yield * all(sql`SELECT client_id FROM clients`)
    return database.inTransaction
  }
  t.equal(await engine.read(reading(isInTransaction)), true)
  t.equal(await engine.read(reading(isInTransaction, { asksOnce: true })), false)
})

t.test('an operation that promises to ask once is held to that', async (t) => {
  const { engine } = makeEngine(t)
  const clients = sql`SELECT client_id FROM clients`
  t.equal(await engine.read(reading(function * () { return 7 }, { asksOnce: true })), 7)
  await t.rejects(engine.read(reading(function * () {
    yield * all(clients)
    return yield * all(clients)
  }, { asksOnce: true })), { message: 'an operation that asks once asks twice' })
  await t.rejects(engine.read(reading(function * () {
    return yield * together(all(clients), all(clients))
  }, { asksOnce: true })), { message: 'an operation that asks once asks for together' })
})

t.test('a grouped reading asks once, also for many rows', async (t) => {
  const { engine } = makeEngine(t)
  await engine.change(insertClients, [1n, 2n])
  const find = statement`SELECT client_id FROM clients WHERE client_id = ${int8}`
  const isThere = engine.groupingReads(groupedReading(function * (clientIds: readonly bigint[]) {
    return (yield * eachFirst(find, clientIds.map((clientId) => [clientId]))).map((row) => row !== undefined)
  }))
  t.same(await Promise.all([1n, 3n, 2n].map(isThere)), [true, false, true])
  const askingTwice = engine.groupingReads(groupedReading(function * () {
    yield * eachFirst(find, [[1n]])
    return yield * eachFirst(find, [[1n]])
  }))
  await t.rejects(askingTwice(undefined), { message: 'an operation that asks once asks twice' })
})

t.test('slices are read as of one moment, while others write', async (t) => {
  const { engine } = makeEngine(t)
  await engine.change(insertClients, [1n, 2n, 3n])
  const slices = []
  for await (const slice of engine.readSlices(listInSlices, 2)) {
    slices.push(slice)
    await engine.change(insertClients, [BigInt(10 + slices.length)])
  }
  t.same(slices, [[1n, 2n], [3n]])
  t.equal(await engine.read(countClients), 5)
})

t.test('after a write that failed, it tells whether it can write again', async (t) => {
  const { engine, database } = makeEngine(t)
  await engine.assertCanWrite()
  database.pragma('query_only = ON')
  await engine.assertCanWrite() // Nobody has tried to write yet.
  await t.rejects(engine.change(insertClients, [1n]), { name: 'StoreUnavailableError' })
  await t.rejects(engine.assertCanWrite(), { name: 'StoreUnavailableError' })
  database.pragma('query_only = OFF')
  await engine.assertCanWrite()
  database.pragma('query_only = ON')
  await engine.assertCanWrite()
})

t.test('slices of a database that cannot be opened or read are not available', async (t) => {
  const { engine, path } = makeEngine(t)
  const readMissing = slicedReading(function * () {
    return { items: yield * all(sql`SELECT 1 FROM missing`), next: undefined }
  })
  await t.rejects(allOf(engine.readSlices(readMissing)), { name: 'SqliteError', message: 'no such table: missing' })
  rmSync(path)
  await t.rejects(allOf(engine.readSlices(readMissing)), { name: 'StoreUnavailableError', message: /SQLITE_CANTOPEN/ })
})
