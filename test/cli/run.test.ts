import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import t from 'tap'
import { makeProgram, run } from '../../src/cli/run.js'
import { packageRoot } from '../../src/package-root.js'
import { makeFolder } from '../support/folder.js'
import { runCommand } from '../support/process.js'
import { makeTerminal, runHere, serveCommands } from '../support/terminal.js'

/** Every command that can be run, and the words that name it. */
function commandsOf (command: Command, path: readonly string[] = []): Array<{
  command: Command
  path: readonly string[]
}> {
  return command.commands.length === 0
    ? [{ command, path }]
    : command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))
}

for (const { path } of commandsOf(makeProgram(makeTerminal()))) {
  const command = path.join(' ')

  t.test(`${command} has a help with an example`, async (t) => {
    const { exitCode, printed, complained } = await runHere([...path, '--help'])
    t.match({ exitCode, complained }, { exitCode: 0, complained: '' })
    t.match(printed, `Example:\n  $ stip-sandbox ${command}`)
  })
}

t.test('the help tells the exit codes, and the version is the package\'s', async (t) => {
  t.match(await runHere(['--help']), { exitCode: 0, printed: /Exit codes:\n {2}0 {2}done/ })
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'))
  t.strictSame(await runHere(['--version']), { exitCode: 0, printed: `${version}\n`, complained: '' })
})

t.test('a wrong command line is refused with the reason', async (t) => {
  t.match(await runHere(['balances', 'shwo']), {
    exitCode: 2,
    printed: '',
    complained: /^error: unknown command 'shwo'/
  })
  t.match(await runHere(['balances', 'set', '1']), {
    exitCode: 2,
    complained: /^error: required option '--actual <amount>'/
  })
  t.match(await runHere(['balances', 'show', '--colour']), {
    exitCode: 2,
    complained: /^error: unknown option '--colour'/
  })
  t.match(await runHere(['balances', 'show', '--url', 'nowhere']), {
    exitCode: 2,
    complained: /^nowhere is no address/
  })
})

t.test('a service that is not there is named', async (t) => {
  t.strictSame(await runHere(['balances', 'show', '--url', 'http://127.0.0.1:1', '--token', 'x']), {
    exitCode: 3,
    printed: '',
    complained: 'The service at http://127.0.0.1:1 cannot be reached, or broke off: ' +
      'ECONNREFUSED. Is it running? It is started with "stip-sandbox serve"\n'
  })
})

t.test('a token that others can read on the way is warned of, and only one way to give it is taken', async (t) => {
  const run = ['balances', 'show', '--url', 'http://0.0.0.0:1', '--token', 'x']
  t.match(await runHere(run), {
    exitCode: 3,
    complained: /^Warning: http:\/\/0\.0\.0\.0:1 is not encrypted, and others can read the admin token on the way\. Use/
  })
  t.match(await runHere([...run, '--token-file', 'y']), {
    exitCode: 2,
    complained: /'--token <token>' cannot be used with option '--token-file <file>'/
  })
})

t.test('a missing or wrong token is named', async (t) => {
  const { cli, app } = await serveCommands(t)
  t.match(await cli(['balances', 'show', '--token', 'wrong']), {
    exitCode: 1,
    complained: /\nThe admin token is not that of http/
  })
  const { port } = app.server.address() as { port: number }
  const show = ['balances', 'show', '--url', `http://127.0.0.1:${port}`]
  t.match(await runHere(show, { ADMIN_TOKEN: 'of-an-earlier-start' }), {
    exitCode: 1,
    complained: /\nThe token in the variable ADMIN_TOKEN is not that of http\S+\. It may be left from an earlier start:/
  })
  t.match(
    await runHere(['balances', 'show', '--url', `http://127.0.0.1:${port}`], { XDG_STATE_HOME: makeFolder(t) }),
    { exitCode: 1, complained: /\nThere is no admin token for http/ }
  )
})

for (const [code, exitCode, complained] of [
  ['EPIPE', 0, ''],
  ['ENOSPC', 4, 'The output could not be written: ENOSPC\n']
] as const) {
  t.test(`an output that fails with ${code} is no reason to break off`, async (t) => {
    const terminal = makeTerminal()
    const output = new Writable({
      write: (_chunk, _encoding, done) => { done(Object.assign(new Error(code), { code })) }
    })
    t.equal(await run(['--version'], { ...terminal, output }), exitCode)
    t.equal(terminal.complained(), complained)
    t.equal(await run(['shwo'], { ...terminal, output }), 2, 'what went wrong before it decides')
  })
}

