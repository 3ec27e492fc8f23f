import t from 'tap'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import { everythingIn } from '../../support/database.js'
import { makeService, NO_FILE, NOW, SCENARIO, updateBody } from '../../support/service.js'

const AFTER = new Date(NOW.getTime() + 1).toISOString()

t.test('old changes go, after a dry run has counted them', { skip: NO_FILE }, async (t) => {
  let now = NOW
  const { call, read, update, databasePath } = await makeService(t, SCENARIO, { clock: () => now })
  await update(updateBody())
  await call('DELETE', '/accounts/1004')
  now = new Date(AFTER)
  const before = everythingIn(databasePath)
  const report = {
    before: AFTER,
    history_rows: 2,
    replay_records: 1,
    deleted_accounts: 1,
    balance_files: 0,
    balance_file_records: 0,
    reported_balances: 0,
    transactions: 0
  }
  const rehearsed = await call('POST', '/prune?dry_run=true', { before: AFTER })
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.same(rehearsed.json(), report)
  t.same(everythingIn(databasePath), before)

  t.same((await call('POST', '/prune', { before: AFTER })).json(), report)
  t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' })
  t.equal((await read('/accounts/1002/history')).json().changes.length, 1)
  t.equal((await read('/accounts/1004/history')).statusCode, 404)
  t.equal((await read('/operations?client_id=123&identifier=001')).statusCode, 404)
  t.same((await call('POST', '/prune', { before: AFTER })).json(), {
    ...report,
    history_rows: 0,
    replay_records: 0,
    deleted_accounts: 0
  })
})

t.test('what is not older stays, whatever the offset of the time', async (t) => {
  const { call, update } = await makeService(t)
  await update(updateBody())
  t.match((await call('POST', '/prune', { before: '2026-01-31T10:15:30.123+02:00' })).json(), {
    before: NOW.toISOString(),
    history_rows: 0,
    replay_records: 0
  })
})

t.test('an account that was deleted while the clock was set back keeps its history as long as that is young', {
  skip: NO_FILE
}, async (t) => {
  let now = NOW.getTime()
  const { app, call, databasePath } = await makeService(t, SCENARIO, { clock: () => new Date(now) })
  now -= 60_000
  await call('DELETE', '/accounts/1004')
  now += 60_000
  t.match((await call('POST', '/prune', { before: NOW.toISOString() })).json(), {
    history_rows: 0,
    deleted_accounts: 0
  })
  await app.close()
  t.same([...verifyDatabase(databasePath)], [])
})

t.test('a time that cannot be taken is refused', async (t) => {
  const { call } = await makeService(t)
  const [skewed, ahead] = [5 * 60_000, 5 * 60_000 + 1].map((ms) => ({
    before: new Date(NOW.getTime() + ms).toISOString()
  }))
  t.equal((await call('POST', '/prune?dry_run=true', skewed)).statusCode, 200, 'clocks may differ')
  t.match((await call('POST', '/prune', ahead)).json(), { status: 422, detail: 'before lies in the future' })
  t.match((await call('POST', '/prune', { before: '1969-12-31T23:59:59Z' })).json(), {
    status: 422,
    detail: /^before must be a time such as /
  })
  for (const body of [{}, { before: 'yesterday' }, { before: AFTER, after: AFTER }]) {
    t.equal((await call('POST', '/prune', body)).statusCode, 400)
  }
})
