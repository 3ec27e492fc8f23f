import type { Client } from 'pg'
import t from 'tap'
import type { BalanceUpdate } from '../../../src/store/port/balance-updates.js'
import type { Store } from '../../../src/store/port/store.js'
import { makeDatabaseProxy, type DatabaseProxy } from '../../support/database-proxy.js'
import type { Test } from '../../support/folder.js'
import { makeUpdate } from '../../support/updates.js'
import { connect, untilBlocked } from './holders.js'
import { openAt, openBeside, placeFor } from './places.js'

const UPDATE: BalanceUpdate = makeUpdate(7, {
  identity: { identifier: 'waits', fingerprint: Buffer.from('7') },
  answer: () => ({ body: '7', preferenceApplied: undefined })
})

interface SlowCommits {
  readonly place: string
  readonly proxy: DatabaseProxy
  readonly store: Store
  readonly holder: Client
}

/** A store whose commits of operations wait for a lock of `holder`, as they would wait for a standby. */
async function makeSlowCommits (t: Test): Promise<SlowCommits> {
  const place = await placeFor(t)
  const proxy = await makeDatabaseProxy(t, place)
  const store = await openAt(t, `${proxy.url}&connect_timeout=1`)
  const holder = await connect(t, place)
  t.teardown(async () => { await holder.query('ROLLBACK; DROP TABLE standby; DROP FUNCTION wait CASCADE') })
  await holder.query(`CREATE TABLE standby ();
    CREATE FUNCTION wait () RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN LOCK TABLE standby; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON operations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()`)
  await holder.query('BEGIN; LOCK TABLE standby')
  return { place, proxy, store, holder }
}

t.test('a commit takes as long as it needs while its server works on it', async (t) => {
  const { place, proxy, store, holder } = await makeSlowCommits(t)
  const update = store.updateBalances(UPDATE)
  await untilBlocked(t, place, holder, update)
  await proxy.connected(3)
  // A server that refuses to be looked at is there.
  proxy.rewrite('SHOW transaction_read_only', 'SHOW no_such_setting')
  await proxy.connected(3)
  await holder.query('COMMIT')
  t.match(await update, { kind: 'applied' })
})

t.test('a commit whose answer never comes is given up, and the same request finds what became of it', async (t) => {
  const { place, proxy, store, holder } = await makeSlowCommits(t)
  const update = store.updateBalances(UPDATE)
  await untilBlocked(t, place, holder, update)
  proxy.forget()
  await holder.query('COMMIT')
  await t.rejects(update, {
    name: 'StoreUnavailableError',
    message: /^the database did not say whether it kept a commit: .* no answer to a commit that it no longer works on\./
  })
  const direct = await openAt(t, place)
  t.match(await direct.updateBalances(UPDATE), { kind: 'replayed' })
})

t.test('a statement without an answer is given up a second after its time, and the next one is sent', async (t) => {
  const place = await placeFor(t)
  const direct = await openAt(t, place)
  const proxy = await makeDatabaseProxy(t, place)
  const store = await openBeside(t, `${proxy.url}&connect_timeout=60`, { statementTimeoutMs: 1000 })
  for (const text of ['last_number', 'UPDATE balances']) {
    proxy.forgetAt(text)
    await t.rejects(store.updateBalances(UPDATE), {
      name: 'StoreUnavailableError', message: /^the database gave no answer for 2 s/
    }, text)
  }
  t.match(await direct.readAccount(1002n), { balances: { actual: 0n } })
})

t.test('a connection that gives no answer is left alone, and none of the others', async (t) => {
  const place = await placeFor(t)
  await openAt(t, place)
  const proxy = await makeDatabaseProxy(t, place)
  const store = await openBeside(t, `${proxy.url}&connect_timeout=60`, { statementTimeoutMs: 3000 })
  const find = async (): Promise<unknown> => await store.findClientByKey('paymentology', Buffer.from('any'))
  await Promise.all([find(), store.readAccount(1002n)])
  let isNew = false
  proxy.connected(1).then(() => { isNew = true }, () => {})
  proxy.forgetAt('stip_')
  await t.rejects(find(), { name: 'StoreUnavailableError', message: /^the database gave no answer for 3 s/ })
  await find()
  t.equal(isNew, false)
})

t.test('a connection that its server has ended between two statements says why', async (t) => {
  const place = await placeFor(t)
  const name = `ended ${process.pid}`
  const store = await openAt(t, `${place}&application_name=${encodeURIComponent(name)}`)
  const holder = await connect(t, place)
  await holder.query('BEGIN; SELECT 1 FROM sequences FOR UPDATE')
  const update = store.updateBalances(UPDATE)
  await untilBlocked(t, place, holder, update)
  const watcher = await connect(t, place)
  await watcher.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = $1 AND state = 'idle in transaction'`, [name])
  await holder.query('ROLLBACK')
  await t.rejects(update, {
    name: 'StoreUnavailableError', message: 'terminating connection due to administrator command (57P01)'
  })
  t.match(await store.updateBalances(UPDATE), { kind: 'applied' })
})
