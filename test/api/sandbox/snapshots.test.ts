import t from 'tap'
import { execute, rowsOf } from '../../support/database.js'
import { callSandbox } from '../../support/sandbox.js'
import { NO_FILE, NOW, makeService, updateBody } from '../../support/service.js'

const EVERYTHING = { snapshot: 'before', restored: 0, unchanged: 6, deleted: 0, replaced: 0, new: 0, exceptions: [] }

/** Gives account 1002 other balances, deletes 1003, puts another account under 1004, and makes 3001. */
const UPHEAVAL = `
  UPDATE balances SET actual = 1, blocked = 2 WHERE account_id = 1002;
  DELETE FROM balances WHERE account_id = 1003;
  DELETE FROM accounts WHERE account_id = 1003;
  UPDATE accounts SET currency = '048' WHERE account_id = 1004;
  UPDATE balances SET actual = 9 WHERE account_id = 1004;
  INSERT INTO accounts SELECT 3001, 1, client_id, currency, NULL FROM accounts WHERE account_id = 1002;
  INSERT INTO balances (account_id, actual, blocked, last_change_id, position, updated_at_ms, unaware_holds)
    SELECT 3001, 70, 7, last_change_id, 1, 0, 0 FROM balances WHERE account_id = 1002;`

/** Serves all tests that change nothing. */
const service = await makeService(t)

t.test('all accounts or chosen ones are saved, and listed in the order in which they were made', async (t) => {
  const { app, read } = await makeService(t)
  const saved = await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  t.equal(saved.statusCode, 201)
  const before = { name: 'before', saved_at: NOW.toISOString(), covers: 'all', accounts: 6 }
  t.same(saved.json(), before)
  const chosen = (await callSandbox(app, 'POST', '/snapshots', {
    name: 'Two.wallets_1-x',
    account_ids: ['9007199254740993', '2001']
  })).json()
  t.same(chosen, { name: 'Two.wallets_1-x', saved_at: NOW.toISOString(), covers: 'chosen', accounts: 2 })
  t.same((await read('/snapshots')).json(), {
    snapshots: [{ ...before, name: 'scenario' }, before, chosen],
    next_cursor: null
  })
  const first = (await read('/snapshots?limit=2')).json<{ snapshots: unknown[], next_cursor: string }>()
  t.same(first.snapshots, [{ ...before, name: 'scenario' }, before])
  t.match((await read('/snapshots?cursor=x')).json(), {
    status: 400,
    detail: 'cursor is none that a page of this list has given. Leave it out to begin anew'
  })
  t.same((await read(`/snapshots?limit=2&cursor=${first.next_cursor}`)).json(), {
    snapshots: [chosen],
    next_cursor: null
  })
})

for (const [body, status, detail] of [
  [{ name: 'before' }, 409, 'There is a snapshot before already. Delete it first, or choose another name'],
  [
    { name: 'scenario' },
    409,
    'The snapshot scenario is the scenario that the database was started from, and stays as it is'
  ],
  [{ name: '.hidden' }, 400, /^name must be 1 to 64 letters/],
  [{ name: 'a b' }, 400, /^name must be 1 to 64 letters/],
  [{ name: 'x'.repeat(65) }, 400, /^name must be 1 to 64 letters/],
  [{ name: 'x', account_ids: [] }, 400, /^account_ids must NOT have fewer than 1 items/],
  [
    { name: 'x', account_ids: ['1002', '1002'] },
    422,
    'account_ids[1] is the same as account_ids[0], and must be unique'
  ],
  [{ name: 'x', account_ids: ['9223372036854775808'] }, 422, 'account_ids[0] must be at most 9223372036854775807'],
  [{ name: 'x', account_ids: ['1002', '77', '88'] }, 422, 'account_ids[1] is 77, and there is no such account'],
  [{ name: 'x', accounts: [] }, 400, 'accounts is not a known field']
] as const) {
  t.test(`saving ${JSON.stringify(body).slice(0, 60)} is refused, and nothing is saved`, async (t) => {
    const { app, read } = service
    await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
    const before = (await read('/snapshots')).body
    const response = await callSandbox(app, 'POST', '/snapshots', body)
    t.equal(response.statusCode, status)
    t.match(response.json(), { status, detail })
    t.equal((await read('/snapshots')).body, before)
  })
}

