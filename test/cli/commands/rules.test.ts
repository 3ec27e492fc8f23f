import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { RULE_EXAMPLE } from '../../../schemas/stand-in-rule.js'
import { makeFolder } from '../../support/folder.js'
import { serveCommands } from '../../support/terminal.js'

t.test('a rule is set from YAML, shown, changed and deleted', async (t) => {
  const { cli } = await serveCommands(t)
  const folder = makeFolder(t)
  const file = join(folder, 'rule.yaml')
  writeFileSync(file, [
    'rule_id: small-pos', 'client_id: 123', 'name: Small purchases', 'priority: 10',
    'when: { spend_types: [POS - Purchase], countries: [KE, GB] }',
    'limits:', '  currency: KES', '  amount: { max: "5000.00" }', '  count: { max: 3, window: PT3H }',
    '  cumulative: { max: "7000.00", window: day }'
  ].join('\n'))
  const shown = [
    'Rule                small-pos of client 123', 'Name                Small purchases', 'Priority            10',
    'Spend types         POS - Purchase', 'Countries           KE, GB', 'Single amount       at most 5000.00 (404)',
    'Number              at most 3 in PT3H, before this one',
    'Sum                 at most 7000.00 (404) in a day (UTC)', 'Counts              approvals per token', ''
  ].join('\n')
  t.strictSame(await cli(['rules', 'set', file, '--dry-run']), {
    exitCode: 0, printed: `Dry run: nothing was changed.\n${shown}`, complained: ''
  })
  t.match(await cli(['rules', 'show', 'small-pos']), { exitCode: 1, complained: 'There is no rule small-pos\n' })
  t.strictSame(await cli(['rules', 'set', file]), { exitCode: 0, printed: shown, complained: '' })
  t.equal((await cli(['rules', 'show', 'small-pos'])).printed, shown)

  const changed = JSON.parse((await cli(['rules', 'show', 'small-pos', '--json'])).printed)
  const json = join(folder, 'rule.json')
  writeFileSync(json, JSON.stringify({
    ...changed,
    active: false,
    applies_to: { tokens: ['12345'] },
    limits: {},
    counts: { what: 'stand_in_approvals', include_reversed: true }
  }))
  t.match(
    (await cli(['rules', 'set', json])).printed,
    /Priority +10, not active\nTokens +12345\n.*\nCountries +KE, GB\n$/
  )

  t.match(await cli(['rules', 'delete', 'small-pos']), {
    exitCode: 2, complained: /^There is nobody to ask: Delete the/
  })
  t.match(
    (await cli(['rules', 'delete', 'small-pos', '--dry-run'])).printed,
    /^Dry run.*\nThe rule small-pos is deleted\n/
  )
  t.equal((await cli(['rules', 'delete', 'small-pos', '--yes'])).printed, 'The rule small-pos is deleted\n')
  t.equal((await cli(['rules', 'delete', 'small-pos', '--yes'])).exitCode, 1)
})

t.test('rules are listed with what they allow, page by page', async (t) => {
  const { cli, call, read } = await serveCommands(t)
  await call('POST', '/stand-in/rules', { rule_id: 'all', client_id: 456, active: false })
  await call('POST', '/stand-in/rules', {
    ...RULE_EXAMPLE,
    rule_id: 'sum',
    limits: { ...RULE_EXAMPLE.limits, count: undefined },
    counts: { include_reversed: true, per: 'account' }
  })
  t.match((await cli(['rules', 'show', 'sum'])).printed, /\nCounts +approvals per account, also reversed ones\n$/)
  const { printed } = await cli(['rules', 'list'])
  t.match(printed, /^Client {2}Priority {2}Rule {2}Active {2}Allows +Limits\n/)
  t.match(
    printed,
    /\n {3}123 +10 {2}sum {3}yes +POS - Purchase, ECOM - Purchase; chip, contactless; 5411, .* at most 5000\.00/
  )
  t.match(printed, /\n {3}456 +100 {2}all {3}no +any payment +none\n$/)
  t.equal((await cli(['rules', 'list', '--json'])).printed, `${(await read('/stand-in/rules')).body}\n`)
  t.match((await cli(['rules', 'list', '--client', '456'])).printed, /^Client.*\n {3}456 [^\n]*\n$/)
  t.match((await cli(['rules', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/)
})

t.test('a preset is chosen by its name', async (t) => {
  const { cli } = await serveCommands(t)
  t.match(
    (await cli(['rules', 'preset'])).printed,
    /^Preset +Allows\nvisa-like +Purchases up to 200.*\npaymentology-example/
  )
  t.match((await cli(['rules', 'preset', 'visa-like', '--client', '123', '--dry-run'])).printed,
    /^Dry run: nothing was changed\.\nClient.*\n {3}123 +10 {2}visa-purchase-123 .*\n {3}123 +20 {2}visa-cash-123 /)
  t.match((await cli(['rules', 'preset', 'visa-like', '--client', '123', '--currency', 'eur'])).printed, /\(978\)/)
  t.match(await cli(['rules', 'preset', 'visa-like']), { exitCode: 2, complained: /^Name a client .* --client 123\n/ })
  t.match(await cli(['rules', 'preset', 'visa', '--client', '123']), { exitCode: 1, complained: /^name must be equal/ })
})

t.test('a file that is no rule is refused with the place of its fault', async (t) => {
  const { cli } = await serveCommands(t)
  const file = join(makeFolder(t), 'rule.json')
  for (const [rule, exitCode, complained] of [
    [{ rule_id: 'r', client_id: 123, colour: 'red' }, 1, `${file}: colour is not a known field\n`],
    [{ rule_id: 'r', client_id: 123, limits: { amount: { max: '1' } } }, 1, /^limits\.currency is missing/],
    [{ rule_id: 'r', client_id: 9 }, 1, 'client_id is 9, and there is no such client\n']
  ] as const) {
    writeFileSync(file, JSON.stringify(rule))
    t.match(await cli(['rules', 'set', file]), { exitCode, printed: '', complained })
  }
  t.match(await cli(['rules', 'show', 'a,b']), { exitCode: 2, complained: /^rule must be 1 to 50 letters/ })
})
