import { appendFileSync, closeSync, copyFileSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { readScenario } from '../../../src/domain/scenario.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { requireSound } from '../../../src/store/sqlite/start-check.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { rowsOf } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'
import { makeRichDatabase, tamper } from '../../support/history.js'
import { NOW } from '../../support/service.js'

async function makeDamaged (t: Test, damage: (path: string) => void): Promise<string> {
  const path = join(makeFolder(t), 'damaged.sqlite')
  copyFileSync(await makeRichDatabase(t), path)
  damage(path)
  return path
}

function overwritePage (path: string, page: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, (page - 1) * 4096)
  closeSync(file)
}

const DAMAGE: ReadonlyArray<readonly [name: string, damage: (path: string) => void, fault: RegExp]> = [
  ['a balance that is not the history\'s', (path) => {
    tamper(path, 'UPDATE balances SET actual = 1 WHERE account_id = 1002')
  },
  /account 1002: its balances are 1 actual/],
  ['an account that lags behind its newest change',
    (path) => {
      tamper(
        path,
        'UPDATE balances SET last_change_id = 9, position = 3, actual = 700, blocked = 5000 WHERE account_id = 1002'
      )
    },
    /change 12 is the newest of account 1002, which says that it is change 9/],
  ['a newest change of no operation', (path) => { tamper(path, 'DELETE FROM operations WHERE operation_id = 6') },
    /change 12 or one before it refers to an operation that is not there/],
  [
    'a sequence that lags',
    (path) => { tamper(path, 'UPDATE sequences SET last_number = 1') },
    /the sequence \w+ stands at 1/
  ],
  ['a missing index', (path) => { tamper(path, 'DROP INDEX tokens_by_account') }, /index tokens_by_account is missing/],
  ['a file that is cut off', (path) => { truncateSync(path, statSync(path).size - 4096) }, /damaged|malformed/],
  [
    'a file that is longer than it says',
    (path) => { appendFileSync(path, Buffer.alloc(4096)) },
    /the file has \d+ bytes, and \d+ by its own header/
  ]
]

for (const [name, damage, fault] of DAMAGE) {
  t.test(`an opening refuses ${name}, and says what to do`, async (t) => {
    const path = await makeDamaged(t, damage)
    t.throws(() => openDatabase(path), { name: 'DatabaseError', message: fault })
    t.throws(() => openDatabase(path), {
      message: /"stip-sandbox verify" names all.*"stip-sandbox restore" puts a backup/
    })
  })
}

t.test('a page whose content is damaged is refused, where the file is small', async (t) => {
  const path = await makeDamaged(t, (path) => {
    tamper(path, 'PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 3 WHERE name = \'rates\'')
  })
  t.throws(() => openDatabase(path), { name: 'DatabaseError' })
})

t.test('damage that is come upon is named, in a file that is too large to be read whole', async (t) => {
  const path = await makeDamaged(t, (path) => {
    tamper(path, 'UPDATE clients SET name = hex(zeroblob(17000000)) WHERE client_id = 123')
    const [{ rootpage }] =
      rowsOf(path, 'SELECT rootpage FROM sqlite_schema WHERE name = \'balances\'') as [{ rootpage: bigint }]
    overwritePage(path, Number(rootpage))
  })
  t.throws(() => openDatabase(path), { name: 'DatabaseError', message: /is damaged: .*malformed/ })
})

t.test('what is no damage of the file keeps its own error', async (t) => {
  const database = new Database(await makeRichDatabase(t)).defaultSafeIntegers(true)
  database.close()
  t.throws(() => { requireSound(database) }, { name: 'TypeError', message: 'The database connection is not open' })
})

t.test('a file that another process reads and writes is taken as it is', async (t) => {
  const path = await makeRichDatabase(t)
  const reader = new Database(path)
  t.teardown(() => { reader.close() })
  reader.exec('BEGIN; SELECT count(*) FROM clients')
  reader.prepare('SELECT count(*) FROM clients').get()
  tamper(path, 'UPDATE clients SET name = \'another\'')
  const database = new Database(path).defaultSafeIntegers(true)
  t.teardown(() => { database.close() })
  requireSound(database)
  t.match(
    database.pragma('wal_checkpoint(PASSIVE)'), [{ checkpointed: 0n }], 'the log cannot be taken in while it is read'
  )
})

t.test('the first accounts are looked through also where no time is left for them', async (t) => {
  const path = await makeDamaged(t, (path) => {
    tamper(
      path, 'UPDATE balances SET actual = 1 WHERE account_id = 1002; DELETE FROM balance_changes WHERE change_id > 3'
    )
  })
  const database = new Database(path).defaultSafeIntegers(true)
  t.teardown(() => { database.close() })
  const times = [0, 1000]
  t.throws(() => { requireSound(database, () => times.shift() ?? 1000) }, /account/)
})

t.test('more accounts are looked through as long as there is time', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  // The account with the greatest number is behind the first look, and its change before the newest ones.
  const accounts = Array.from({ length: 2001 }, (_, index) => ({
    account_id: String(2001 - index), client_id: 1, currency: '404', actual_balance: '0', blocked_balance: '0'
  }))
  await store.loadScenario(readScenario({ clients: [{ client_id: 1, name: 'one' }], accounts }), false)
  await store.close()
  tamper(path, 'UPDATE balances SET actual = 1 WHERE account_id = 2001')
  const database = new Database(path).defaultSafeIntegers(true)
  t.teardown(() => { database.close() })
  t.throws(() => { requireSound(database, () => 0) }, { message: /account 2001: its balances are 1 actual/ })
  const times = [0, 1000]
  t.doesNotThrow(() => { requireSound(database, () => times.shift() ?? 1000) })
})
