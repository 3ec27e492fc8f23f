import t from 'tap'
import { run } from '../../../src/cli/run.js'
import type { Test } from '../../support/folder.js'
import { decide, hangUp, holdBack, reply } from '../../support/issuer.js'
import { ADMIN_TOKEN } from '../../support/service.js'
import { ask } from '../../support/stored-payments.js'
import { makeStandInService, payTooLate, STILL, type StandInService } from '../../support/stand-in.js'
import { makeTerminal, runHere, serveCommands } from '../../support/terminal.js'

const ACCOUNT = '9007199254740993'

/** A service whose client 123 decides everything in stand-in. The clock stands, so that no advice is due. */
async function serveStandIn (t: Test): ReturnType<typeof serveCommands> {
  const service = await serveCommands(t)
  await service.call('PUT', '/clients/123/issuer', { url: 'http://127.0.0.1:9/fast' })
  await service.call('PUT', '/clients/123/stand-in', { manual: true })
  await service.call('POST', '/stand-in/rules', {
    rule_id: 'small-pos',
    client_id: 123,
    when: { spend_types: ['POS - Purchase'] },
    limits: { currency: '404', amount: { max: '200.00' } }
  })
  return service
}

/** What a command prints at a terminal of 100 columns. */
async function printAt100 (address: string, args: readonly string[]): Promise<string> {
  const terminal = makeTerminal({ STIP_SANDBOX_URL: address, ADMIN_TOKEN, NO_COLOR: '1' }, '', 100)
  await run(args, terminal)
  return terminal.printed()
}

t.test('a payment is shown with why it was decided so', async (t) => {
  const { cli, read } = await serveStandIn(t)
  t.strictSame(await cli(['authorize', '12345', '100.00', 'KES', '--idempotency-key', 'k']), {
    exitCode: 0,
    printed: [
      'Transaction 1: pending, 00 approved, decided in stand-in, reason 930',
      `Account ${ACCOUNT}: actual 1000.00, blocked 110.00, available 890.00`,
      '',
      'Step              Result   Why',
      'card              passed',
      'billing           passed   amount 100.00, currency 404',
      'processor_checks  passed',
      'issuer            skipped  stand-in is manual: nobody asks the issuer',
      'stand_in_on       passed',
      'stand_in_mode     passed   mode enhanced_with_listing',
      'rules             passed   triggered small-pos',
      'listing           passed   available 990.00, needed 100.00',
      '',
      'Rule       Allows  Conditions and limits',
      'small-pos  yes     spend_types has POS - Purchase; amount 100.00 within 200.00',
      ''
    ].join('\n'),
    complained: ''
  })
  const again = await cli(['authorize', '12345', '100.00', 'KES', '--idempotency-key', 'k', '--json'])
  t.match(JSON.parse(again.printed), { transaction: { tid: '1' } })
  t.match(await cli(['authorize', '12345', '99.00', 'KES', '--idempotency-key', 'k']), {
    exitCode: 1, complained: /was used for another payment/
  })
  t.match((await read('/transactions/1')).json(), { idempotency_key: 'k' })
})

t.test('what is typed of a payment is what arrives, and a decline is no failure of the command', async (t) => {
  const { cli, read, call } = await serveStandIn(t)
  const declined = await cli([
    'authorize', '12345', '1', '404', '--kind', 'withdrawal', '--channel', 'atm', '--entry-mode', 'chip', '--category',
    '6011', '--country', 'KE', '--single-message', '--decline', '05'
  ])
  t.match(declined, {
    exitCode: 0, printed: /^Transaction 1: declined, 05 do not honour, decided by the processor, reason 930\n/
  })
  t.match((await read('/transactions/1')).json(), {
    message_type: '0200',
    spend_type: 'ATM - Withdrawal',
    entry_mode: 'chip',
    merchant_category: '6011',
    country: 'KE',
    de39: '05'
  })
  const { printed } = await cli(['authorize', '12345', '201', 'KES'])
  t.match(printed, /\nsmall-pos {2}no {6}spend_types has POS - Purchase; amount 201\.00 above 200\.00\n$/)
  t.match(
    (await cli(['authorize', '12345', '1', 'KES', '--channel', 'ecom'])).printed,
    /\nsmall-pos +no +spend_types has not ECOM/
  )
  await call('POST', '/stand-in/rules', {
    rule_id: 'euros', client_id: 123, limits: { currency: '978', amount: { max: '1.00' } }
  })
  t.match((await cli(['authorize', '12345', '1', 'KES'])).printed, /\neuros +no .*; no rate leads/)
  t.match(await cli(['authorize', '999', '1', 'KES']), {
    exitCode: 0,
    printed: /^Transaction 5: declined, 14 invalid card number, decided by the processor, reason 000\n\nStep/
  })
  t.match(await cli(['authorize', '12345', '1.001', 'KES']), {
    exitCode: 1, complained: /amount has more decimals than/
  })
})

