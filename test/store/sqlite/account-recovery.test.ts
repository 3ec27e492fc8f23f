import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { findCurrency, type Currency } from '../../../src/domain/currency.js'
import { prepareRecovery } from '../../../src/store/sqlite/account-recovery.js'
import { openDatabase } from '../../../src/store/sqlite/database.js'
import { prepareHistory } from '../../../src/store/sqlite/history.js'
import { PACKED_MAX } from '../../../src/store/sqlite/packed-changes.js'
import { makeFolder } from '../../support/folder.js'
import { holds } from '../../support/property.js'

const DOLLAR = findCurrency('840') as Currency

/** The changes of one operation, packed or each with a row of its own: which accounts they are of. */
interface Step {
  readonly isPacked: boolean
  readonly accounts: readonly number[]
}

const ACCOUNTS = [1, 2, 3, 4]

const accountsOf = (steps: readonly Step[]): number[] => steps.flatMap(({ accounts }) => accounts)

/** Writes a history in which every change sets its own number, and gives a function that catches up behind one of them. */
function makeHistory (t: Test): (steps: readonly Step[]) => (after: number) => unknown[] {
  const database = openDatabase(join(makeFolder(t), 'test.sqlite'))
  t.teardown(() => { database.close() })
  database.exec('INSERT INTO clients (client_id, name, created_at_ms) VALUES (1, \'First Bank\', 0)')
  const insertAccount = database.prepare('INSERT INTO accounts (account_id, client_id, currency, actual_balance, blocked_balance, updated_at_ms, last_change_id) VALUES (?, 1, \'840\', 0, 0, 0, 0)')
  for (const account of ACCOUNTS) insertAccount.run(account)
  const update = database.prepare('UPDATE accounts SET actual_balance = $change, blocked_balance = $change, updated_at_ms = $change, last_change_id = $change WHERE account_id = $account')
  const rows = database.prepare('SELECT actual_balance, blocked_balance, updated_at_ms, last_change_id FROM accounts ORDER BY account_id').raw()
  const history = prepareHistory(database)
  const recover = prepareRecovery(database)

  return (steps) => {
    database.exec('DELETE FROM single_changes; DELETE FROM packed_changes; DELETE FROM operations')
    for (const { isPacked, accounts } of steps) {
      const first = history.newestChange() + 1n
      const operationId = history.insertOperation({ source: 'sandbox', createdAtMs: Number(first) })
      history.appendChanges(operationId, accounts.map((account, itemIndex) => {
        const changeId = first + BigInt(itemIndex)
        const balances = { actual: changeId, blocked: changeId }
        const recordId = isPacked ? undefined : 'a record'
        return { changeId, accountId: BigInt(account), currency: DOLLAR, previousChangeId: undefined, itemIndex, recordId, previous: balances, next: balances, sent: balances, sentCurrency: DOLLAR, rate: '1' }
      }))
    }
    return (after) => {
      for (const account of ACCOUNTS) update.run({ account, change: accountsOf(steps).slice(0, after).lastIndexOf(account) + 1 })
      recover(BigInt(after))
      return rows.all()
    }
  }
}

/** The rows as they should be. Those that are brought further have the time of the operation, which is the number of its first change. */
function rowsBehind (steps: readonly Step[], after: number): unknown[] {
  const times = steps.flatMap(({ accounts }, index) => accounts.map(() => 1 + accountsOf(steps.slice(0, index)).length))
  return ACCOUNTS.map((account) => {
    const place = accountsOf(steps).lastIndexOf(account)
    const change = place + 1
    return [change, change, place < after ? change : times[place], change].map((value) => BigInt(value as number))
  })
}

t.test('wherever the rows have stopped, they are brought to the newest change of each account, and no further back', (t) => {
  const writeHistory = makeHistory(t)
  const steps = fc.array(fc.record({ isPacked: fc.boolean(), accounts: fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 1, maxLength: 4 }) }), { minLength: 1, maxLength: 6 })
  holds(t, fc.property(steps, (steps) => {
    const recoverBehind = writeHistory(steps)
    for (let after = 0; after <= accountsOf(steps).length; after += 1) t.same(recoverBehind(after), rowsBehind(steps, after), `behind change ${after}`)
  }), { numRuns: 25 })
  t.end()
})

t.test('a change is found behind as many as are packed together at most', (t) => {
  const steps = [{ isPacked: true, accounts: Array.from({ length: PACKED_MAX }, (_, index) => index === PACKED_MAX - 1 ? 1 : 2) }]
  t.same(makeHistory(t)(steps)(PACKED_MAX - 1), rowsBehind(steps, PACKED_MAX - 1))
  t.end()
})
