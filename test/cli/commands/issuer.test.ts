import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeFolder } from '../../support/folder.js'
import { serveCommands } from '../../support/terminal.js'

const URL = 'http://127.0.0.1:4000/fast'

t.test('stand-in is shown, and set where something is given', async (t) => {
  const { cli, read, call } = await serveCommands(t)
  t.equal((await cli(['clients', 'stand-in', '123'])).printed, [
    'Setting          Value',
    'mode             enhanced_with_listing',
    'stand_in_on      timeout connection error invalid_answer',
    'decline_code     05',
    'manual           false',
    'unaware_updates  overwrite',
    ''
  ].join('\n'))
  t.match((await cli([
    'clients', 'stand-in', '123', '--mode', 'basic', '--manual', 'on', '--stand-in-on', 'timeout', 'error',
    '--decline-code', '91', '--unaware-updates', 'keep_holds'
  ])).printed, /\nmanual +true\n/)
  t.same((await read('/clients/123/stand-in')).json(), {
    mode: 'basic',
    stand_in_on: ['timeout', 'error'],
    decline_code: '91',
    manual: true,
    unaware_updates: 'keep_holds'
  })
  t.match((await cli(['clients', 'stand-in', '123', '--manual', 'off', '--json'])).printed, /"manual":false/)
  await call('PUT', '/clients/123/stand-in', { stand_in_on: [] })
  t.match((await cli(['clients', 'stand-in', '123'])).printed, /\nstand_in_on +none\n/)
  t.match(await cli(['clients', 'stand-in', '123', '--mode', 'x']), { exitCode: 2, complained: /Allowed choices/ })
})

t.test('an issuer is set, shown, switched and removed', async (t) => {
  const { cli, read } = await serveCommands(t)
  const file = join(makeFolder(t), 'header')
  writeFileSync(file, 'Authorization: Bearer my-token\n')
  t.match((await cli([
    'issuer', 'set', '123', '--issuer-url', URL, '--passive-url', `${URL}/passive`, '--deadline', '500', '--late', '0',
    '--failures', '2', '--within', '1000', '--for', '3000', '--throttle-on', 'timeout', 'error', '--header-file', file
  ])).printed, /\nthrottle +2 failures within 1000 ms, for 3000 ms\nheader +Authorization: \(not shown\)\n$/)
  t.match((await read('/clients/123/issuer')).json(), {
    url: URL, passive_url: `${URL}/passive`, deadline_ms: 500, late_answer_ms: 0, throttle_on: ['timeout', 'error']
  })
  const [client] = (await read('/scenario')).json().clients
  t.same(client.issuer.header, { name: 'Authorization', value: 'Bearer my-token' })
  await cli(['issuer', 'set', '123', '--no-passive-url', '--no-header'])
  t.match((await read('/clients/123/issuer')).json(), { passive_url: null, header: null, deadline_ms: 500 })
  t.match((await cli(['issuer', 'off', '123', '--reason', 'upkeep', '--user', 'qa-7'])).printed,
    /^The issuer of client 123 is off\n\nWhen +State +Who +Why\n\S+ +off +qa-7 +upkeep\n$/)
  t.match((await cli(['issuer', 'show', '123'])).printed, /\nstate +off\n[^]*\n\nWhen .*\n.* upkeep\n$/)
  t.match((await cli(['issuer', 'probe', '123'])).printed, /^The issuer of client 123 is on\n/)
  t.match(await cli(['issuer', 'remove', '123']), { exitCode: 2, complained: /Remove the issuer of client 123\?/ })
  t.match((await cli(['issuer', 'remove', '123', '--yes'])).printed, /^Removed:\nSetting/)
  t.match(await cli(['issuer', 'show', '123']), { exitCode: 1, complained: /^Client 123 has no issuer/ })
})

t.test('an issuer without a history is shown without one', async (t) => {
  const { cli } = await serveCommands(t)
  await cli(['issuer', 'set', '123', '--issuer-url', URL])
  const { printed } = await cli(['issuer', 'show', '123'])
  t.match(printed, /\npassive_url +none\n[^]*\nthrottle_state +on\n[^]*\nheader +none\n$/)
})