t.test('the differences show only accounts that differ, and how', { skip: NO_FILE }, async (t) => {
  const { app, read, databasePath } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  t.same((await read('/snapshots/before/differences')).json(), { differences: [], next_cursor: null })
  execute(databasePath, UPHEAVAL)
  const differences = [
    {
      account_id: '1002',
      difference: 'changed',
      saved: { client_id: 123, currency: '840', actual_balance: '0.00', blocked_balance: '0.00' },
      now: { client_id: 123, currency: '840', actual_balance: '0.01', blocked_balance: '0.02' }
    },
    {
      account_id: '1003',
      difference: 'deleted',
      saved: { client_id: 123, currency: '048', actual_balance: '1.500', blocked_balance: '0.000' },
      now: null
    },
    {
      account_id: '1004',
      difference: 'replaced',
      saved: { client_id: 123, currency: '392', actual_balance: '5', blocked_balance: '0' },
      now: { client_id: 123, currency: '048', actual_balance: '0.009', blocked_balance: '0.000' }
    },
    {
      account_id: '3001',
      difference: 'new',
      saved: null,
      now: { client_id: 123, currency: '840', actual_balance: '0.70', blocked_balance: '0.07' }
    }
  ]
  t.same((await read('/snapshots/before/differences')).json(), { differences, next_cursor: null })
  const first =
    (await read('/snapshots/before/differences?limit=3')).json<{ differences: unknown[], next_cursor: string }>()
  t.same(first.differences, differences.slice(0, 3))
  t.same((await read(`/snapshots/before/differences?limit=3&cursor=${first.next_cursor}`)).json(), {
    differences: differences.slice(3),
    next_cursor: null
  })
  const beyond = Buffer.from('9223372036854775808').toString('base64url')
  t.match((await read(`/snapshots/before/differences?cursor=${beyond}`)).json(), {
    status: 400,
    detail: /^cursor is none/
  })
})

t.test('an account outside a choice is not new', { skip: NO_FILE }, async (t) => {
  const { app, read, databasePath } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before', account_ids: ['1003'] })
  execute(databasePath, UPHEAVAL)
  t.match((await read('/snapshots/before/differences')).json<{ differences: unknown[] }>().differences.length, 1)
  t.same((await callSandbox(app, 'POST', '/snapshots/before/restore')).json(), {
    ...EVERYTHING,
    unchanged: 0,
    deleted: 1,
    exceptions: [{ account_id: '1003', difference: 'deleted' }]
  })
})

t.test('a restore sets back what changed, and names what it leaves', { skip: NO_FILE }, async (t) => {
  const { app, read, databasePath } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  execute(databasePath, UPHEAVAL)
  const report = {
    ...EVERYTHING,
    restored: 1,
    unchanged: 3,
    deleted: 1,
    replaced: 1,
    new: 1,
    exceptions: [
      { account_id: '1003', difference: 'deleted' },
      { account_id: '1004', difference: 'replaced' },
      { account_id: '3001', difference: 'new' }
    ]
  }
  const rehearsed = await callSandbox(app, 'POST', '/snapshots/before/restore?dry_run=true')
  t.same(rehearsed.json(), report)
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.01' }, 'a dry run changes nothing')
  t.same(rowsOf(databasePath, 'SELECT * FROM operations WHERE source = \'snapshot\''), [])

  const restored = await callSandbox(app, 'POST', '/snapshots/before/restore?dry_run=false')
  t.equal(restored.body, rehearsed.body)
  t.match((await read('/accounts/1002')).json(), {
    actual_balance: '0.00',
    blocked_balance: '0.00',
    updated_at: NOW.toISOString()
  })
  t.match((await read('/accounts/1004')).json(), { actual_balance: '0.009', currency: '048' })
  t.match((await read('/accounts/3001')).json(), { actual_balance: '0.70' })
  t.match(rowsOf(databasePath, `
    SELECT source, client_id, identifier, remarks, currency, created_at_ms, account_id, item_index, previous_actual,
      previous_blocked, actual, blocked, sent_actual, sent_blocked, sent_currency, rate
    FROM operations LEFT JOIN balance_changes USING (operation_id) WHERE source = 'snapshot'`), [{
    source: 'snapshot',
    client_id: null,
    identifier: null,
    remarks:
      'Restore of the snapshot before',
    currency: '840',
    created_at_ms: BigInt(
      NOW.getTime()
    ),
    account_id: 1002n,
    item_index: 0n,
    previous_actual: 1n,
    previous_blocked: 2n,
    actual: 0n,
    blocked: 0n,
    sent_actual: 0n,
    sent_blocked: 0n,
    sent_currency:
        '840',
    rate: '1'
  }])
})

