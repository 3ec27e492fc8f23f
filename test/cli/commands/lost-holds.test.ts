import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { run } from '../../../src/cli/run.js'
import { namePayments } from '../../../src/cli/lost-holds.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { ADMIN_TOKEN } from '../../support/service.js'
import { ACCOUNT } from '../../support/stand-in.js'
import { makeTerminal, runHere, serveCommands, type CommandResult } from '../../support/terminal.js'

/** A service with holds of 100.00 KES that their issuer does not know of: nobody asks it, and no advice is due. */
async function makeHeld (t: Test, count = 1) {
  const service = await serveCommands(t)
  const { call, cli, address } = service
  await call('PUT', '/clients/123/issuer', { url: 'http://127.0.0.1:9/fast' })
  await call('PUT', '/clients/123/stand-in', { manual: true })
  await call('POST', '/stand-in/rules', { rule_id: 'any', client_id: 123 })
  const pay = async (): Promise<void> => { await cli(['authorize', '12345', '100', 'KES']) }
  for (let paid = 0; paid < count; paid += 1) await pay()
  return {
    ...service,
    pay,
    /** Sends an update of Paymentology's call, with an admin token or without one. */
    update: async (more: readonly string[] = [], token?: string): Promise<CommandResult> => await runHere(
      [
        'update', '--client', '123', '--card-token', '12345', '--actual', '1000', '--blocked', '10', '--currency',
        'KES', '--identifier', 'end of day', ...more
      ],
      { STIP_SANDBOX_URL: address, STIP_API_KEY: 'key-of-123', ...token !== undefined && { ADMIN_TOKEN: token } }
    )
  }
}

const SET = ['balances', 'set', ACCOUNT, '--actual', '1000', '--blocked', '10', '--reason', 'end of day']

t.test('balances set by hand tell whose holds they wipe, also in a dry run', async (t) => {
  const { cli } = await makeHeld(t)
  t.match((await cli([...SET, '--dry-run'])).printed, /^Dry run.*\n[^]*\nAfter .*\nLost holds: payment 1\n$/)
  t.match((await cli(SET)).printed, /\nAfter .*\nLost holds: payment 1\n$/)
  t.match((await cli(SET)).printed, /\nAfter .*00\n$/, 'only once')
})

t.test('a history names the payments whose holds a change wiped, within 100 columns', async (t) => {
  const { cli, address } = await makeHeld(t, 5)
  t.notMatch((await cli(['history', ACCOUNT])).printed, 'Lost holds')
  await cli(SET)
  const terminal = makeTerminal({ STIP_SANDBOX_URL: address, ADMIN_TOKEN, NO_COLOR: '1' }, '', 100)
  t.equal(await run(['history', ACCOUNT], terminal), 0)
  const lines = terminal.printed().trimEnd().split('\n')
  t.match(lines.slice(0, 3), [
    /^When +Source +Actual +Blocked +Available +Lost holds\b/,
    /sandbox +1000\.00 +10\.00 +990\.00 +payments 1, 2, 3 and 2 more\b/,
    /stand-in +1000\.00 +510\.00 +490\.00$/
  ])
  t.ok(lines.every((line) => line.length <= 100), lines.join('\n'))
})

t.test('an update looks up whose holds it wiped, for its answer cannot tell', async (t) => {
  const { update } = await makeHeld(t)
  const note = `Lost holds of account ${ACCOUNT}: payment 1\n`
  const hint = 'Whether it wiped holds, the admin token shows: ' +
    'stip-sandbox history --client 123 --identifier end of day\n'
  t.notMatch((await update(['--dry-run'], ADMIN_TOKEN)).printed, /[Hh]olds/)
  t.match((await update([], ADMIN_TOKEN)).printed, new RegExp(`\\ntoken 12345 .*\\n${note}$`))
  for (const token of [undefined, 'of-another-service-0123456789']) {
    const { exitCode, printed, complained } = await update([], token)
    t.match({ exitCode, complained }, { exitCode: 0, complained: '' })
    t.ok(printed.endsWith(hint), printed)
  }
  const { printed, complained } = await update(['--json'], ADMIN_TOKEN)
  t.match(JSON.parse(printed), { body: { total_failed: 0 } })
  t.equal(complained, note)
  t.notMatch((await update(['--identifier', 'next'], ADMIN_TOKEN)).printed, /[Hh]olds/)
})

t.test('a request that is sent again tells whose holds that wipes', async (t) => {
  const { cli, update, pay } = await makeHeld(t)
  await update()
  t.notMatch((await cli(['requests', 'resend', '1', '--dry-run'])).printed, 'Lost holds')
  await pay()
  const { printed } = await cli(['requests', 'resend', '1'])
  t.ok(printed.endsWith(`\nLost holds of account ${ACCOUNT}: payment 2\n`), printed)
})