t.test('an output on a full disk is named and ends with exit code 4, whatever the command', async (t) => {
  const folder = makeFolder(t)
  const full = openSync('/dev/full', 'w')
  t.teardown(() => { closeSync(full) })
  for (const command of [['--help'], ['migrate']]) {
    const run = runCommand(t, folder, command, { DATABASE_PATH: 'own.sqlite' }, [], full)
    t.equal(await run.exitCode, 4)
    t.equal(run.errors(), 'The output could not be written: ENOSPC: no space left on device, write\n')
  }
})

t.test('no argument and no option of any command may be empty', async (t) => {
  const environment = { STIP_SANDBOX_URL: 'http://127.0.0.1:1', DATABASE_PATH: join(makeFolder(t), 'none.sqlite') }
  let tried = 0
  for (const { command, path } of commandsOf(makeProgram(makeTerminal()))) {
    const values = [
      ...command.registeredArguments.map((argument) => ({
        name: argument.name(),
        required: true,
        flag: [] as string[]
      })),
      ...command.options.filter(({ required }) => required).map((option) => ({
        name: option.flags,
        required: option.mandatory,
        flag: [String(option.long)]
      }))
    ]
    for (const empty of values) {
      const args = values.filter((value) => value.required || value === empty).flatMap((value) =>
        [...value.flag, value === empty ? '' : 'x'])
      const { exitCode, complained } = await runHere([...path, ...args], environment)
      t.match(
        { exitCode, complained },
        { exitCode: 2, complained: `${empty.name} is empty. If the value comes from a variable` },
        [...path, empty.name].join(' ')
      )
      tried += 1
    }
  }
  t.ok(tried > 60, String(tried))
})

t.test('a value that cannot be right is refused with what would be', async (t) => {
  for (const [args, complained] of [
    [['balances', 'show', '--currency', 'EURO'],
      '--currency must be an ISO 4217 code of three letters or three digits, such as EUR or 978, not EURO\n'],
    [['balances', 'set', '1001', '--actual', '1,50', '--blocked', '0'],
      '--actual must be an amount with a point before its decimals, such as 200.00 or -12.5, not 1,50\n'],
    [['balances', 'show', '--limit', '0'], '--limit must be a whole number from 1 to 1000, not 0\n'],
    [['balances', 'show', '--client', 'abc'], '--client must be a whole number from 1 to 2147483647, not abc\n'],
    [['snapshot', 'save', 's', '--account', '1', 'x'],
      '--account must be a whole number from 1 to 9223372036854775807, in digits, not x\n'],
    // A URL takes it for another place.
    [['balances', 'show', '..'], 'account must be a whole number from 1 to 9223372036854775807, in digits, not ..\n'],
    [['snapshot', 'save', 'a b'],
      'snapshot must be 1 to 64 letters, digits, dots, hyphens and underscores, the first a letter or a ' +
        'digit, not a b\n']
  ] as const) {
    t.strictSame(await runHere([...args, '--url', 'http://127.0.0.1:1']), { exitCode: 2, printed: '', complained })
  }
})

t.test('for a command that is none, those that there are stand beside it, and no guess', async (t) => {
  const { exitCode, complained } = await runHere(['snapshot', 'remove', 'x'])
  t.equal(exitCode, 2)
  t.match(complained, /^error: unknown command 'remove'\n[^]*\n {2}delete /)
  t.notMatch(complained, 'Did you mean')
  for (const group of makeProgram(makeTerminal()).commands.filter(({ commands }) => commands.length > 0)) {
    const typed = `${group.commands[0]?.name()}s`
    t.match(await runHere([group.name(), typed]), {
      exitCode: 2, complained: new RegExp(`^error: unknown command '${typed}'\n(?![^]*Did you mean)`)
    }, group.name())
  }
})

t.test('a reader that stops leaves the command its exit code', async (t) => {
  const command = runCommand(t, makeFolder(t), ['migrate'], { DATABASE_PATH: 'own.sqlite' })
  command.child.stdout?.destroy()
  t.equal(await command.exitCode, 0)
  t.equal(command.errors(), '')
})

t.test('migrate makes the database, and says what it has', async (t) => {
  const path = join(makeFolder(t), 'new', 'own.sqlite')
  for (const time of ['first', 'second']) {
    t.match(
      await runHere(['migrate'], { DATABASE_PATH: path }),
      { exitCode: 0, printed: /own\.sqlite has schema \d+, and is up to date\n$/ },
      time
    )
  }
  t.ok(existsSync(path))
  t.match(await runHere(['migrate'], { PORT: 'x' }), { exitCode: 1, complained: /^PORT must be/ })
})
