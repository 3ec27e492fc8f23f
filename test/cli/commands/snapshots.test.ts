import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { NOW, updateBody } from '../../support/service.js'
import { serveCommands } from '../../support/terminal.js'

t.test('balances are saved, compared and set back', async (t) => {
  const { cli, read, update, databasePath } = await serveCommands(t)
  t.equal(
    (await cli(['snapshot', 'save', 'before'])).printed,
    `Name    Saved at                  Covers  Accounts\nbefore  ${NOW.toISOString()}  all            6\n`
  )
  t.match(
    JSON.parse((await cli(['snapshot', 'save', 'two', '--account', '1002', '1003', '--json'])).printed),
    { name: 'two', covers: 'chosen', accounts: 2 }
  )
  t.equal((await cli(['snapshot', 'diff', 'before'])).printed, 'Nothing differs.\n')
  t.match((await cli(['snapshot', 'list'])).printed, /scenario .*\nbefore .*\ntwo .* 2\n$/)
  t.match((await cli(['snapshot', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/)

  await update(updateBody())
  t.match(
    (await cli(['snapshot', 'diff', 'before'])).printed, /\n +1002 {2}changed +840 +0\.00 +0\.00 +200\.00 +50\.00\n$/
  )
  const changed = everythingIn(databasePath)
  t.match(await cli(['snapshot', 'restore', 'before', '--dry-run']), {
    exitCode: 0,
    printed: 'Dry run: nothing was changed.\nAccounts set back to before: 1. As they were: 5\n'
  })
  t.same(everythingIn(databasePath), changed)
  t.match(await cli(['snapshot', 'restore', 'before']), {
    exitCode: 0,
    printed: 'Accounts set back to before: 1. As they were: 5\n'
  })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.match(JSON.parse((await cli(['snapshot', 'reset', '--json'])).printed), {
    snapshot: 'scenario',
    restored: 0,
    unchanged: 6
  })
})

t.test('saved accounts that are gone make a restore one in part', async (t) => {
  const { cli, call } = await serveCommands(t)
  await call('DELETE', '/accounts/1004')
  t.strictSame(await cli(['snapshot', 'reset']), {
    exitCode: 4,
    printed: 'Accounts set back to scenario: 0. As they were: 5\nAccount  Left as it is\n   1004  deleted\n',
    complained: 'Saved accounts that are gone: 1\n'
  })
  t.match((await cli(['snapshot', 'diff', 'scenario'])).printed, /1004 {2}deleted +392 +5 +0\n$/)
})

t.test('an account that is new since is shown and left as it is', async (t) => {
  const { cli, call } = await serveCommands(t)
  await call('POST', '/accounts', {
    accounts: [{ client_id: 123, account_id: '5001', currency: '404', actual_balance: '1.00', blocked_balance: '0' }]
  })
  t.match((await cli(['snapshot', 'diff', 'scenario'])).printed, /\n +5001 {2}new +404 +1\.00 +0\.00\n$/)
  t.match(await cli(['snapshot', 'reset']), { exitCode: 0, printed: /\n +5001 {2}new\n$/ })
})

t.test('a name that is none is refused', async (t) => {
  const { cli } = await serveCommands(t)
  t.match(await cli(['snapshot', 'restore', 'nowhere']), { exitCode: 1, complained: 'There is no snapshot nowhere\n' })
  t.match(await cli(['snapshot', 'diff', 'a/b']), { exitCode: 2, complained: /^snapshot must be 1 to 64 letters/ })
})

t.test('differences can end a step of CI', async (t) => {
  const { cli, update } = await serveCommands(t)
  const diff = ['snapshot', 'diff', 'scenario', '--exit-code']
  t.match(await cli(diff), { exitCode: 0, printed: 'Nothing differs.\n', complained: '' })
  await update(updateBody())
  t.match(await cli(diff), {
    exitCode: 1,
    printed: /1002 {2}changed/,
    complained: 'Balances differ from the snapshot scenario\n'
  })
  t.match(await cli(diff.slice(0, 3)), { exitCode: 0 }, 'without it, differences are no failure')
})

t.test('a person is asked before balances are set back, and a script is not', async (t) => {
  const { cli, read, update } = await serveCommands(t)
  await update(updateBody())
  const balance = async (): Promise<string> => (await read('/accounts/1002')).json().actual_balance
  for (const command of [['snapshot', 'reset'], ['snapshot', 'restore', 'scenario']]) {
    t.match(await cli(command, 'n\n'), {
      exitCode: 1, printed: '', complained: /\? \[y\/N\] [^]*Nothing was changed\n$/
    })
    t.match(await cli([...command, '--dry-run'], ''), { exitCode: 0, printed: /^Dry run/ })
    t.equal(await balance(), '200.00', command.join(' '))
  }
  t.match(await cli(['snapshot', 'reset'], 'y\n'), { exitCode: 0 })
  t.equal(await balance(), '0.00')
  t.match(await cli(['snapshot', 'reset', '--yes'], ''), { exitCode: 0 })
})

t.test('balances of one client are saved and set back', async (t) => {
  const { cli, update, call } = await serveCommands(t)
  t.match(await cli(['snapshot', 'save', 'one', '--client', '456']), { exitCode: 0, printed: /\none .* chosen +1\n$/ })
  await update(updateBody())
  t.match(await cli(['snapshot', 'reset', '--client', '456']), {
    exitCode: 0, printed: 'Accounts set back to scenario: 0. As they were: 1\n'
  })
  t.match(await cli(['snapshot', 'restore', 'scenario', '--client', '123'], 'n\n'), {
    exitCode: 1, complained: /Set the balances of client 123 back to scenario\?/
  })
  t.match(await cli(['snapshot', 'restore', 'scenario', '--client', '123']), {
    exitCode: 0, printed: 'Accounts set back to scenario: 1. As they were: 4\n'
  })
  t.match(await cli(['snapshot', 'reset', '--client', '789']), { exitCode: 1, complained: 'There is no client 789\n' })
  t.match(await cli(['snapshot', 'save', 'two', '--client', '789']), {
    exitCode: 1, complained: 'Client 789 has no accounts. Nothing was saved\n'
  })
  await call('POST', '/accounts', {
    accounts: Array.from({ length: 1000 }, (_, index) => ({
      client_id: 123, account_id: `${5000 + index}`, currency: '404', actual_balance: '0', blocked_balance: '0'
    }))
  })
  t.match(await cli(['snapshot', 'save', 'two', '--client', '123']), {
    exitCode: 1, complained: /^Client 123 has more than 1000 accounts: /
  })
})

t.test('a snapshot is removed only when somebody says so', async (t) => {
  const { cli, read } = await serveCommands(t)
  await cli(['snapshot', 'save', 'before'])
  t.match(await cli(['snapshot', 'delete', 'before']), {
    exitCode: 2,
    complained: 'There is nobody to ask: Remove the snapshot before? Add --yes if so. Nothing was changed\n'
  })
  t.match((await read('/snapshots')).json().snapshots, [{ name: 'scenario' }, { name: 'before' }])
  t.match(await cli(['snapshot', 'delete', 'before', '--yes']), {
    exitCode: 0, printed: 'The snapshot before is removed\n'
  })
  t.match(await cli(['snapshot', 'delete', 'before', '--yes', '--json']), {
    exitCode: 1, complained: 'There is no snapshot before\n'
  })
  await cli(['snapshot', 'save', 'before'])
  t.match(await cli(['snapshot', 'delete', 'before', '--json'], 'yes\n'), { exitCode: 0, printed: '' })
})
