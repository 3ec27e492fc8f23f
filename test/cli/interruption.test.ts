import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { run } from '../../src/cli/run.js'
import { makeFolder, type Test } from '../support/folder.js'
import { runCommand } from '../support/process.js'
import { makeTerminal, serveCommands, type TestTerminal } from '../support/terminal.js'
import { ADMIN_TOKEN } from '../support/service.js'

const [HIDE_CURSOR, SHOW_CURSOR, NO_WRAP, WRAP] = ['\u001b[?25l', '\u001b[?25h', '\u001b[?7l', '\u001b[?7h']

/** Starts a server that does with each request what a test asks, and gives its address. */
async function serve (t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

/** A terminal with somebody at it, and what runs a command that is interrupted by the server. */
async function makeInterrupted (
  t: Test, signal: string, isTime: (terminal: TestTerminal) => boolean = () => true
): Promise<{
  terminal: TestTerminal
  folder: string
  daily: string
  cli: (...args: string[]) => Promise<number>
}> {
  const folder = makeFolder(t)
  const daily = join(folder, 'daily.csv')
  writeFileSync(daily, 'a line\n')
  const calls: { interrupt: () => void } = { interrupt: () => {} }
  const url = await serve(t, (request) => { request.resume().once('end', () => { calls.interrupt() }) })
  const terminal = makeTerminal({ STIP_SANDBOX_URL: url, ADMIN_TOKEN }, '')
  calls.interrupt = async () => {
    while (!isTime(terminal)) await wait(5)
    terminal.signals.emit(signal)
  }
  return { terminal, folder, daily, cli: async (...args) => await run(args, terminal) }
}

t.test('Ctrl+C in an import gives the terminal back and says what is done, and that the file can be sent again',
  async (t) => {
    const { terminal, folder, daily, cli } = await makeInterrupted(t, 'SIGINT', ({ complained }) =>
      complained().includes(HIDE_CURSOR))
    t.equal(await cli('balances', 'import', daily, '--client', '123', '--feedback', join(folder, 'failed.csv')), 130)
    const complained = terminal.complained()
    t.ok(complained.lastIndexOf(SHOW_CURSOR) > complained.lastIndexOf(HIDE_CURSOR))
    t.ok(complained.lastIndexOf(WRAP) > complained.lastIndexOf(NO_WRAP))
    t.match(
      complained,
      new RegExp('Interrupted when 7 of 7 bytes of the file were sent\\. The service applies rows as they arrive, ' +
        'and those stay\\. Send the whole file again: no row is applied twice\n$')
    )
    t.same(readdirSync(folder), ['daily.csv'], 'no part of a feedback file is left')
    t.equal(terminal.signals.listenerCount('SIGINT') + terminal.signals.listenerCount('SIGTERM'), 0)
  })

t.test('a service that ends in an import may have applied a part, and one that is not there has not', async (t) => {
  const daily = join(makeFolder(t), 'daily.csv')
  writeFileSync(daily, 'a line\n')
  const command = ['balances', 'import', daily, '--client', '123']
  const url = await serve(t, (request) => { request.resume().once('end', () => { request.socket.destroy() }) })
  const ending = makeTerminal({ STIP_SANDBOX_URL: url, ADMIN_TOKEN }, '')
  t.equal(await run(command, ending), 3)
  t.match(ending.complained(), /broke off: ECONNRESET\. .*\. The service applies rows as they arrive, and those/)
  const absent = makeTerminal({ STIP_SANDBOX_URL: 'http://127.0.0.1:1', ADMIN_TOKEN }, '')
  t.equal(await run(command, absent), 3)
  t.notMatch(absent.complained(), /applies rows/)
})

for (const [command, message] of [
  [
    ['balances', 'import', 'FILE', '--client', '1', '--dry-run'],
    'Interrupted when 7 of 7 bytes of the file were sent. Nothing was changed: it was a dry run\n'
  ],
  [
    ['rates', 'import', 'FILE'],
    'Interrupted when 7 of 7 bytes of the file were sent. A part of its rates may be imported. Send it again: rates ' +
      'that are there already are not written twice\n'
  ],
  [['balances', 'show'], 'Interrupted. Nothing was changed\n'],
  [['snapshot', 'reset', '--dry-run'], 'Interrupted. Nothing was changed\n'],
  [
    ['snapshot', 'reset', '--yes'],
    'Interrupted. The service may have done it all the same: look before you repeat the command\n'
  ]
] as const) {
  t.test(`${command.join(' ')} that is interrupted by SIGTERM says what is done`, async (t) => {
    const { terminal, daily, cli } = await makeInterrupted(t, 'SIGTERM')
    t.equal(await cli(...command.map((word) => word === 'FILE' ? daily : word)), 143)
    // On a slow machine, how far it is was shown before.
    t.ok(terminal.complained().endsWith(message), terminal.complained())
  })
}

t.test('a pipe has no size to tell of', async (t) => {
  const { terminal, cli } = await makeInterrupted(t, 'SIGINT')
  t.equal(await cli('balances', 'import', '/dev/null', '--client', '1'), 130)
  t.match(terminal.complained(), 'Interrupted when 0 bytes of the file were sent. ')
})

t.test('feedback that is interrupted is another one than a file that was not applied', async (t) => {
  const { app } = await serveCommands(t)
  const folder = makeFolder(t)
  const [daily, feedback] = [join(folder, 'daily.csv'), join(folder, 'failed.csv')]
  writeFileSync(daily, 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\na,1002,840,500,0,\n')
  const { port } = app.server.address() as { port: number }
  const terminal = makeTerminal({ STIP_SANDBOX_URL: `http://127.0.0.1:${port}`, ADMIN_TOKEN })
  app.server.prependListener('request', ({ url }) => {
    if (url?.endsWith('/feedback') === true) terminal.signals.emit('SIGINT')
  })
  t.equal(await run(['balances', 'import', daily, '--client', '123', '--feedback', feedback], terminal), 130)
  t.match(
    terminal.complained(),
    /^The file was applied, but its feedback could not be kept: interrupted\. The service still has it, at /
  )
  t.notOk(existsSync(feedback))
})

t.test('a process that is interrupted ends with the exit code of shells', async (t) => {
  let interrupt = (): void => {}
  const url = await serve(t, () => { interrupt() })
  const command = runCommand(t, makeFolder(t), ['balances', 'show'], { STIP_SANDBOX_URL: url, ADMIN_TOKEN })
  interrupt = () => { command.child.kill('SIGINT') }
  t.equal(await command.exitCode, 130)
  t.equal(command.errors(), 'Interrupted. Nothing was changed\n')
})