t.test('an evaluation shows what would be decided, and writes nothing', async (t) => {
  const { cli, read } = await serveStandIn(t)
  t.match(await cli(['authorize', '12345', '100', 'KES', '--evaluate']), {
    exitCode: 0,
    printed: new RegExp('^Would be approved: 00 approved, decided in stand-in, reason 900\n' +
      `Account ${ACCOUNT}: actual 1000\\.00, blocked 10\\.00 → 110\\.00\n\n` +
      'Step .*\n[^]*\nissuer +failed +evaluated as if the issuer had not answered in time\n')
  })
  t.match((await cli(['authorize', '12345', '201', 'KES', '--evaluate'])).printed,
    /^Would be declined: 61 .+, decided in stand-in, reason 900\nNo balance would change\n\nStep /)
  t.match(JSON.parse((await cli(['authorize', '999', '1', 'KES', '--evaluate', '--json'])).printed), {
    decision: 'declined', de39: '14', rules: []
  })
  t.same((await read('/transactions')).json().transactions, [])
})

t.test('payments are listed, page by page, and fit into 100 columns', async (t) => {
  const { cli, address } = await serveStandIn(t)
  for (const amount of ['1', '2', '3']) await cli(['authorize', '12345', amount, 'KES'])
  await cli(['authorize', '999', '1', 'KES'])
  const { printed } = await cli(['transactions', 'list'])
  t.match(printed, /^Transaction {2}When +Account +Spend type +Amount +Status +DE39 +Decided by\n/)
  t.equal(printed.trimEnd().split('\n').length, 5)
  t.match((await cli(['transactions', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/)
  for (const [option, value, count] of [
    ['--client', '123', 3], ['--account', ACCOUNT, 3], ['--card', '999', 1]
  ] as const) {
    const found = JSON.parse((await cli(['transactions', 'list', option, value, '--json'])).printed)
    t.equal(found.transactions.length, count, option)
  }
  for (const line of (await printAt100(address, ['transactions', 'list'])).split('\n')) t.ok(line.length <= 100, line)
})

t.test('a payment is shown once something has come, or its time has passed', async (t) => {
  const { cli } = await serveStandIn(t)
  await cli(['authorize', '12345', '1', 'KES'])
  t.match((await cli(['transactions', 'show', '1'])).printed, /^Transaction 1: pending, 00 approved.*\n\nStep/)
  t.match(
    (await cli(['transactions', 'show', '1', '--wait-for', 'decided'])).printed,
    /\nWhat was waited for has come\n/
  )
  const waited = await cli(['transactions', 'show', '1', '--wait-for', 'late_answer', '--timeout', '0'])
  t.match(waited, {
    exitCode: 1,
    printed: /^Transaction 1: pending, 00 approved.*\n\nStep/,
    complained: 'What was waited for has not come: late_answer\n'
  })
  const answered = await cli(['transactions', 'show', '1', '--wait-for', 'late_answer', '--timeout', '0', '--json'])
  t.equal(answered.exitCode, 1)
  t.match(JSON.parse(answered.printed), { reached: false })
  t.match(await cli(['transactions', 'show', '9']), { exitCode: 1, complained: 'There is no transaction 9\n' })
})

t.test('a payment whose hold was wiped is marked', async (t) => {
  const { cli, call } = await serveStandIn(t)
  const pay = async (): Promise<unknown> => await cli(['authorize', '12345', '100', 'KES'])
  await pay()
  const unmarked = (await cli(['transactions', 'list'])).printed
  t.notMatch(unmarked, /Hold|lost/)
  t.notMatch((await cli(['transactions', 'show', '1'])).printed, 'Lost hold')
  await cli(['balances', 'set', ACCOUNT, '--actual', '1000', '--blocked', '10', '--reason', 'end of day'])
  await pay()
  t.match((await cli(['transactions', 'list'])).printed, /Decided by +Hold\n +2 .* stand_in\n +1 .* stand_in +lost\n$/)
  t.match(
    (await cli(['transactions', 'show', '1'])).printed,
    `reason 930\nLost hold: the blocked balance of account ${ACCOUNT} does not contain 100.00 any more\n\nStep`
  )
  await call('DELETE', `/accounts/${ACCOUNT}`)
  t.notMatch((await cli(['transactions', 'list'])).printed, 'lost', 'a hold of nothing cannot be lost')
})

t.test('a payment that is not decided yet is shown as such', async (t) => {
  const { cli, call, store } = await serveStandIn(t)
  await call('PUT', '/clients/123/stand-in', { manual: false })
  const { thread: { tid } } = await ask(store)
  t.strictSame(await cli(['transactions', 'show', String(tid)]), {
    exitCode: 0, printed: `Transaction ${tid}: received\n`, complained: ''
  })
})

t.test('the messages about a payment are shown as they are sent', async (t) => {
  const { cli } = await serveStandIn(t)
  await cli(['authorize', '12345', '1', 'KES'])
  const { exitCode, printed } = await cli(['transactions', 'messages', '1'])
  t.equal(exitCode, 0)
  t.match(JSON.parse(printed), [{ message_type: '0120', message: { SUMMARY: { TID: '1', Network: 'PPWR' } } }])
})

t.test('advices are listed, cancelled and sent by hand', async (t) => {
  const { cli, address } = await serveStandIn(t)
  await cli(['authorize', '12345', '1', 'KES'])
  await cli(['authorize', '12345', '2', 'KES'])
  const { printed } = await cli(['advices', 'list'])
  t.match(
    printed,
    /^Advice {2}Transaction {2}Client {2}Type {2}State {4}Attempts {2}Next +Last error\n +4 +2 +123 {2}0120 {2}waiting/
  )
  t.match((await cli(['advices', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/)
  t.match((await cli(['advices', 'cancel', '2'])).printed, /\n {5}2 +1 +123 {2}0120 {2}cancelled +0\n$/)
  for (const [option, value, count] of [['--state', 'cancelled', 1], ['--client', '123', 2]] as const) {
    const found = JSON.parse((await cli(['advices', 'list', option, value, '--json'])).printed)
    t.equal(found.advices.length, count, option)
  }
  for (const line of (await printAt100(address, ['advices', 'list'])).split('\n')) t.ok(line.length <= 100, line)
  t.match((await cli(['advices', 'retry', '2'])).printed, /\n {5}2 +1 +123 {2}0120 {2}waiting +0 /)
  t.match(await cli(['advices', 'cancel', '9']), { exitCode: 1, complained: 'There is no advice 9\n' })
})

t.test('the advice to a passive feed is named so', async (t) => {
  const { cli, call } = await serveStandIn(t)
  await call('PUT', '/clients/123/issuer', { passive_url: 'http://127.0.0.1:9/passive' })
  await cli(['authorize', '12345', '1', 'KES'])
  t.match((await cli(['advices', 'list'])).printed, /\n {5}3 +1 +123 {2}0100 passive {2}waiting/)
})

/** Gives what runs commands against a service. */
async function commandsOf ({ app }: StandInService): Promise<(...args: string[]) => Promise<string>> {
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return async (...args) => (await runHere(args, { STIP_SANDBOX_URL: address, ADMIN_TOKEN })).printed
}

t.test('a trace tells what became of the balances that an issuer states', async (t) => {
  const service = await makeStandInService(t, STILL)
  const { issuer } = service
  const cli = await commandsOf(service)
  const state = (actual: number): void => {
    issuer.script.push(decide('00', { SHADOW: { balances: [{ actual, blocked: 0, currency: '404' }] } }))
  }
  issuer.script.push(hangUp)
  await cli('authorize', '12345', '100', 'KES')
  state(1.001)
  t.match(await cli('authorize', '12345', '1', 'KES'),
    /\n\nSHADOW of the issuer: dropped, .* more decimals than KES has \(2\)\n\nRule /)
  state(900)
  const applied = /\n\nSHADOW of the issuer: applied\nLost holds: payment 1\n\nRule /
  t.match(await cli('authorize', '12345', '1', 'KES'), applied)
  t.match(await cli('transactions', 'show', '3'), applied)
})

t.test('a trace tells of an answer that came too late', async (t) => {
  for (const [step, code] of [[decide('51'), '51'], [reply(500, ''), 'no code']] as const) {
    const held = holdBack()
    const service = await payTooLate(t, held.step, STILL)
    const { tid } = service.answer.json().transaction
    const cli = await commandsOf(service)
    t.notMatch(await cli('transactions', 'show', tid), 'Late answer')
    held.release(step)
    await service.wait(tid, 'late_answer')
    t.match(
      await cli('transactions', 'show', tid),
      new RegExp(`\\n\\nLate answer of the issuer: ${code}, after \\d+ ms, not applied\\n\\nRule `)
    )
  }
})
