import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { serveCommands } from '../../support/terminal.js'

t.test('an account is made, again without a change, and shown', async (t) => {
  const { cli, read, databasePath } = await serveCommands(t)
  const before = everythingIn(databasePath)
  const create = ['accounts', 'create', '5001', '--client', '123', '--currency', 'kes', '--actual', '200.00']
  t.match(await cli([...create, '--dry-run']), { exitCode: 0, printed: /^Dry run: nothing was changed.\nMade:\n/ })
  t.same(everythingIn(databasePath), before)
  t.match(await cli([...create, '--reference', 'R-1', '--card-token', '71', '72']), {
    exitCode: 0, printed: /^Made:\n/
  })
  t.match((await read('/accounts/5001')).json(), {
    currency: '404', actual_balance: '200.00', external_reference: 'R-1', tokens: ['71', '72']
  })
  t.match(await cli([...create, '--reference', 'R-1', '--card-token', '71', '72']), {
    printed: /^There already, and the same:\n/
  })
  t.match(await cli(create), {
    exitCode: 1, complained: /that of an account with another external_reference, tokens\n$/
  })
  t.match((await cli(['accounts', 'show', '5001'])).printed, /\n {3}5001 +123 +404 KES +200\.00/)
  t.match((await cli(['accounts', 'list', '--currency', 'KES', '--reference', 'R-1'])).printed, /^.*\n +5001 .*\n$/)
  t.match((await cli(['accounts', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/)
})

t.test('an account is deleted only when somebody says so', async (t) => {
  const { cli, read } = await serveCommands(t)
  t.match(await cli(['accounts', 'delete', '1004']), { exitCode: 2, complained: /Delete the account 1004\? Add --yes/ })
  t.match(await cli(['accounts', 'delete', '1004', '--dry-run']), { exitCode: 0, printed: /^Dry run.*\nDeleted:\n/ })
  t.equal((await read('/accounts/1004')).statusCode, 200)
  t.match(await cli(['accounts', 'delete', '1004', '--yes']), { exitCode: 0, printed: /^Deleted:\n/ })
  t.equal((await read('/accounts/1004')).statusCode, 404)
})

t.test('tokens are put on an account, listed, and taken off', async (t) => {
  const { cli, read } = await serveCommands(t)
  t.match((await cli(['tokens', 'list', '1002'])).printed, 'Tokens on account 1002: none\n')
  t.equal((await cli(['tokens', 'add', '1002', '7001'])).printed,
    'Tokens on account 1002:\nToken  State   Expiry\n 7001  active\n')
  t.match((await read('/accounts/1002')).json().tokens, ['7001'])
  t.match((await cli(['tokens', 'remove', '1002', '7001'])).printed, 'Tokens on account 1002: none\n')
  t.match(await cli(['tokens', 'add', '1002', 'x']), { exitCode: 2, complained: /^card-token must be a whole number/ })
})

t.test('a card is set, and shown where its account is', async (t) => {
  const { cli, read } = await serveCommands(t)
  await cli(['tokens', 'add', '1002', '7001', '--expiry', '2029-11'])
  t.equal((await cli(['tokens', 'set', '1002', '7001', '--state', 'lost'])).printed,
    'Tokens on account 1002:\nToken  State  Expiry\n 7001  lost   2029-11\n')
  t.match((await cli(['accounts', 'show', '1002'])).printed, / 7001 \(lost, until 2029-11\) /)
  t.match((await cli(['tokens', 'set', '1002', '7001', '--expiry', 'never', '--json'])).printed, /"expiry":null/)
  t.match((await cli(['accounts', 'show', '1002'])).printed, / 7001 \(lost\) /)
  t.strictSame(await cli(['tokens', 'set', '1002', '7002', '--state', 'lost']), {
    exitCode: 1, printed: '', complained: 'There is no token 7002 on account 1002. Add it with tokens add\n'
  })
  t.match(await cli(['tokens', 'set', '1002', '7001', '--expiry', '2029-13']), {
    exitCode: 2, complained: '--expiry must be a month such as 2029-11, or never, not 2029-13\n'
  })
  t.match(await cli(['tokens', 'set', '1002', '7001', '--state', 'gone']), { exitCode: 2, complained: /lost, stolen/ })
  t.same((await read('/accounts/1002')).json().cards, [{ token: '7001', state: 'lost', expiry: null }])
})

t.test('what was reported is shown beside the stand-in balance', async (t) => {
  const { cli, read, call, app } = await serveCommands(t)
  await app.inject({
    method: 'PUT',
    url: '/amlyze-ws-rest/account-balance',
    headers: { authorization: 'Bearer amlyze-token-of-123' },
    payload: {
      requester: 'core',
      communicationNumber: 'n-1',
      accountExtId: 'DOLLAR',
      balanceAt: '2026-01-01T00:00:00Z',
      value: 2.5
    }
  })
  t.match((await cli(['accounts', 'reported', '1002'])).printed, /\n2026-01-01T00:00:00\S*Z +2\.5 .* n-1\n/)
  t.equal((await cli(['accounts', 'reported', '1002'])).printed.split('\n')[0], 'Stand-in balance: 0.00, currency 840')
  t.equal(
    (await cli(['accounts', 'reported', '1002', '--series', '--json'])).printed,
    `${(await read('/accounts/1002/reported-balances?view=series')).body}\n`
  )
  await call('DELETE', '/accounts/1002')
  t.match((await cli(['accounts', 'reported', '1002'])).printed, /^Stand-in balance: none, the account was deleted/)
})
