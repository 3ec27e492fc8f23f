import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import t from 'tap'
import { run } from '../../../src/cli/run.js'
import { makeFolder } from '../../support/folder.js'
import { makeRichDatabase, tamper } from '../../support/history.js'
import { runCommand } from '../../support/process.js'
import { makeTerminal, runHere } from '../../support/terminal.js'

t.test('a database is backed up, verified and restored', async (t) => {
  const path = await makeRichDatabase(t)
  const copy = join(dirname(path), 'copy.sqlite')
  const cli = async (...args: string[]) => await runHere(args, { DATABASE_PATH: path })
  t.same(await cli('backup', copy), { exitCode: 0, printed: `${path} is backed up to ${copy}\n`, complained: '' })
  t.match(await cli('backup', copy), { exitCode: 1, complained: /is there already/ })
  t.same(await cli('verify'), { exitCode: 0, printed: `${path} is sound\n`, complained: '' })
  tamper(path, 'UPDATE balances SET actual = 1 WHERE account_id = 1002')
  t.match(await cli('verify'), {
    exitCode: 1,
    printed: /^account 1002: its balances are 1 actual .*\n$/,
    complained: `${path} has 1 fault\n`
  })
  t.match(await cli('restore', copy), {
    exitCode: 0,
    printed: new RegExp(`^${path} is restored from ${copy}\\. The database that was there is kept as ` +
      `${path}\\.replaced-`)
  })
  t.match(await cli('verify', path), { exitCode: 0 })
  tamper(copy, 'UPDATE balances SET actual = 1 WHERE account_id IN (1002, 1004)')
  t.match(await cli('verify', copy), { exitCode: 1, complained: `${copy} has 2 faults\n` })
  t.match(await cli('verify', `${path}.none`), { exitCode: 1, complained: /\.none cannot be opened/ })
  const folder = dirname(path)
  const isFolder = { exitCode: 1, complained: /is a folder/ }
  t.match(await cli('verify', folder), isFolder)
  t.match(await cli('restore', folder), isFolder)
  for (const args of [['migrate'], ['backup', `${path}.copy`], ['restore', copy]]) {
    t.match(await runHere(args, { DATABASE_PATH: folder }), isFolder, args.join(' '))
  }
})

t.test('a fault that could not be printed stays the exit code', async (t) => {
  const path = await makeRichDatabase(t)
  tamper(path, 'UPDATE balances SET actual = 1 WHERE account_id = 1002')
  const terminal = makeTerminal()
  const output = new Writable({ write: (_chunk, _encoding, done) => { done(new Error('no room')) } })
  t.equal(await run(['verify', path], { ...terminal, output }), 1)
  t.equal(terminal.complained(), `${path} has 1 fault\nThe output could not be written: no room\n`)
})

t.test('a backup is restored where there is no database', async (t) => {
  const path = await makeRichDatabase(t)
  const other = join(dirname(path), 'new.sqlite')
  t.match(await runHere(['restore', path], { DATABASE_PATH: other }), {
    exitCode: 0,
    printed: `${other} is restored from ${path}\n`
  })
})

t.test('a database that is not there is named with the one beside it', async (t) => {
  const demo = await makeRichDatabase(t)
  const folder = dirname(demo)
  const missing = join(folder, 'stip-sandbox.sqlite')
  for (const command of [['verify'], ['backup', join(folder, 'copy.sqlite')]]) {
    t.match(await runHere(command, { DATABASE_PATH: missing }), {
      exitCode: 1,
      printed: '',
      complained: `There is no database ${missing} (DATABASE_PATH names it). If you mean ` +
        `${demo}, set DATABASE_PATH=${demo}\n`
    })
  }
  t.match(await runHere(['verify'], { DATABASE_PATH: join(folder, 'no', 'x.sqlite') }), {
    exitCode: 1,
    complained: /Set DATABASE_PATH to the file of the service\n$/
  })
})

t.test('without DATABASE_PATH the commands name the setting, and the demo\'s database where it lies', async (t) => {
  const demo = await makeRichDatabase(t)
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'data'))
  copyFileSync(demo, join(folder, 'data', 'demo.sqlite'))
  const verify = runCommand(t, folder, ['verify'], { DATABASE_PATH: '' })
  t.equal(await verify.exitCode, 1)
  t.equal(
    verify.errors(),
    'There is no database data/stip-sandbox.sqlite (DATABASE_PATH is not set). If you mean data/demo.sqlite, set ' +
      'DATABASE_PATH=data/demo.sqlite\n'
  )
  const restore = runCommand(t, folder, ['restore', demo], { DATABASE_PATH: '' })
  t.equal(await restore.exitCode, 0)
  t.match(
    restore.output(),
    /^data\/stip-sandbox\.sqlite is restored from .*\nDATABASE_PATH is not set\. data\/demo\.sqlite stays as it is\n$/
  )
})
