import Database from 'better-sqlite3'
import t from 'tap'
import { RULE_EXAMPLE } from '../../../schemas/stand-in-rule.js'
import { rule } from '../../support/rules.js'
import { makeService } from '../../support/service.js'

t.test('at each thousandth event the oldest are removed, and the newest 10000 stay', async (t) => {
  const { call, databasePath } = await makeService(t)
  const database = new Database(databasePath)
  t.teardown(() => { database.close() })
  const insert = database.prepare('INSERT INTO events (event_id, type, at_ms, data) VALUES (?, \'rule\', 0, \'{}\')')
  for (const number of [1, 1000, 1001, 10_998]) insert.run(number)
  database.exec('UPDATE sequences SET last_number = 10998 WHERE name = \'event\'')
  const numbers = (): unknown => database.prepare('SELECT event_id FROM events ORDER BY event_id').pluck().all()
  await call('POST', '/stand-in/rules', RULE_EXAMPLE)
  t.same(numbers(), [1, 1000, 1001, 10_998, 10_999])
  await call('DELETE', '/stand-in/rules/small-pos')
  t.same(numbers(), [1001, 10_998, 10_999, 11_000])
})

t.test('so does an operation that writes several events, and comes to the thousandth among them', async (t) => {
  const { store, databasePath } = await makeService(t)
  const database = new Database(databasePath)
  t.teardown(() => { database.close() })
  database.exec(`INSERT INTO events (event_id, type, at_ms, data)
    VALUES (1000, 'rule', 0, '{}'), (1001, 'rule', 0, '{}');
    UPDATE sequences SET last_number = 10998 WHERE name = 'event'`)
  const rules = ['a', 'b', 'c'].map((ruleId) => rule({ rule_id: ruleId, client_id: 123 }))
  await store.storeRules(rules, { replaces: false, max: 9 }, false)
  t.same(database.prepare('SELECT event_id FROM events ORDER BY event_id').pluck().all(),
    [1001, 10_999, 11_000, 11_001])
})
