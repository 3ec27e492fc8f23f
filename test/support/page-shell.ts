import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import Database from 'better-sqlite3'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import type { Clock } from '../../src/clock.js'
import { packageRoot } from '../../src/package-root.js'
import { makeFolder, type Test } from './folder.js'
import { UNCOUNTED } from './process.js'
import { ADMIN_TOKEN, makeService, NOW } from './service.js'
import { runHere, type CommandResult } from './terminal.js'

/** The address in the documents. */
const DOCUMENTED = 'http://127.0.0.1:3000'

/** Stands behind each block's output. */
const END_OF_BLOCK = '\u001e'

/**
 * The program behind `npx` and `sqlite3` in a page's shell. It hands its arguments to the test's process, because the
 * start of the command line takes longer than most commands.
 */
const MESSENGER = `#!${process.execPath}
const args = [require('node:path').basename(__filename), ...process.argv.slice(2)]
const input = args.includes('-') ? require('node:fs').readFileSync(0, 'utf8') : null
require('node:http').request({ socketPath: process.env.PAGE_SOCKET, method: 'POST' }, async (answer) => {
  const { printed, complained, exitCode } = JSON.parse(Buffer.concat(await answer.toArray()).toString())
  process.stdout.write(printed)
  process.stderr.write(complained)
  process.exitCode = exitCode
}).end(JSON.stringify({ args, input, cwd: process.cwd(), environment: process.env }))
`

interface Message {
  readonly args: readonly string[]
  readonly input: string | null
  readonly cwd: string
  readonly environment: Record<string, string>
}

/** Runs the command of a page in this process. */
async function runMessage ({ args: [program, ...args], input, cwd, environment }: Message): Promise<CommandResult> {
  const before = process.cwd()
  process.chdir(cwd)
  try {
    if (program === 'sqlite3') return query(args)
    return await runHere(args.slice(1), environment, input ?? undefined)
  } finally {
    process.chdir(before)
  }
}

/** Does what `sqlite3 -readonly FILE SQL` does. @returns a line for each row, its columns apart by two spaces */
function query (args: readonly string[]): CommandResult {
  const [file = '', sql = ''] = args.filter((argument) => !argument.startsWith('-'))
  const database = new Database(file, { readonly: true })
  const rows = database.prepare<[], Record<string, unknown>>(sql).safeIntegers().all()
  database.close()
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
  return { exitCode: 0, printed: lines.map((line) => `${line.join('  ')}\n`).join(''), complained: '' }
}

/** What the blocks of a page have printed, and how its shell ended. */
export interface PageRun {
  /** The output of each block. Fewer than there are blocks when one of them failed. */
  readonly outputs: readonly string[]
  readonly errors: string
  readonly exitCode: number | null
}

/**
 * Runs blocks of shell commands one after the other, in one shell, beside a service on the demo's accounts that
 * listens. A command that fails ends them.
 *
 * @param blocks as the documents have them; the address of the demo is exchanged for that of the service
 * @param clock stands still where it is left out, so that what is printed is the same each time
 */
export async function runBlocks (
  t: Test, blocks: readonly string[], clock: Clock = () => NOW
): Promise<PageRun> {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'data'))
  const scenario = readFileSync(new URL('examples/demo-scenario.json', packageRoot), 'utf8')
  const { app } = await makeService(t, JSON.parse(scenario) as ScenarioDocument, {
    databasePath: join(folder, 'data', 'demo.sqlite'), clock
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })

  const socket = join(folder, 'socket')
  const server = createServer(async (request, response) => {
    response.end(JSON.stringify(await runMessage(JSON.parse(await text(request)) as Message)))
  }).listen(socket)
  t.teardown(() => { server.close() })
  mkdirSync(join(folder, 'bin'))
  for (const program of ['npx', 'sqlite3']) {
    writeFileSync(join(folder, 'bin', program), MESSENGER)
    chmodSync(join(folder, 'bin', program), 0o755)
  }

  const script = blocks.map((block) => `${block}\nprintf '\\036'\n`).join('').replaceAll(DOCUMENTED, address)
  const shell = spawn('/bin/sh', ['-ec', script], {
    cwd: folder,
    env: {
      PATH: `${join(folder, 'bin')}:${String(process.env['PATH'])}`,
      XDG_STATE_HOME: folder,
      PAGE_SOCKET: socket,
      STIP_SANDBOX_URL: address,
      ADMIN_TOKEN,
      ...UNCOUNTED
    }
  })
  const [outputs, errors] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'close')])
  return {
    outputs: outputs.replaceAll(address, DOCUMENTED).split(END_OF_BLOCK).slice(0, -1),
    errors: errors.replaceAll(address, DOCUMENTED),
    exitCode: shell.exitCode
  }
}
