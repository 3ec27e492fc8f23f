import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { planBalanceUpdate, type BalanceUpdateItem } from '../../../src/domain/balance-update.js'
import { readScenario } from '../../../src/domain/scenario.js'
import { prepareAccountCache, type AccountCache, type AccountCacheLimits } from '../../../src/store/sqlite/account-cache.js'
import { prepareBalanceWriter } from '../../../src/store/sqlite/balance-writer.js'
import { openDatabase, type SqliteDatabase } from '../../../src/store/sqlite/database.js'
import { prepareHistory } from '../../../src/store/sqlite/history.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import { decimal } from '../../support/arbitraries.js'
import { makeFolder } from '../../support/folder.js'
import { NOW, SCENARIO } from '../../support/service.js'

/** A process of its own on the database: a connection, its cache, and updates with it. */
interface Desk {
  readonly database: SqliteDatabase
  readonly cache: AccountCache
  /** Carries out work as one transaction of many, after which accounts may be behind, or of few. */
  readonly transaction: (work: () => void, mayFollow?: boolean) => void
  /** Sets the balance of an account (or of the account of a token) as a part of a transaction, and gives the one that it had. */
  readonly set: (actual: number, more?: Partial<BalanceUpdateItem>) => bigint | undefined
  /** The same as a whole transaction. */
  readonly commit: (actual: number, more?: Partial<BalanceUpdateItem>) => bigint | undefined
  /** What stands in the table for the accounts 1002 and 1003. */
  readonly rows: () => unknown[]
}

const OTHER = { inputId: 1003n, currency: '048' }

function openDesk (t: Test, path: string, more: Partial<AccountCacheLimits> = {}): Desk {
  const database = openDatabase(path)
  t.teardown(() => { database.close() })
  const cache = prepareAccountCache(database, { changesMax: 1000, accountsMax: 1000, ...more })
  const history = prepareHistory(database)
  const balances = prepareBalanceWriter(database, cache, history, '840')
  const rows = database.prepare('SELECT actual_balance FROM accounts WHERE account_id IN (1002, 1003) ORDER BY account_id').pluck()

  function transaction (work: () => void, mayFollow = true): void {
    database.transaction(() => {
      cache.begin(mayFollow)
      work()
      cache.end()
    }).immediate()
  }

  function set (actual: number, more: Partial<BalanceUpdateItem> = {}): bigint | undefined {
    const item = { inputType: 'account', inputId: 1002n, actual: decimal(String(actual)), blocked: decimal('0'), currency: '840', ...more } as const
    const [planned] = planBalanceUpdate([item], balances.contextFor(123, NOW.getTime()))
    if (planned?.status !== 'updated') return undefined
    const operationId = history.insertOperation({ source: 'paymentology', clientId: 123, createdAtMs: NOW.getTime() })
    balances.write([planned], operationId, NOW.getTime())
    return planned.previous.actual
  }

  return {
    database,
    cache,
    transaction,
    set,
    commit: (actual, more) => {
      let previous: bigint | undefined
      transaction(() => { previous = set(actual, more) })
      return previous
    },
    rows: () => rows.all()
  }
}

async function makeDatabase (t: Test): Promise<string> {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  await store.loadScenario(readScenario(SCENARIO), false)
  await store.close()
  return path
}

t.test('an update starts from the newest balances, whether or not they are written back', async (t) => {
  const path = await makeDatabase(t)
  const { commit, cache, rows, transaction } = openDesk(t, path)
  t.same([commit(1), commit(2)], [0n, 100n])
  t.equal(rows()[0], 0n)
  t.ok(cache.isBehind())
  t.same([...verifyDatabase(path)], [], 'the database says itself how far the accounts are behind')
  transaction(cache.writeBack)
  t.equal(rows()[0], 200n)
  t.notOk(cache.isBehind())
  t.equal(commit(3), 200n)
})

t.test('a small transaction leaves the accounts true, those that were behind included', async (t) => {
  const { commit, set, cache, rows, transaction } = openDesk(t, await makeDatabase(t))
  commit(1)
  commit(2, OTHER)
  transaction(() => { set(3) }, false)
  t.same(rows(), [300n, 2000n])
  t.notOk(cache.isBehind())
})

t.test('after many changes the accounts are written back bit by bit, and the database knows how far', async (t) => {
  const path = await makeDatabase(t)
  const desk = openDesk(t, path, { changesMax: 2 })
  const after = desk.database.prepare('SELECT after_change_id FROM accounts_behind').pluck()
  const first = desk.database.prepare('SELECT max(change_id) FROM balance_changes').pluck().get() as bigint
  const steps = [[1], [2, OTHER], [3]] as const
  t.same(steps.map(([actual, more]) => {
    desk.commit(actual, more)
    return [...desk.rows(), after.get() as bigint - first]
  }), [[0n, 1500n, 0n], [100n, 1500n, 0n], [100n, 2000n, 2n]])
  t.same([...verifyDatabase(path)], [])
})

