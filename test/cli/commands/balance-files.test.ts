import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { run } from '../../../src/cli/run.js'
import { makeFolder } from '../../support/folder.js'
import { ADMIN_TOKEN } from '../../support/service.js'
import { makeTerminal, serveCommands } from '../../support/terminal.js'

const HEADER = 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\n'
const FEEDBACK = 'line,reason,row\n3,Account does not exist,"b,987,840,1,0,"\n'

const REPEATED = 'Of these, an earlier run of the file had applied 1: they set nothing now, not even behind a reset. ' +
  'To apply them again, give the file another name and its rows other record_ids\n'

t.test('a file that is imported again says that its rows were applied before, and each failure has its line',
  async (t) => {
    const { cli } = await serveCommands(t)
    const daily = join(makeFolder(t), 'daily.csv')
    writeFileSync(daily, `${HEADER}a,1002,840,500,0,\nb,987,840,1,0,\nc,986,840,1,0,\n`)
    const load = ['balances', 'import', daily, '--client', '123']
    await cli(load)
    t.match(await cli(load), {
      exitCode: 4,
      printed: new RegExp(`^1 of 3 rows applied in \\S+ s, as file 2\n${REPEATED}$`),
      complained: 'Rows that failed: 2\nAccount: 987, Reason: Account does not exist\n' +
        'Account: 986, Reason: Account does not exist\n' +
        'All of them, with line and row: stip-sandbox balance-files feedback 2\n'
    })
    t.match(await cli(['balance-files', 'show', '2']), {
      exitCode: 0,
      printed: `File 2, daily.csv: 1 of 3 rows applied\n${REPEATED}Account: 987, Reason: Account does not exist\n` +
        'Account: 986, Reason: Account does not exist\n'
    })
  })

t.test('the failed rows of a file are printed, or kept in a new file', async (t) => {
  const { cli } = await serveCommands(t)
  const folder = makeFolder(t)
  const [daily, failed] = [join(folder, 'daily.csv'), join(folder, 'failed.csv')]
  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\nb,987,840,1,0,\n`)
  await cli(['balances', 'import', daily, '--client', '123'])
  const feedback = ['balance-files', 'feedback', '1']
  t.strictSame(await cli(feedback), { exitCode: 0, printed: FEEDBACK, complained: '' })
  t.strictSame(await cli([...feedback, '--output', failed]), { exitCode: 0, printed: '', complained: '' })
  t.equal(readFileSync(failed, 'utf8'), FEEDBACK)
  t.match(await cli([...feedback, '--output', failed]), { exitCode: 2, complained: /it is there already/ })
  t.match(await cli(['balance-files', 'feedback', '9']), { exitCode: 1, complained: 'There is no balance file 9\n' })
})

t.test('the files that came in are listed', async (t) => {
  const { cli, read } = await serveCommands(t)
  const daily = join(makeFolder(t), 'daily.csv')
  writeFileSync(daily, `${HEADER}a,1002,840,500,0,\nb,987,840,1,0,\n`)
  await cli(['balances', 'import', daily, '--client', '123'])
  await cli(['balances', 'import', daily, '--client', '123', '--dry-run'])
  const list = ['balance-files', 'list', '--client', '123']
  t.match(await cli(list), {
    exitCode: 0,
    printed: new RegExp('^Job +Started +Client +File +Status +Rows +Failed +Repeated +Why\n' +
      ' +2 +\\S+ +123 +daily.csv +done, dry run +2 +1 +1\n +1 +\\S+ +123 +daily.csv +done +2 +1 +0\n$')
  })
  const page = await cli([...list, '--limit', '1', '--json'])
  t.equal(page.printed, `${(await read('/balance-files?client_id=123&limit=1')).body}\n`)
  t.match((await cli([...list, '--limit', '1'])).printed, /\nThere are more: --cursor \S+\n$/)
})

t.test('a balance file comes from the standard input, under a name of its own', async (t) => {
  const { app, cli, read } = await serveCommands(t)
  const load = ['balances', 'import', '-', '--client', '123']
  t.match(await cli(load), { exitCode: 2, complained: /^Say with --file-name what the file is known by/ })
  const { port } = app.server.address() as { port: number }
  const terminal = makeTerminal({ STIP_SANDBOX_URL: `http://127.0.0.1:${port}`, ADMIN_TOKEN })
  const input = Readable.from([Buffer.from(`${HEADER}a,1002,840,500,0,\n`)])
  t.equal(await run([...load, '--file-name', 'piped.csv'], { ...terminal, input }), 0, terminal.complained())
  t.match((await read('/balance-files/1')).json(), { SUMMARY: { File_Name: 'piped.csv', Status: 'Success' } })
})

t.test('a file with semicolons is told to have commas', async (t) => {
  const { cli } = await serveCommands(t)
  const daily = join(makeFolder(t), 'daily.csv')
  writeFileSync(daily, HEADER.replaceAll(',', ';'))
  t.match(await cli(['balances', 'import', daily, '--client', '123']), {
    exitCode: 1, complained: /^line 1 must be the header .*, with commas between the columns, as all lines must have/
  })
})
