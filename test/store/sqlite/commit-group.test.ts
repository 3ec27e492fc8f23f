import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { openDatabase, type SqliteDatabase } from '../../../src/store/sqlite/database.js'
import { makeCommitGroup, type CommitGroup } from '../../../src/store/sqlite/commit-group.js'
import { UNOBSERVED } from '../../../src/store/observer.js'
import type { BalanceUpdate } from '../../../src/store/store.js'
import { makeFolder } from '../../support/folder.js'
import { makeService, updateBody } from '../../support/service.js'
import { makeUpdate } from '../../support/updates.js'

interface Scratch {
  readonly database: SqliteDatabase
  readonly group: CommitGroup
  readonly insert: (value: number) => void
  /** What another process sees: only what is committed. */
  readonly committed: () => unknown[]
}

const HOOKS = { begin: () => {}, end: () => {}, rolledBack: () => {} }

/** A database with a table of numbers, in the order of their insertion, each allowed once. */
function makeScratch (t: Test): Scratch {
  const path = join(makeFolder(t), 'test.sqlite')
  const database = openDatabase(path)
  database.exec('CREATE TABLE numbers (place INTEGER PRIMARY KEY, value INTEGER UNIQUE)')
  const other = new Database(path, { readonly: true })
  t.teardown(() => {
    other.close()
    database.close()
  })
  const insert = database.prepare('INSERT INTO numbers (value) VALUES (?)')
  const select = other.prepare('SELECT value FROM numbers ORDER BY place').pluck()
  return { database, group: makeCommitGroup(database, HOOKS, UNOBSERVED), insert: (value) => { insert.run(value) }, committed: () => select.all() }
}

t.test('work that waits together is committed together, and each promise has the result of its own work', async (t) => {
  const { group, insert, committed } = makeScratch(t)
  const results = await Promise.all([1, 2, 3].map(async (value) => await group.run(() => {
    insert(value)
    return { value, seen: committed() }
  })))
  t.same(results, [{ value: 1, seen: [] }, { value: 2, seen: [] }, { value: 3, seen: [] }], 'nothing is seen before the commit')
  t.same(committed(), [1, 2, 3])
})

/** A group whose clock goes on by so much at each look at it, and the sizes of its commits. The first commit takes 10 ms. */
async function makeClockedGroup (t: Test, stepMs: number): Promise<{ group: CommitGroup, sizes: number[] }> {
  const { database } = makeScratch(t)
  const sizes: number[] = []
  let [ms, step] = [0, 10]
  const observer = { ...UNOBSERVED, committed: (size: number) => { sizes.push(size) } }
  const group = makeCommitGroup(database, HOOKS, observer, () => {
    ms += step
    return ms
  })
  await group.run(() => {})
  step = stepMs
  return { group, sizes }
}

t.test('while work keeps coming, a group waits for it, and a lone piece of work for nothing', async (t) => {
  const { group, sizes } = await makeClockedGroup(t, 0)
  const first = [group.run(() => 1), group.run(() => 2)]
  await new Promise(setImmediate)
  t.same(sizes, [1], 'there were more than at the look before')
  await Promise.all([...first, group.run(() => 3)])
  t.same(sizes, [1, 3])
  const lone = group.run(() => 4)
  await new Promise(setImmediate)
  t.same(sizes, [1, 3, 1])
  t.equal(await lone, 4)
})

t.test('a group waits for more work no longer than the last commit took', async (t) => {
  const { group, sizes } = await makeClockedGroup(t, 10)
  const first = [group.run(() => 1), group.run(() => 2)]
  await new Promise(setImmediate)
  t.same(sizes, [1, 2])
  t.same(await Promise.all(first), [1, 2])
})

t.test('a promise is fulfilled only after the commit', async (t) => {
  const { group, insert, committed } = makeScratch(t)
  t.same(await group.run(() => { insert(1) }).then(committed), [1])
})

