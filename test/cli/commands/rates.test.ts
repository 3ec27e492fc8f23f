import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeFolder } from '../../support/folder.js'
import { serveCommands } from '../../support/terminal.js'

t.test('the ECB\'s file is imported, and rates are listed', async (t) => {
  const { cli, read } = await serveCommands(t)
  const file = join(makeFolder(t), 'eurofxref-hist.csv')
  writeFileSync(file, 'Date,USD,HRK,\n2025-07-24,1.0842,N/A,\n2022-12-30,1.0666,7.5365,\n')
  t.strictSame(await cli(['rates', 'import', file]), {
    exitCode: 0,
    printed: 'Rates: 2, on 2 days from 2022-12-30 to 2025-07-24. New or other than before: 2\nLeft out, as ISO 4217 ' +
      'no longer has it: HRK (1)\n',
    complained: ''
  })
  t.equal(
    (await cli(['rates', 'list', '--base', '978', '--quote', '840', '--current'])).printed,
    'Base  Quote    Rate  From\n978   840    1.0842  2025-07-24T00:00:00.000Z\n'
  )
  t.match((await cli(['rates', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor/)
  t.equal((await cli(['rates', 'list', '--json'])).printed, `${(await read('/rates')).body}\n`)
})

t.test('a file that is none of the ECB\'s changes nothing, and its fault is named', async (t) => {
  const { cli, read } = await serveCommands(t)
  const before = (await read('/rates')).body
  const file = join(makeFolder(t), 'eurofxref.csv')
  writeFileSync(file, 'Date, USD, \n24 July 2025, 1;08, \n')
  t.match(await cli(['rates', 'import', file]), { exitCode: 1, printed: '', complained: /line 2, USD/ })
  t.equal((await read('/rates')).body, before)
})

t.test('a rate is set by the letters of its currencies', async (t) => {
  const { cli, read } = await serveCommands(t)
  t.match(await cli(['rates', 'set', 'eur', 'KES', '151.50', '--from', '2026-01-01T00:00:00Z']), {
    exitCode: 0, printed: /\n978 {3}404 {4}151\.5 {2}2026-01-01T00:00:00\.000Z\n$/
  })
  t.match((await read('/rates?base=978&quote=404')).json().rates, [{ rate: '151.5' }])
  t.match(await cli(['rates', 'set', 'EURO', 'KES', '1']), {
    exitCode: 2, complained: /^base must be an ISO 4217 code/
  })
  t.match(await cli(['rates', 'set', 'EUR', 'KES', '0']), {
    exitCode: 1, complained: 'rates[0].rate must be above zero\n'
  })
})
