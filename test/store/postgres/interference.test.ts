import t from 'tap'
import { findCurrency, type Currency } from '../../../src/domain/currency.js'
import { NOW } from '../../support/service.js'
import { connect, untilBlocked } from './holders.js'
import { openAt, openImpatient, placeFor } from './places.js'

const DAY_MS = 24 * 60 * 60 * 1000
/** File 901 is forgotten, and file 902 comes in. */
const TWO_FILES = `INSERT INTO balance_file_names (file_id, client_id, file_name)
  VALUES (901, 123, NULL), (902, 123, 'live.csv');
  INSERT INTO balance_files (job_id, file_id, dry_run, started_at_ms, lease_until_ms)
  VALUES (2, 902, 0, ${NOW.getTime()}, ${NOW.getTime() + DAY_MS})`

const usd = findCurrency('840') as Currency

t.test('a prune leaves a record that a run has moved to a live file meanwhile', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  const record = (fileId: number, jobId: number): string => `INSERT INTO balance_file_records
    (client_id, record_id, account_id, incarnation, fingerprint, file_id, job_id)
    VALUES (123, 'R', 1002, 1, '', ${fileId}, ${jobId})
    ON CONFLICT (client_id, record_id, account_id, incarnation) DO UPDATE SET file_id = excluded.file_id`
  await other.query(`${TWO_FILES}; ${record(901, 1)}`)
  await other.query(`BEGIN; ${record(902, 2)}`)
  const pruning = store.prune(NOW.getTime() - DAY_MS, false)
  await untilBlocked(t, url, other, pruning)
  await other.query('COMMIT')
  await pruning
  t.same((await other.query('SELECT file_id FROM balance_file_records')).rows, [{ file_id: '902' }])
})

t.test('a prune finds the records of a forgotten file behind thousands of a live one', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query(`${TWO_FILES};
    INSERT INTO balance_file_records (client_id, record_id, account_id, incarnation, fingerprint, file_id, job_id)
    SELECT 123, 'live ' || n, 1002, 1, ''::bytea, 902, 2 FROM generate_series(1, 2000) AS n
    UNION ALL SELECT 123, 'zz', 1002, 1, ''::bytea, 901, 1`)
  await store.prune(NOW.getTime() - DAY_MS, false)
  const left = await other.query('SELECT file_id, count(*) AS records FROM balance_file_records GROUP BY file_id')
  t.same(left.rows, [{ file_id: '902', records: '2000' }])
})

t.test('a prune keeps what is left of an account whose deletion is committed in its middle', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await store.deleteAccount(1003n, false)
  await other.query('BEGIN; INSERT INTO pruned_accounts VALUES (1003, 0)')
  const pruning = store.prune(NOW.getTime() + 60_000, false)
  await untilBlocked(t, url, other, pruning)
  await store.deleteAccount(1002n, false)
  await other.query('ROLLBACK')
  await pruning
  const remembered = await other.query(`SELECT account_id, incarnation FROM pruned_accounts WHERE account_id = 1002
    UNION ALL SELECT account_id, incarnation FROM deleted_accounts WHERE account_id = 1002`)
  t.same(remembered.rows, [{ account_id: '1002', incarnation: '1' }])
})

t.test('a snapshot is not removed while it is restored', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE')
  const restore = store.restoreSnapshot('scenario', false)
  await untilBlocked(t, url, other, restore)
  const { rows: restorers } = await other.query(
    'SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))')
  const removal = store.deleteSnapshot('scenario')
  await untilBlocked(t, url, { query: async () => ({ rows: restorers }) } as never, removal)
  await other.query('COMMIT')
  t.match(await restore, { restored: 0, deleted: 0 })
  t.equal(await removal, true)
  t.equal(await store.restoreSnapshot('scenario', false), undefined)
})

t.test('a snapshot that was shown after all is not taken apart', async (t) => {
  const store = await openAt(t, await placeFor(t))
  const staging = await store.stageSnapshot('kept')
  await staging?.add([{ accountId: 1002n, clientId: 123, currency: usd, balances: { actual: 1n, blocked: 0n } }])
  await staging?.finish({ savedAt: NOW, coversAll: false })
  await staging?.discard()
  t.match(await store.findSnapshot('kept'), { accountCount: 1 })
})

t.test('who locks the keys or the numbers does not make others wait for ever', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const impatient = await openImpatient(t, url, { statementTimeoutMs: 100 })
  const other = await connect(t, url)
  await other.query('BEGIN; LOCK TABLE api_keys, sequences IN ACCESS EXCLUSIVE MODE')
  await t.rejects(impatient.findClientByKey('paymentology', Buffer.from('any')), { name: 'StoreUnavailableError' })
  await t.rejects(impatient.saveSnapshot('late', [1002n]), { name: 'StoreUnavailableError' })
  await other.query('ROLLBACK')
  t.match(await store.saveSnapshot('late', [1002n]), { kind: 'saved' })
})
