import { dirname, join } from 'node:path'
import t from 'tap'
import { makeRichDatabase, tamper } from '../../support/history.js'
import { runHere } from '../../support/terminal.js'

t.test('a database is backed up, verified and restored', async (t) => {
  const path = await makeRichDatabase(t)
  const copy = join(dirname(path), 'copy.sqlite')
  const cli = async (...args: string[]) => await runHere(args, { DATABASE_PATH: path })
  t.same(await cli('backup', copy), { exitCode: 0, printed: `${path} is backed up to ${copy}\n`, complained: '' })
  t.match(await cli('backup', copy), { exitCode: 1, complained: /is there already/ })
  t.same(await cli('verify'), { exitCode: 0, printed: `${path} is sound\n`, complained: '' })
  tamper(path, 'UPDATE accounts SET actual_balance = 1 WHERE account_id = 1002')
  t.match(await cli('verify'), { exitCode: 1, printed: /^account 1002: its balances are 1 actual .*\n$/, complained: `${path} has 1 fault\n` })
  t.match(await cli('restore', copy), { exitCode: 0, printed: new RegExp(`^${path} is restored from ${copy}\\. The database that was there is kept as ${path}\\.replaced-`) })
  t.match(await cli('verify', path), { exitCode: 0 })
  tamper(copy, 'UPDATE accounts SET actual_balance = 1 WHERE account_id IN (1002, 1004)')
  t.match(await cli('verify', copy), { exitCode: 1, complained: `${copy} has 2 faults\n` })
  t.match(await cli('verify', `${path}.none`), { exitCode: 1, complained: /\.none cannot be opened/ })
})

t.test('a backup is restored where there is no database', async (t) => {
  const path = await makeRichDatabase(t)
  const other = join(dirname(path), 'new.sqlite')
  t.match(await runHere(['restore', path], { DATABASE_PATH: other }), { exitCode: 0, printed: `${other} is restored from ${path}\n` })
})