t.test('of very many exceptions a restore counts all and names the first 1000', { skip: NO_FILE }, async (t) => {
  const { app, databasePath } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  execute(databasePath, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
    INSERT INTO accounts SELECT 10000 + i, 1, 123, '840', NULL FROM n;
    INSERT INTO balances (account_id, actual, blocked, last_change_id, position, updated_at_ms, unaware_holds)
    SELECT account_id, 0, 0, 1, 1, 0, 0 FROM accounts WHERE account_id BETWEEN 10000 AND 20000`)
  const { exceptions, ...report } =
    (await callSandbox(app, 'POST', '/snapshots/before/restore')).json<{ exceptions: unknown[], new: number }>()
  t.equal(report.new, 1001)
  t.equal(exceptions.length, 1000)
})

t.test('a reset goes back to the scenario', async (t) => {
  const { app, read, update } = await makeService(t)
  await update(updateBody())
  t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' })
  t.match((await callSandbox(app, 'POST', '/reset?dry_run=true')).json(), {
    snapshot: 'scenario',
    restored: 1,
    unchanged: 5
  })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00' })
  t.match((await callSandbox(app, 'POST', '/reset')).json(), { snapshot: 'scenario', restored: 1, unchanged: 5 })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.match((await callSandbox(app, 'POST', '/reset?client_id=456')).json(), { restored: 0, unchanged: 1 })
  t.match((await callSandbox(app, 'POST', '/snapshots/scenario/restore?client_id=123')).json(), { unchanged: 5 })
  t.match((await callSandbox(app, 'POST', '/reset?client_id=124')).json(), {
    status: 404, detail: 'There is no client 124'
  })
  t.match((await callSandbox(app, 'POST', '/reset?dry_run=yes')).json(), {
    status: 400,
    detail: 'dry_run must be equal to one of the allowed values: ["true","false"]'
  })
})

t.test('without a scenario there is nothing to go back to', { skip: NO_FILE }, async (t) => {
  const { app, databasePath } = await makeService(t)
  execute(databasePath, 'DELETE FROM snapshot_balances; DELETE FROM snapshots')
  t.match((await callSandbox(app, 'POST', '/reset')).json(), {
    status: 404,
    detail: 'The database was not started from a scenario, so that there is nothing to go back to'
  })
})

t.test('a snapshot is deleted, but not the scenario\'s', { skip: NO_FILE }, async (t) => {
  const { app, databasePath } = await makeService(t)
  await callSandbox(app, 'POST', '/snapshots', { name: 'before' })
  const response = await callSandbox(app, 'DELETE', '/snapshots/before')
  t.equal(response.statusCode, 204)
  t.equal(response.body, '')
  t.same(
    rowsOf(databasePath, 'SELECT DISTINCT name FROM snapshots JOIN snapshot_balances USING (snapshot_id)'),
    [{ name: 'scenario' }]
  )
  t.same(rowsOf(databasePath, 'SELECT count(*) AS rows FROM snapshot_balances'), [{ rows: 6n }])
  t.match((await callSandbox(app, 'DELETE', '/snapshots/scenario')).json(), { status: 409 })
})

t.test('a snapshot that is not there is named', async (t) => {
  const { app } = await makeService(t)
  for (const [method, path] of [
    ['GET', '/differences'],
    ['POST', '/restore'],
    ['DELETE', ''],
    ['GET', '/file']
  ] as const) {
    t.match((await callSandbox(app, method, `/snapshots/nothing${path}`)).json(), {
      status: 404,
      detail: 'There is no snapshot nothing'
    }, `${method} ${path}`)
  }
})