t.test('a sweep is spread over as many changes as have led to it, and a new one begins behind it', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const accounts = Array.from({ length: 1300 }, (_, index) =>
    ({ client_id: 123, account_id: String(1 + index), currency: '840', actual_balance: '0.00', blocked_balance: '0.00' }))
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  await store.loadScenario(readScenario({ clients: [{ client_id: 123, name: 'First Bank' }], accounts, rates: [] }), false)
  await store.close()
  const desk = openDesk(t, path, { changesMax: 1300, accountsMax: 2000 })
  const countWritten = desk.database.prepare('SELECT count(*) FROM accounts WHERE actual_balance <> 0').pluck()
  const after = desk.database.prepare('SELECT after_change_id FROM accounts_behind').pluck()
  const setFrom = (first: bigint, count: number, actual: number): void => {
    desk.transaction(() => { for (let index = 0; index < count; index += 1) desk.set(actual, { inputId: first + BigInt(index) }) })
  }
  setFrom(1n, 1299, 1)
  t.same([countWritten.get(), after.get()], [0n, 1300n], 'nobody waits for any of them')
  setFrom(1300n, 1, 2)
  t.same([countWritten.get(), after.get()], [1n, 1300n])
  setFrom(1n, 650, 3)
  t.same([countWritten.get(), after.get()], [651n, 1300n])
  setFrom(651n, 649, 4)
  t.same([countWritten.get(), after.get()], [1300n, 2600n], 'what was noted meanwhile is left for the next sweep')
  t.same([...verifyDatabase(path)], [])
  t.same([1n, 2n, 1300n].map((account) => openDesk(t, path).commit(5, { inputId: account })), [300n, 300n, 200n], 'and is not forgotten')
})

t.test('a cache with too many accounts has their rows written before it is emptied', async (t) => {
  const { commit, cache, rows } = openDesk(t, await makeDatabase(t), { accountsMax: 1 })
  commit(1)
  commit(1, OTHER)
  t.same(rows(), [0n, 1500n])
  t.equal(commit(2), 100n)
  t.same(rows(), [200n, 1000n])
  t.notOk(cache.isBehind())
  t.equal(commit(3), 200n)
})

t.test('a cache with too many accounts is emptied, and loses nothing', async (t) => {
  const { commit } = openDesk(t, await makeDatabase(t), { accountsMax: 1 })
  t.same([commit(1), commit(1, OTHER), commit(2), commit(2, OTHER), commit(3), commit(3, OTHER)], [0n, 1500n, 100n, 1000n, 200n, 2000n])
})

t.test('a process that ends without a word leaves nothing behind: the next one catches up', async (t) => {
  const path = await makeDatabase(t)
  const { commit, database } = openDesk(t, path)
  commit(7)
  database.close()
  t.equal(openDesk(t, path).commit(8), 700n)
})

t.test('the next process catches up with changes that were converted and changes that were not, whichever came last', async (t) => {
  const path = await makeDatabase(t)
  const { commit, database } = openDesk(t, path)
  const converted = { currency: '404' }
  commit(7)
  commit(12905, converted)
  commit(12905, { inputId: 1004n, currency: '404' })
  commit(5, { inputId: 1004n, currency: '392' })
  database.close()
  const next = openDesk(t, path)
  t.same([next.commit(8), next.commit(8, { inputId: 1004n, currency: '392' })], [10000n, 5n])
  t.same([...verifyDatabase(path)], [])
})

t.test('an account whose row is behind can be read ahead, while the memory is true', async (t) => {
  const path = await makeDatabase(t)
  const [one, two] = [openDesk(t, path), openDesk(t, path)]
  one.commit(1)
  const read = one.database.transaction(() => one.cache.isTrue() ? [1002n, 1003n].map(one.cache.readAhead) : 'not true')
  t.match(read(), [{ balances: { actual: 100n, blocked: 0n }, updatedAtMs: NOW.getTime() }, undefined])
  two.commit(2)
  t.equal(read(), 'not true', 'another process has written')
  one.commit(3, OTHER)
  t.match(read(), [undefined, { balances: { actual: 3000n } }])
  one.cache.distrust()
  t.equal(read(), 'not true')
})

t.test('two processes see each other\'s updates, and what the other has written past its cache', async (t) => {
  const path = await makeDatabase(t)
  const [one, two] = [openDesk(t, path), openDesk(t, path)]
  t.same([one.commit(1), two.commit(2), two.commit(3), one.commit(4), two.commit(5)], [0n, 100n, 200n, 300n, 400n])
  one.database.exec('UPDATE accounts SET client_id = 456 WHERE account_id = 1002')
  t.equal(two.commit(6), undefined, 'the account is another client\'s now')
})

