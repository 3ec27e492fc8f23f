import t from 'tap'
import { UNOBSERVED } from '../../../src/store/port/observer.js'
import { makeDatabaseProxy } from '../../support/database-proxy.js'
import { makeUpdate } from '../../support/updates.js'
import type { BalanceUpdate } from '../../../src/store/port/balance-updates.js'
import { connect, untilBlocked } from './holders.js'
import { openAt, placeFor } from './places.js'

function updateOf (accountId: bigint, actual: number): BalanceUpdate {
  const [item] = makeUpdate(actual).items
  return makeUpdate(actual, { items: [{ ...item, inputId: accountId }] as BalanceUpdate['items'] })
}

t.test('an account that somebody has locked holds up its own updates alone', async (t) => {
  const url = await placeFor(t)
  const retried: string[] = []
  const observer = { ...UNOBSERVED, retried: (sqlState: string) => { retried.push(sqlState) } }
  const store = await openAt(t, url, { observer })
  const other = await connect(t, url)
  await other.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE')
  const applied: string[] = []
  const send = async (accountId: bigint, actual: number): Promise<void> => {
    await store.updateBalances(updateOf(accountId, actual))
    applied.push(`${accountId}: ${actual}`)
  }
  const locked = send(1002n, 1)
  await untilBlocked(t, url, other, locked)
  await send(1004n, 2)
  const lockedToo = send(1002n, 3)
  await send(1003n, 4)
  t.same(applied, ['1004: 2', '1003: 4'])
  await other.query('ROLLBACK')
  await Promise.all([locked, lockedToo])
  t.same(applied.slice(2), ['1002: 1', '1002: 3'])
  t.same(retried, ['55P03', '55P03'])
})

t.test('of two accounts whose updates wait, one that is free does not wait for the other', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url, { statementTimeoutMs: 300_000 })
  const [holder, other] = [await connect(t, url), await connect(t, url)]
  await holder.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1004 FOR UPDATE')
  await other.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE')
  let isApplied = false
  const stuck = store.updateBalances(updateOf(1004n, 1)).finally(() => { isApplied = true })
  const freed = store.updateBalances(updateOf(1002n, 2))
  await untilBlocked(t, url, holder, stuck)
  await other.query('ROLLBACK')
  t.match(await freed, { kind: 'applied' })
  t.equal(isApplied, false)
  await holder.query('ROLLBACK')
  t.match(await stuck, { kind: 'applied' })
})

t.test('a change that meets a lock gives its connection to those who need not wait', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, `${url}&connect_timeout=60`, { connections: 4 })
  const other = await connect(t, url)
  await other.query('BEGIN; SELECT 1 FROM accounts WHERE account_id = 1002 FOR UPDATE')
  const locked = store.attachToken(1002n, 55n)
  await untilBlocked(t, url, other, locked)
  t.match(await store.attachToken(1003n, 56n), { kind: 'attached' })
  await other.query('ROLLBACK')
  t.match(await locked, { kind: 'attached' })
})

t.test('keys, accounts and readiness are answered while changes have all connections for changes', async (t) => {
  const proxy = await makeDatabaseProxy(t, await placeFor(t))
  const store = await openAt(t, `${proxy.url}&connect_timeout=60`, { connections: 4 })
  const { held, release } = proxy.holdAt('INSERT INTO tokens')
  const change = store.attachToken(1002n, 55n)
  await held
  const readings = Promise.all([
    store.findClientByKey('paymentology', Buffer.from('any')), store.readAccount(1002n), store.check()
  ])
  t.equal(await Promise.race([change.then(() => 'change'), readings.then(() => 'readings')]), 'readings')
  release()
  t.match(await change, { kind: 'attached' })
})

t.test('a change that does nothing for ten seconds is ended by the server, whatever has locked', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const client = await connect(t, url)
  await client.query(`CREATE TABLE seen (place text, setting text);
    CREATE FUNCTION see () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO seen VALUES (TG_TABLE_NAME, current_setting('idle_in_transaction_session_timeout')); RETURN NULL;
    END $$;
    CREATE TRIGGER sees AFTER INSERT ON tokens FOR EACH STATEMENT EXECUTE FUNCTION see();
    CREATE TRIGGER sees AFTER UPDATE ON balances FOR EACH STATEMENT EXECUTE FUNCTION see()`)
  t.teardown(async () => { await client.query('DROP TABLE seen; DROP FUNCTION see CASCADE') })
  await store.attachToken(1002n, 55n)
  await store.updateBalances(updateOf(1002n, 1))
  await store.restoreSnapshot('scenario', false)
  t.same((await client.query('SELECT DISTINCT * FROM seen ORDER BY place')).rows, [
    { place: 'balances', setting: '10s' }, { place: 'tokens', setting: '10s' }
  ])
})
