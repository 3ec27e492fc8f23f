import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { makeFolder } from '../../support/folder.js'
import { NOW } from '../../support/service.js'
import { serveCommands } from '../../support/terminal.js'

const SET_AT = NOW.toISOString()

t.test('balances are shown, aligned for people and as they came for scripts', async (t) => {
  const { cli, read } = await serveCommands(t)
  t.strictSame(await cli(['balances', 'show', '--client', '456']), {
    exitCode: 0,
    printed: 'Account  Client  Currency  Actual  Blocked  Available  Reference  Tokens  Set at\n   2001     456  404 ' +
      `KES     3.00     1.00       2.00             777     ${SET_AT}\n`,
    complained: ''
  })
  t.match((await cli(['balances', 'show', '1002'])).printed, /\n {3}1002 {5}123 {2}840 USD {5}0.00 .* DOLLAR/)
  for (const [args, path] of [
    [['show', '9007199254740993'], '/accounts/9007199254740993'],
    [['show', '--currency', '404', '--limit', '2'], '/accounts?currency=404&limit=2'],
    [['show', '--card-token', '12345'], '/accounts?token=12345']
  ] as const) {
    t.equal((await cli(['balances', ...args, '--json'])).printed, `${(await read(path)).body}\n`)
  }
  const page = await cli(['balances', 'show', '--limit', '1'])
  const [, cursor = ''] = /There are more: --cursor (\S+)\n$/.exec(page.printed) ?? []
  t.match((await cli(['balances', 'show', '--limit', '1', '--cursor', cursor])).printed, '1003')
})

t.test('an account is shown by itself or not at all', async (t) => {
  const { cli } = await serveCommands(t)
  t.strictSame(await cli(['balances', 'show', '1002', '--client', '123']), {
    exitCode: 2,
    printed: '',
    complained: 'With an account, no filter and no page can be given\n'
  })
  t.strictSame(await cli(['balances', 'show', '987']), {
    exitCode: 1,
    printed: '',
    complained: 'There is no account 987\n'
  })
  t.match(await cli(['balances', 'show', '../clients']), { exitCode: 2, complained: /^account must be a whole number/ })
})

t.test('balances are set with a reason, first as a dry run', async (t) => {
  const { cli, read, databasePath } = await serveCommands(t)
  const before = everythingIn(databasePath)
  const set = [
    'balances', 'set', '1002', '--actual', '-10.00', '--blocked', '0', '--reason', 'overdraft', '--user', 'qa-7'
  ]
  t.strictSame(await cli([...set, '--dry-run']), {
    exitCode: 0,
    printed: 'Dry run: nothing was changed.\nAccount 1002, currency 840, converted at 1\n        Actual  Blocked  ' +
      'Available\nBefore    0.00     0.00       0.00\nAfter   -10.00     0.00     -10.00\n',
    complained: ''
  })
  t.same(everythingIn(databasePath), before)
  t.match(JSON.parse((await cli([...set, '--json'])).printed), {
    account_id: '1002',
    after: { actual_balance: '-10.00' }
  })
  t.match((await read('/accounts/1002/history')).json(), {
    changes: [{ operation: { source: 'sandbox', reason: 'overdraft', user_id: 'qa-7' } }, {}]
  })
  await cli([
    'balances', 'set', '9007199254740993', '--actual', '1', '--blocked', '0', '--currency', '840', '--reason',
    'conversion'
  ])
  t.match((await read('/accounts/9007199254740993')).json(), { actual_balance: '129.05' })
})

t.test('who gives no reason is asked for one where somebody can answer', async (t) => {
  const { cli, read } = await serveCommands(t)
  const set = ['balances', 'set', '1002', '--actual', '5', '--blocked', '0']
  t.strictSame(await cli(set), {
    exitCode: 2,
    printed: '',
    complained: 'Say why with --reason: it is kept in the history\n'
  })
  t.match(await cli(set, ''), { exitCode: 2, complained: /Why are they set by hand\?/ })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.match(await cli(set, 'because\n'), { exitCode: 0 })
  t.match((await read('/accounts/1002/history')).json().changes[0].operation, { reason: 'because' })
})

t.test('a refusal has the service\'s words', async (t) => {
  const { cli } = await serveCommands(t)
  t.strictSame(await cli(['balances', 'set', '1002', '--actual', '1.001', '--blocked', '0', '--reason', 'x']), {
    exitCode: 1, printed: '', complained: 'actual_balance has more decimals than USD has (2)\n'
  })
})

const HEADER = 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\n'

