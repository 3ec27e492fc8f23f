import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { readScenario } from '../../../src/domain/scenario.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { readCurrencies } from '../../../src/store/sqlite/currencies.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { rowsOf } from '../../support/database.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { makeService, NOW, SCENARIO, updateBody } from '../../support/service.js'

/** A database with the common scenario, closed, changed by a statement of the test. */
async function makeDatabase (t: Test, sql: string): Promise<string> {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW })
  await store.loadScenario(readScenario(SCENARIO), false)
  await store.close()
  const database = new Database(path)
  database.exec(sql)
  database.close()
  return path
}

const decimalsOfYen = 'SELECT minor_unit_decimals FROM currencies WHERE numeric_code = \'392\''

t.test('amounts whose currency has other decimals by now are refused with what to do', async (t) => {
  const path = await makeDatabase(t, 'UPDATE currencies SET minor_unit_decimals = 2 WHERE numeric_code = \'392\'')
  t.throws(() => openDatabase(path), {
    name: 'DatabaseError',
    message: /keeps amounts in JPY with 2 decimals, and this version knows JPY with 0: .* Install the version/
  })
  t.same(rowsOf(path, decimalsOfYen), [{ minor_unit_decimals: 2n }], 'the database is left as it was')
})

t.test('other decimals of a currency without amounts are refused, too', async (t) => {
  const path = await makeDatabase(t, 'UPDATE currencies SET minor_unit_decimals = 3 WHERE numeric_code = \'978\'')
  t.throws(() => openDatabase(path), { message: /keeps amounts in EUR with 3 decimals/ })
})

t.test('a currency that is not remembered is learnt', async (t) => {
  const path = await makeDatabase(t, 'DELETE FROM currencies WHERE numeric_code = \'414\'')
  openDatabase(path).close()
  t.same(
    rowsOf(path, 'SELECT numeric_code, alpha_code, minor_unit_decimals FROM currencies WHERE numeric_code = \'414\''),
    [{ numeric_code: '414', alpha_code: 'KWD', minor_unit_decimals: 3n }])
})

t.test('an account in a currency that was withdrawn stays readable, and its items are judged one by one', async (t) => {
  const { databasePath, store } = await makeService(t)
  await store.close()
  const database = new Database(databasePath)
  // The kuna, withdrawn in 2023. A version of that time remembered it.
  database.exec(`INSERT INTO currencies VALUES ('191', 'HRK', 2);
    UPDATE accounts SET currency = '191' WHERE account_id = 1002;
    UPDATE balance_changes SET currency = '191', sent_currency = '191' WHERE account_id = 1002;
    INSERT INTO rates (base, quote, effective_at_ms, rate) VALUES ('840', '191', 0, '7')`)
  database.close()
  const { read, update } = await makeService(t, SCENARIO, { databasePath })

  t.match((await read('/accounts/1002')).json(), { currency: '191', currency_alpha: 'HRK', actual_balance: '0.00' })
  t.match((await read('/accounts/1002/history')).json(), {
    changes: [{ after: { actual_balance: '0.00' }, sent: { currency: '191' } }]
  })
  t.match((await read('/accounts')).json(), { accounts: { length: 6 } })
  const response = await update(updateBody([{ bill_ccy: '191' }, { input_id: 1003, bill_ccy: '048' }]))
  t.match(response.json(), {
    body: {
      total_failed: 1,
      failed_note: 'Account: 1002, Reason: bill_ccy 191 is not a current ISO 4217 currency with a minor unit'
    }
  })
  t.match((await read('/accounts/1003')).json(), { actual_balance: '200.000' }, 'the other item is written')
  t.match((await update(updateBody([{}], { api_call_unique_identifier: '2' }))).json(), { body: { total_failed: 0 } })
  t.match(
    (await read('/accounts/1002')).json(), { actual_balance: '1400.00' }, 'other currencies are still converted to it'
  )
})

t.test('a currency that the database does not remember is never shown with made-up decimals', async (t) => {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  t.throws(() => readCurrencies(database)('191'), {
    message: /amounts in currency 191, whose decimals it does not remember/
  })
})
