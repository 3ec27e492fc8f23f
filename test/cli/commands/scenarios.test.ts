import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeFolder } from '../../support/folder.js'
import { serveCommands } from '../../support/terminal.js'

t.test('what one service exports, another loads', async (t) => {
  const file = join(makeFolder(t), 'scenario.json')
  const source = await serveCommands(t)
  await source.cli(['rules', 'preset', 'visa-like', '--client', '123'])
  const { printed } = await source.cli(['scenario', 'export'])
  writeFileSync(file, printed)
  t.strictSame(JSON.parse((await source.cli(['scenario', 'export', '--json'])).printed), JSON.parse(printed))

  const target = await serveCommands(t, { clients: [] })
  t.match(await target.cli(['scenario', 'load', file, '--dry-run']), {
    exitCode: 0,
    printed: 'Dry run: nothing was changed.\nLoaded clients: 2, accounts: 6, rates: 2, rules: 2\n'
  })
  t.match(await target.cli(['scenario', 'load', file]), {
    exitCode: 0,
    printed: 'Loaded clients: 2, accounts: 6, rates: 2, rules: 2\n'
  })
  t.equal((await target.cli(['scenario', 'export'])).printed, printed)
  t.match(await target.cli(['scenario', 'load', file]), {
    exitCode: 1,
    complained: /^The database is not empty. It has clients: 2, accounts: 6, rates: 2\./
  })
})

t.test('a scenario in YAML is loaded, and one with a number for a text is refused with its place', async (t) => {
  const file = join(makeFolder(t), 'scenario.yaml')
  const { cli } = await serveCommands(t, { clients: [] })
  const write = (account: string): void => {
    writeFileSync(
      file,
      `clients: [{ client_id: 1, name: One }]\naccounts:\n  - { client_id: 1, account_id: ${account}, currency: ` +
        '"048", actual_balance: "1.500", blocked_balance: "0" }\n'
    )
  }
  write('9007199254740993')
  t.match(await cli(['scenario', 'load', join(file, 'nowhere')]), {
    exitCode: 2,
    complained: /nowhere cannot be read: ENOTDIR/
  })
  t.match(await cli(['scenario', 'load', file]), {
    exitCode: 1,
    complained: `${file}: accounts[0].account_id must be string: write it in quotation marks\n`
  })
  write('"9007199254740993"')
  t.match(await cli(['scenario', 'load', file]), { exitCode: 0, printed: 'Loaded clients: 1, accounts: 1, rates: 0\n' })
})

t.test('every fault of a scenario is named', async (t) => {
  const file = join(makeFolder(t), 'scenario.json')
  const { cli } = await serveCommands(t, { clients: [] })
  writeFileSync(
    file,
    JSON.stringify({
      clients: [],
      rates: [{ base: '840', quote: '840', rate: '1' }, { base: '999', quote: '840', rate: '0' }]
    })
  )
  t.strictSame(await cli(['scenario', 'load', file]), {
    exitCode: 1,
    printed: '',
    complained: 'rates[0] has the same base and quote\nrates[1].base is 999, which is no current ISO 4217 currency ' +
      'with a minor unit\nrates[1].rate must be above zero\n'
  })
})