t.test('a client\'s calls are let fail, shown, and put right', async (t) => {
  const { cli, read } = await serveCommands(t)
  const [faults, path] = [['clients', 'faults', '123'], '/clients/123/faults']
  t.match(await cli(faults), { exitCode: 1, complained: 'No faults are set for client 123\n' })
  t.equal((await cli([...faults, '--fault', 'status', '--status', '500', '--delay', '20', '--calls', '2'])).printed, [
    'Setting     Value',
    'fault       status',
    'status      500',
    'delay_ms    20',
    'calls       2',
    'calls_left  2',
    'until       none',
    'hits        0',
    ''
  ].join('\n'))
  await cli([...faults, '--delay', '20', '--for', '5000'])
  t.match((await read(path)).json(), { definition: { delay_ms: 20, for_ms: 5000 }, calls_left: null })
  t.match((await cli(faults)).printed, /\nfor_ms +5000\n/)
  t.match((await cli([...faults, '--end', '--json'])).printed, /"hits":0/)
  t.equal((await read(path)).statusCode, 404)
  t.match(await cli([...faults, '--fault', 'cut']), { exitCode: 1, complained: /calls or for_ms is required/ })
})

t.test('what cannot be right is refused before anything is sent', async (t) => {
  const { cli } = await serveCommands(t)
  const file = join(makeFolder(t), 'header')
  writeFileSync(file, 'no header\n')
  t.match(await cli(['issuer', 'set', '123', '--issuer-url', URL, '--header-file', file]), {
    exitCode: 2, complained: `${file} must hold one line, such as "Authorization: Bearer my-token"\n`
  })
  t.match(await cli(['issuer', 'set', '123', '--deadline', '2s']), {
    exitCode: 2, complained: '--deadline must be a whole number of milliseconds, not 2s\n'
  })
})

t.test('a built-in issuer is told what to do, shown, and reset', async (t) => {
  const { cli, read, call } = await serveCommands(t)
  t.equal((await cli(['issuer', 'behave', 'main', 'never-answer'])).printed, [
    'Setting      Value',
    'path         /issuer/main',
    'default      never-answer',
    'advices      as requests',
    'requests     0',
    'advices got  0',
    'waiting      0',
    ''
  ].join('\n'))
  const wanted = async (...what: string[]): Promise<unknown> => {
    t.equal((await cli(['issuer', 'behave', 'main', ...what])).exitCode, 0)
    return (await read('/issuers/main')).json().definition
  }
  t.match(await wanted('decline=51', 'delay=3000', 'shadow=wrong-currency'), {
    default: { behaviour: 'decline', code: '51', delay_ms: 3000, shadow: 'wrong_currency' }
  })
  t.match(await wanted('delay=5'), { default: { behaviour: 'approve', delay_ms: 5 } })
  t.match(await wanted('status=500'), { default: { behaviour: 'status', status: 500 }, script: [] })
  t.match(await wanted('--script', 'drop', 'approve', 'shadow=right'), {
    default: { behaviour: 'status' }, script: [{ behaviour: 'drop' }, { behaviour: 'approve', shadow: 'right' }]
  })
  await call('PUT', '/issuers/main', {
    rules: [{ when: { tokens: ['5'] }, then: { behaviour: 'drop' } }],
    script: [{ behaviour: 'not_json' }],
    advices: { behaviour: 'drop' },
    ledger: [{ token: '5', currency: 'KES', actual_balance: '1', blocked_balance: '0' }]
  })
  const { printed } = await cli(['issuer', 'built-in', 'main'])
  t.match(printed, /\nrule 1 +drop, when {"tokens":\["5"\]}: 0 hits\nstep 1 +not-json\nadvices +drop\n/)
  t.match(printed, /\ncard 5 +actual 1\.00, blocked 0\.00, currency 404\n/)
  t.match((await cli(['issuer', 'reset', 'main'])).printed, /\nstep 1 +not-json\n/)
})

t.test('what a built-in issuer cannot do is refused, and what it can is listed', async (t) => {
  const { cli } = await serveCommands(t)
  for (const word of ['sleep', 'delay=soon', 'shadow=x', 'delay', 'approve=1', 'status=x']) {
    t.match(await cli(['issuer', 'behave', 'main', word]), {
      exitCode: 2, complained: `There is no behaviour ${word}. There are approve, decline=51, ledger,`
    })
  }
  t.match(await cli(['issuer', 'behave', 'main', 'approve', 'drop']), {
    exitCode: 2, complained: 'Name one behaviour, or several with --script\n'
  })
  t.match(await cli(['issuer', 'behave', 'Main', 'approve']), { exitCode: 2, complained: /^issuer must be 1 to 50/ })
  t.match(await cli(['issuer', 'built-in', 'main']), { exitCode: 1, complained: /^There is no built-in issuer main/ })
  t.match(await cli(['issuer', 'behave', 'main', 'approve', '--token', 'wrong']), { exitCode: 1 })
})