t.test('the admin token goes to no service over the open network to look for lost holds', async (t) => {
  const { address, update } = await makeHeld(t)
  const exposed = address.replace('127.0.0.1', '0.0.0.0')
  const { printed, complained } = await update(['--url', exposed], ADMIN_TOKEN)
  t.match(printed, /\nWhether it wiped holds, the admin token shows: /)
  t.notMatch(complained, 'admin token')
})

t.test('balances as of a message keep its hold', async (t) => {
  const { cli, update, read } = await makeHeld(t)
  // 1 was never sent: the issuer knows of the payment by its advice.
  const [request, advice] = [['--as-of-rid', '1'], ['--as-of-rid', '2']]
  t.match((await cli([...SET, '--dry-run', ...request])).printed, 'Lost holds: payment 1\n')
  t.notMatch((await cli([...SET, '--dry-run', ...advice])).printed, 'Lost holds')
  t.notMatch((await update(advice, ADMIN_TOKEN)).printed, /[Hh]olds/)
  t.match((await read('/transactions/1')).json(), { hold: { counted: true, known: true } })
  t.match(await cli([...SET, '--as-of-rid', 'x']), { exitCode: 2, complained: /^--as-of-rid must be a whole number/ })
})

t.test('accounts that are applied tell whose holds that wipes', async (t) => {
  const { cli, pay } = await makeHeld(t)
  const file = join(makeFolder(t), 'accounts.csv')
  writeFileSync(
    file, `account_id,client_id,currency,actual_balance,blocked_balance\n${ACCOUNT},123,KES,1000.00,10.00\n`
  )
  const apply = ['accounts', 'apply', file]
  t.match((await cli(apply)).printed, /blocked 110\.00 → 10\.00, lost holds: payment 1\n/)
  await pay()
  t.same(JSON.parse((await cli([...apply, '--json'])).printed), [
    { account_id: ACCOUNT, status: 'set', lost_holds: ['2'] }
  ])
})

t.test('after a balance file, the holds are named that the blocked balances do not contain', async (t) => {
  const { cli } = await makeHeld(t, 2)
  const file = join(makeFolder(t), 'daily.csv')
  writeFileSync(
    file, `record_id,account_id,bill_ccy,act_balance,blk_balance,token\nr1,${ACCOUNT},404,100000,1000,\n`
  )
  const load = ['balances', 'import', file, '--client', '123']
  t.notMatch((await cli([...load, '--dry-run'])).printed, 'holds')
  t.match((await cli(load)).printed, /^1 of 1 rows .*\nLost holds of client 123, by now: payments 2, 1\n$/)
})

/** A service that applies a balance file, and then tells of a client's payments what a test says. */
async function serveImport (t: Test, status: number, page: string): Promise<string> {
  const summary = {
    File_Name: 'daily.csv', Job_Id: 1, Total_Records: 1, Passed_Records: 1, Failed_Records: 0, Status_Description: ''
  }
  const server = createServer((request, reply) => {
    request.resume().once('end', () => {
      const [code, body] = request.method === 'POST' ? [200, JSON.stringify({ SUMMARY: summary })] : [status, page]
      reply.writeHead(code, { 'Content-Type': 'application/json' }).end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

const LOST = { tid: '9', hold: { amount: '1.00', remaining: '1.00', counted: false, known: false } }

for (const [what, status, page, line] of [
  ['a part of the payments is', 200, JSON.stringify({ transactions: [LOST], next_cursor: 'x' }),
    'Lost holds of client 123, by now, among its newest 1000 approved payments: payment 9'],
  ['no payment is', 500, '{"title":"Internal Server Error"}',
    'Whether it wiped holds, this shows: stip-sandbox transactions list --client 123']
] as const) {
  t.test(`after a balance file, it is said that ${what} looked at`, async (t) => {
    const address = await serveImport(t, status, page)
    const file = join(makeFolder(t), 'daily.csv')
    writeFileSync(file, 'x')
    const { exitCode, printed } = await runHere(
      ['balances', 'import', file, '--client', '123'], { STIP_SANDBOX_URL: address, ADMIN_TOKEN })
    t.equal(exitCode, 0)
    t.ok(printed.endsWith(`\n${line}\n`), printed)
  })
}

t.test('payments are named one by one', async (t) => {
  t.same([[], ['7'], ['7', '8']].map(namePayments), ['', 'payment 7', 'payments 7, 8'])
})