t.test('work that throws is undone, whatever it had written, and its neighbours are carried out', async (t) => {
  const { group, insert, committed } = makeScratch(t)
  const outcomes = await Promise.allSettled([
    group.run(() => { insert(1) }),
    group.run(() => {
      insert(2)
      insert(1)
    }),
    group.run(() => { insert(2) })
  ])
  t.same(outcomes.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled'])
  t.match(outcomes[1], { reason: { code: 'SQLITE_CONSTRAINT_UNIQUE' } })
  t.same(committed(), [1, 2])
})

t.test('when the commit fails, all of the group fail, nothing is written, and the next group is carried out', async (t) => {
  const { database, group, insert, committed } = makeScratch(t)
  const outcomes = await Promise.allSettled([
    group.run(() => { insert(1) }),
    group.run(() => {
      database.pragma('defer_foreign_keys = ON')
      database.prepare('INSERT INTO tokens (token, account_id) VALUES (1, 1)').run()
    }),
    group.run(() => { insert(2) })
  ])
  for (const outcome of outcomes) t.match(outcome, { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } })
  t.same(committed(), [])
  await group.run(() => { insert(3) })
  t.same(committed(), [3])
})

t.test('an error that ends the whole transaction spares the neighbours, too', async (t) => {
  const { database, group, insert, committed } = makeScratch(t)
  const outcomes = await Promise.allSettled([
    group.run(() => { insert(1) }),
    group.run(() => database.prepare('INSERT OR ROLLBACK INTO numbers (value) VALUES (1)').run()),
    group.run(() => { insert(2) })
  ])
  t.match(outcomes, [{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_UNIQUE' } }, { status: 'fulfilled' }])
  t.same(committed(), [1, 2])
})

t.test('whoever goes with the transactions is told of each, and of each that was undone', async (t) => {
  const { database, insert } = makeScratch(t)
  const told: string[] = []
  const group = makeCommitGroup(database, {
    begin: (size) => { told.push(`begin ${size}`) },
    end: () => { told.push('end') },
    rolledBack: () => { told.push('rolled back') }
  }, { ...UNOBSERVED, committed: (size, commitMs) => { told.push(`committed ${size} ${commitMs >= 0 ? 'in no less than no time' : ''}`) } })
  await Promise.allSettled([1, 2, 1].map(async (value) => { await group.run(() => { insert(value) }) }))
  const one = ['begin 1', 'end', 'committed 1 in no less than no time']
  t.same(told, ['begin 3', 'rolled back', ...one, ...one, 'begin 1', 'rolled back'])
})

t.test('when the transaction cannot begin, all of the group fail and all that waits behind it, so that nobody is overtaken', async (t) => {
  const { database, group, insert, committed } = makeScratch(t)
  database.pragma('busy_timeout = 0')
  const other = new Database(database.name)
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  const outcomes = await Promise.allSettled(Array.from({ length: 300 }, async (_, value) => { await group.run(() => { insert(value) }) }))
  for (const outcome of outcomes) t.match(outcome, { status: 'rejected', reason: { code: 'SQLITE_BUSY' } })
  other.exec('ROLLBACK')
  await t.resolves(group.run(() => { insert(1) }))
  t.same(committed(), [1])
})

t.test('when the database gets locked while pieces are carried out one by one, all that are left fail', async (t) => {
  const { database, group, insert, committed } = makeScratch(t)
  database.pragma('busy_timeout = 0')
  const other = new Database(database.name)
  t.teardown(() => { other.close() })
  let undone = 0
  const locking = makeCommitGroup(database, {
    ...HOOKS,
    rolledBack: () => {
      undone += 1
      if (undone === 2) other.exec('BEGIN IMMEDIATE')
    }
  }, UNOBSERVED)
  const outcomes = await Promise.allSettled([
    locking.run(() => { throw new Error('fails') }),
    locking.run(() => { insert(1) }),
    locking.run(() => { insert(2) })
  ])
  t.match(outcomes, [{ reason: { message: 'fails' } }, { reason: { code: 'SQLITE_BUSY' } }, { reason: { code: 'SQLITE_BUSY' } }])
  other.exec('ROLLBACK')
  t.same(committed(), [])
  await t.resolves(group.run(() => { insert(3) }))
})

t.test('the order of effects is the order of arrival, in any mixture with failures and over several groups', async (t) => {
  const { database, group, insert, committed } = makeScratch(t)
  const pieces = fc.array(fc.record({ value: fc.nat(400), fails: fc.boolean() }), { minLength: 1, maxLength: 600 })
  const report = await fc.check(fc.asyncProperty(pieces, async (pieces) => {
    database.exec('DELETE FROM numbers')
    const model: number[] = []
    const expected = pieces.map(({ value, fails }) => {
      if (fails || model.includes(value)) return 'rejected'
      model.push(value)
      return 'fulfilled'
    })
    const outcomes = await Promise.allSettled(pieces.map(async ({ value, fails }) => {
      await group.run(() => {
        insert(value)
        if (fails) throw new Error('fails after its write')
      })
    }))
    return isDeepStrictEqual(outcomes.map(({ status }) => status), expected) && isDeepStrictEqual(committed(), model)
  }), { numRuns: 30 })
  t.equal(fc.defaultReportMessage(report), undefined, 'no counterexample is found')
})

t.test('a flush carries out at once what waits, and leaves nothing for later', async (t) => {
  const { group, insert, committed } = makeScratch(t)
  const promises = Array.from({ length: 300 }, async (_, value) => { await group.run(() => { insert(value) }) })
  group.flush()
  t.equal(committed().length, 300)
  await Promise.all(promises)
})

function updateOf (identifier: string, actual: number, more: Partial<BalanceUpdate> = {}): BalanceUpdate {
  const answer = { body: `set to ${actual}`, preferenceApplied: undefined }
  return makeUpdate(actual, { identity: { identifier, fingerprint: Buffer.from(String(actual)) }, answer: () => answer, ...more })
}

t.test('updates in one group: the later one starts from what the earlier one left', async (t) => {
  const { store } = await makeService(t)
  const seen: unknown[] = []
  await Promise.all([1, 2, 3].map(async (actual) => await store.updateBalances(updateOf(String(actual), actual, {
    answer: ([planned]) => {
      if (planned?.status === 'updated') seen.push(planned.previous.actual)
      return { body: '', preferenceApplied: undefined }
    }
  }))))
  t.same(seen, [0n, 100n, 200n])
  t.match(await store.readAccount(1002n), { balances: { actual: 300n } })
})

t.test('updates in one group: the same identifier twice is carried out once, and the other is its replay', async (t) => {
  const { store } = await makeService(t)
  const outcomes = await Promise.all([
    store.updateBalances(updateOf('same', 1)),
    store.updateBalances(updateOf('same', 1)),
    store.updateBalances(updateOf('same', 2))
  ])
  t.match(outcomes, [{ kind: 'applied', answer: { body: 'set to 1' } }, { kind: 'replayed', answer: { body: 'set to 1' } }, { kind: 'identifier-reused' }])
  t.match(await store.readAccount(1002n), { balances: { actual: 100n } })
})

t.test('updates in one group: one that fails frees its identifier and leaves no trace in those that follow', async (t) => {
  const { store } = await makeService(t)
  let previous: bigint | undefined
  const outcomes = await Promise.allSettled([
    store.updateBalances(updateOf('1', 1)),
    store.updateBalances(updateOf('2', 2, { answer: () => { throw new Error('no answer') } })),
    store.updateBalances(updateOf('2', 3, {
      answer: ([planned]) => {
        previous = planned?.status === 'updated' ? planned.previous.actual : undefined
        return { body: '', preferenceApplied: undefined }
      }
    }))
  ])
  t.match(outcomes, [{ value: { kind: 'applied' } }, { status: 'rejected' }, { value: { kind: 'applied' } }])
  t.equal(previous, 100n)
  t.match(await store.readAccount(1002n), { balances: { actual: 300n } })
})

t.test('over HTTP, calls at the same time are each answered for themselves, and read back after the answer', async (t) => {
  const { update, read } = await makeService(t)
  const answers = await Promise.all(Array.from({ length: 40 }, async (_, index) =>
    await update(updateBody([{ act_balance: index }, ...index % 2 === 0 ? [] : [{ input_id: 5 }]], { api_call_unique_identifier: `call-${index}` }))))
  t.same(answers.map((answer) => answer.json().body.total_failed), answers.map((_, index) => index % 2))
  t.match((await read('/accounts/1002')).json(), { actual_balance: '39.00' })
})

t.test('what waits when the store closes is carried out', async (t) => {
  const { store, databasePath } = await makeService(t)
  const waiting = store.updateBalances(updateOf('last', 7))
  await store.close()
  t.match(await waiting, { kind: 'applied' })
  const database = new Database(databasePath, { readonly: true })
  t.teardown(() => { database.close() })
  t.equal(database.prepare('SELECT actual_balance FROM accounts WHERE account_id = 1002').pluck().get(), 700)
})
