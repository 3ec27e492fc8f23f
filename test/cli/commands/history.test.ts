import t from 'tap'
import { run } from '../../../src/cli/run.js'
import { ADMIN_TOKEN, updateBody } from '../../support/service.js'
import { makeTerminal, serveCommands } from '../../support/terminal.js'

t.test('the history of an account is shown newest first, page by page', async (t) => {
  const { cli, read, call, update } = await serveCommands(t)
  await update(updateBody())
  const { printed } = await cli(['history', '1002'])
  t.match(printed, /^When .*\n\S+ {2}paymentology +1002 +200\.00 +50\.00 +150\.00 .* 001\n\S+ {2}scenario +1002 +0\.00/)
  t.equal(
    (await cli(['history', '1002', '--json', '--limit', '1'])).printed,
    `${(await read('/accounts/1002/history?limit=1')).body}\n`
  )
  t.match((await cli(['history', '1002', '--limit', '1'])).printed, /\nThere are more: --cursor \S+\n$/)
  await call('DELETE', '/accounts/1002')
  t.match((await cli(['history', '1002'])).printed, /^The account was deleted at 2026-01-31T08:15:30\.123Z\nWhen/)
})

t.test('at a terminal, a history has at most 100 columns, and names what it leaves out', async (t) => {
  const { update, address } = await serveCommands(t)
  const large = { act_balance: 1_234_567.89, blk_balance: 1_000_000 }
  await update(updateBody([large], { api_call_unique_identifier: '2026-01-31-08-15-01', remarks: 'r'.repeat(60) }))
  const environment = { STIP_SANDBOX_URL: address, ADMIN_TOKEN, NO_COLOR: '1' }
  const terminal = makeTerminal(environment, '', 100)
  t.equal(await run(['history', '1002'], terminal), 0)
  const lines = terminal.printed().trimEnd().split('\n')
  t.match(lines, [
    /^When +Source +Actual +Blocked +Available +Identifier$/, /paymentology +1234567\.89 .* 2026-01-31-08-15-01$/,
    /scenario +0\.00/, /^Left out here: Account, Actual before, .*Why \(see --json\)$/
  ])
  t.ok(lines.every((line) => line.length <= 100))
})

t.test('what one request did is shown with its answer', async (t) => {
  const { cli, update } = await serveCommands(t)
  await update(updateBody([{}, { input_id: 987 }]))
  t.match(
    (await cli(['history', '--client', '123', '--identifier', '001'])).printed,
    /paymentology +1002 .*\nAnswered: \{"header":.*"total_failed":1.*\}\n$/
  )
  t.match(await cli(['history', '--client', '123', '--identifier', '002']), {
    exitCode: 1,
    complained: /has sent no request with the identifier "002"/
  })
})

t.test('a page of what a request did is not taken for all of it', async (t) => {
  const { cli } = await serveCommands(t)
  for (const page of [['--limit', '1'], ['--cursor', 'MQ']]) {
    t.match(await cli(['history', '--client', '123', '--identifier', '001', ...page]), {
      exitCode: 2,
      printed: '',
      complained: /^What a request did is shown as a whole/
    })
  }
})

t.test('either an account or a request is asked for', async (t) => {
  const { cli } = await serveCommands(t)
  for (const args of [
    [],
    ['1002', '--client', '123'],
    ['1002', '--identifier', '1'],
    ['--client', '123'],
    ['--identifier', '1']
  ]) {
    t.strictSame(await cli(['history', ...args]), {
      exitCode: 2,
      printed: '',
      complained: 'Give either an account, or --client and --identifier\n'
    })
  }
})
