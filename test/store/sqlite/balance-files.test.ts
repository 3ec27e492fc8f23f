import { join } from 'node:path'
import t from 'tap'
import { readBalanceFileRow } from '../../../src/domain/balance-file.js'
import { findCurrency, type Currency } from '../../../src/domain/currency.js'
import { BalanceFileEndedError, type BalanceFileJob } from '../../../src/store/port/balance-files.js'
import type { Store } from '../../../src/store/port/store.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { execute, rowsOf } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'

function open (path: string): Store {
  return openSqliteStore({ path, pivotCurrency: '840', clock: () => new Date(0) })
}

async function start (store: Store): Promise<BalanceFileJob> {
  const describeFailure = (): { subject: string, reason: string } => ({ subject: 'x', reason: 'failed' })
  const job = await store.startBalanceFile({ clientId: 1, fileName: 'x', dryRun: false, describeFailure })
  if (job === undefined) throw new Error('there is no such client')
  return job
}

t.test('a start that is alone interrupts what was left at once, and one beside another process does not', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const first = open(path)
  await first.createClient({ clientId: 1, name: 'x', keyHash: Buffer.from('x') })
  const job = await start(first)
  await open(path).close()
  t.match(await first.readBalanceFile(1), { progress: { status: 'running' } })
  await first.close()
  const second = open(path)
  t.teardown(async () => { await second.close() })
  t.match(await second.readBalanceFile(1), { progress: { status: 'interrupted' } })
  await t.rejects(async () => await job.finish(), { message: 'The database connection is not open' })
})

const ROW = '7,826,100,0,'

function rowOf (recordId: string, line: number) {
  const row = `${recordId},${ROW}`
  const content = readBalanceFileRow(row.split(','), undefined)
  if (typeof content === 'string') throw new Error(content)
  return { line, row, content }
}

t.test('a file that a prune has forgotten is unknown, and its records can come again', async (t) => {
  const path = join(makeFolder(t), 'test.sqlite')
  const store = open(path)
  t.teardown(async () => { await store.close() })
  await store.createClient({ clientId: 1, name: 'x', keyHash: Buffer.from('x') })
  const currency = findCurrency('826') as Currency
  const balances = { actual: 0n, blocked: 0n }
  await store.createAccounts(
    [{ accountId: 7n, clientId: 1, currency, externalReference: undefined, balances, cards: [] }], false)
  const running = await start(store)
  await running.carryOut([rowOf('a', 2)])
  execute(path, 'UPDATE balance_file_names SET file_name = NULL')
  await t.rejects(running.carryOut([rowOf('b', 3)]), BalanceFileEndedError)
  await t.rejects(running.finish(), BalanceFileEndedError)
  t.equal(await store.readBalanceFile(running.jobId), undefined)
  t.equal(await store.readBalanceFileFailures(running.jobId, 1, 1), undefined)
  const again = await start(store)
  await again.carryOut([rowOf('a', 2)])
  t.match(await again.finish(), { failedRecords: 0, repeatedRecords: 0 })
  t.match(rowsOf(path, 'SELECT record_id, file_id, job_id FROM balance_file_records'), [
    { record_id: 'a', file_id: 2n, job_id: 2n }
  ])
})