t.test('a balance file is applied, and its feedback kept', async (t) => {
  const { cli, read } = await serveCommands(t)
  const folder = makeFolder(t)
  const [daily, feedback] = [join(folder, 'daily.csv'), join(folder, 'failed.csv')]
  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\nb,987,840,1,0,\n`)
  const run = ['balances', 'import', daily, '--client', '123']

  t.match(await cli([...run, '--dry-run']), {
    exitCode: 4,
    printed: /^Dry run: nothing was changed.\n1 of 2 rows applied in [\d.]+ s, as file 1\n$/
  })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.match(await cli([...run, '--feedback', feedback]), {
    exitCode: 4,
    printed: /^1 of 2 rows .* as file 2\n$/,
    complained: 'Rows that failed: 1\nAccount: 987, Reason: Account does not exist\n'
  })
  t.match((await read('/accounts/1002')).json(), { actual_balance: '5.00' })
  t.equal(readFileSync(feedback, 'utf8'), 'line,reason,row\n3,Account does not exist,"b,987,840,1,0,"\n')

  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\n`)
  const again = await cli([...run, '--json'])
  t.match({ ...again, printed: JSON.parse(again.printed) }, {
    exitCode: 0,
    complained: '',
    printed: { SUMMARY: { Job_Id: 3, File_Name: 'daily.csv', Status: 'Success' } }
  })
  writeFileSync(daily, `${HEADER}c,987,840,1,0,\n`)
  t.match(await cli(run), { exitCode: 1, printed: /^0 of 1/ }, 'when every row fails, nothing is done')
})

t.test('what cannot be read or written ends the command before anything is sent', async (t) => {
  const { cli, databasePath } = await serveCommands(t)
  const folder = makeFolder(t)
  const daily = join(folder, 'daily.csv')
  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\n`)
  mkdirSync(join(folder, 'folder'))
  const before = everythingIn(databasePath)
  t.match(await cli(['balances', 'import', join(folder, 'nowhere.csv'), '--client', '123']), {
    exitCode: 2,
    complained: /nowhere\.csv cannot be read: ENOENT/
  })
  t.match(await cli(['balances', 'import', join(folder, 'folder'), '--client', '123']), {
    exitCode: 2,
    complained: /folder cannot be read: it is a folder/
  })
  t.match(await cli(['balances', 'import', daily, '--client', '123', '--feedback', daily]), {
    exitCode: 2,
    complained: /daily\.csv cannot be made: it is there already/
  })
  t.match(
    await cli(['balances', 'import', daily, '--client', '123', '--feedback', join(folder, 'none', 'failed.csv')]),
    { exitCode: 2, complained: /failed\.csv cannot be made: ENOENT/ }
  )
  t.same(everythingIn(databasePath), before)
})

t.test('a file that is refused leaves no feedback behind', async (t) => {
  const { cli } = await serveCommands(t)
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'daily.csv'), 'another,header\n')
  const feedback = join(folder, 'failed.csv')
  t.match(
    await cli(['balances', 'import', join(folder, 'daily.csv'), '--client', '123', '--feedback', feedback]),
    { exitCode: 1, complained: /^line 1 must be the header / }
  )
  t.notOk(existsSync(feedback))
  t.match(await cli(['balances', 'import', join(folder, 'daily.csv'), '--client', '789']), {
    exitCode: 1,
    complained: 'There is no client 789\n'
  })
})

t.test('feedback that cannot be kept is another one than a file that was not applied', async (t) => {
  const { app, cli, read } = await serveCommands(t)
  const folder = makeFolder(t)
  const [daily, feedback] = [join(folder, 'daily.csv'), join(folder, 'failed.csv')]
  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\n`)
  // The connection ends in the middle of the feedback.
  app.server.prependListener('request', (request, reply) => {
    if (request.url?.endsWith('/feedback') === true) reply.write = () => reply.destroy().writable
  })
  t.match(await cli(['balances', 'import', daily, '--client', '123', '--feedback', feedback]), {
    exitCode: 4,
    printed: /^1 of 1 rows applied/,
    complained: new RegExp('^The file was applied, but its feedback could not be kept: .* ' +
      'The service still has it, at /sandbox/v1/balance-files/1/feedback\n$')
  })
  t.notOk(existsSync(feedback), 'half a file would look like a whole one')
  t.match((await read('/accounts/1002')).json(), { actual_balance: '5.00' })
})

t.test('a feedback file has its name only when it is whole, and takes no other file\'s', async (t) => {
  const { app, cli } = await serveCommands(t)
  const folder = makeFolder(t)
  const [daily, feedback] = [join(folder, 'daily.csv'), join(folder, 'failed.csv')]
  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\n`)
  app.server.prependListener('request', (request) => {
    if (request.url?.endsWith('/feedback') !== true) return
    t.notOk(existsSync(feedback))
    writeFileSync(feedback, 'of somebody else')
  })
  t.match(await cli(['balances', 'import', daily, '--client', '123', '--feedback', feedback]), {
    exitCode: 4,
    complained: /its feedback could not be kept: it is there already/
  })
  t.equal(readFileSync(feedback, 'utf8'), 'of somebody else')
  t.same(readdirSync(folder).sort(), ['daily.csv', 'failed.csv'])
})

t.test('what is no plain file is sent, too', async (t) => {
  const { cli } = await serveCommands(t)
  t.match(await cli(['balances', 'import', '/dev/null', '--client', '123']), {
    exitCode: 1,
    complained: /^the file is empty/
  })
})