t.test('what was written past the cache is found once the cache has forgotten', async (t) => {
  const { commit, cache, database, transaction } = openDesk(t, await makeDatabase(t))
  commit(1)
  transaction(() => {
    cache.writeBack()
    database.exec('UPDATE accounts SET actual_balance = 77 WHERE account_id = 1002')
    cache.forget()
  })
  t.equal(commit(3), 77n)
})

t.test('accounts that are written back stay in the cache, and can be behind again', async (t) => {
  const { commit, cache, rows, transaction } = openDesk(t, await makeDatabase(t))
  commit(1)
  transaction(cache.writeBack)
  t.equal(commit(2), 100n)
  t.equal(rows()[0], 100n)
  transaction(cache.writeBack)
  t.equal(rows()[0], 200n)
})

t.test('a few accounts that change again and again are written back, too', async (t) => {
  const { commit, rows } = openDesk(t, await makeDatabase(t), { changesMax: 3 })
  t.same([1, 2, 3, 4].map((actual) => {
    commit(actual)
    return rows()[0]
  }), [0n, 0n, 300n, 300n])
})

t.test('tokens count as well when the cache is too large', async (t) => {
  const path = await makeDatabase(t)
  const { cache, transaction, database } = openDesk(t, path, { accountsMax: 2 })
  const isCached = (): boolean => {
    database.exec('UPDATE accounts SET client_id = 456 WHERE account_id = 9007199254740993')
    let found = false
    transaction(() => { found = cache.find('account', 9007199254740993n, 123) !== undefined })
    database.exec('UPDATE accounts SET client_id = 123 WHERE account_id = 9007199254740993')
    return found
  }
  transaction(() => { cache.find('token', 12345n, 123) })
  t.ok(isCached())
  transaction(() => { cache.find('token', 9223372036854775807n, 123) })
  t.notOk(isCached())
})

t.test('what is rolled back never was', async (t) => {
  const { commit, set, transaction, cache, rows } = openDesk(t, await makeDatabase(t))
  commit(1)
  t.throws(() => {
    transaction(() => {
      set(2)
      throw new Error('fails')
    })
  }, /fails/)
  cache.distrust()
  t.equal(commit(3), 100n)
  t.throws(() => {
    transaction(() => {
      cache.writeBack()
      throw new Error('fails')
    })
  }, /fails/)
  cache.distrust()
  t.equal(rows()[0], 100n, 'the writing back was undone')
  t.equal(commit(4), 300n)
  transaction(cache.writeBack)
  t.equal(rows()[0], 400n)
})

t.test('a token and the number of its account lead to the same balances', async (t) => {
  const { commit } = openDesk(t, await makeDatabase(t))
  const number = { currency: '404', inputId: 9007199254740993n }
  const token = { currency: '404', inputType: 'token', inputId: 12345n } as const
  t.same([commit(1, number), commit(2, token), commit(3, number), commit(4, token)], [100000n, 100n, 200n, 300n])
})

t.test('whatever happens, every update starts from the balances of the one before it, and the database is sound', async (t) => {
  const path = await makeDatabase(t)
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), at: fc.nat(2), account: fc.nat(1), mayFollow: fc.boolean() }) },
    fc.record({ kind: fc.constantFrom('write back', 'fail', 'read', 'other process' as const), at: fc.nat(2), account: fc.nat(1), mayFollow: fc.boolean() })
  )
  const places = [{}, OTHER]
  const model = [0n, 1500n]
  let value = 0
  const property = fc.property(fc.array(step, { maxLength: 25 }), fc.constantFrom(1, 3, 1000), fc.constantFrom(1, 1000), (steps, changesMax, accountsMax) => {
    const desks = [0, 1, 2].map(() => openDesk(t, path, { changesMax, accountsMax }))
    for (const { kind, at, account, mayFollow } of steps) {
      const desk = desks[at] as Desk
      if (kind === 'set') {
        desk.transaction(() => {
          if (desk.set(value += 1, places[account]) !== model[account]) throw new Error(`account ${account} does not start from ${model[account]}`)
          model[account] = BigInt(value) * (account === 0 ? 100n : 1000n)
        }, mayFollow)
      } else if (kind === 'write back') desk.transaction(desk.cache.writeBack, mayFollow)
      else if (kind === 'read') {
        desk.transaction(() => {
          desk.cache.writeBack()
          if (desk.rows()[account] !== model[account]) throw new Error(`the row of account ${account} is not true`)
        }, mayFollow)
      } else if (kind === 'other process') {
        desk.database.close()
        desks[at] = openDesk(t, path, { changesMax, accountsMax })
      } else {
        try {
          desk.transaction(() => {
            desk.set(999, places[account])
            throw new Error('fails')
          }, mayFollow)
        } catch {
          desk.cache.distrust()
        }
      }
    }
    for (const { database } of desks) database.close()
    const [fault] = verifyDatabase(path)
    if (fault !== undefined) throw new Error(fault)
  })
  const report = fc.check(property, { numRuns: 40 })
  t.equal(fc.defaultReportMessage(report), undefined, 'no counterexample is found')
})
