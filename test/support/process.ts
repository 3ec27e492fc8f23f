import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Test } from './folder.js'

/** The command line, compiled as this file is. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

/**
 * Part of the environment of a process that is not counted in the coverage. Node hands the variable on to each process
 * that names no value of its own, and to write the coverage takes a seventh of the time in which a service starts.
 */
export const UNCOUNTED = { NODE_V8_COVERAGE: '' }

/** Where a service says that it listens. What follows shows that the address has come whole. */
const LISTENING = /listening on (http:\/\/[\w.:]+)[^\w.:]/

/** A run of the command line as a process of its own. */
export interface CommandProcess {
  readonly child: ChildProcess
  /** Everything that it has written to standard output so far. */
  readonly output: () => string
  readonly errors: () => string
  /** Waits until the output matches, and gives the match. Rejected when the process ends without it. */
  readonly waitFor: (pattern: RegExp) => Promise<RegExpExecArray>
  /** The same for standard error. */
  readonly waitForError: (pattern: RegExp) => Promise<RegExpExecArray>
  /** The exit code, once the process has ended. */
  readonly exitCode: Promise<number | null>
}

/**
 * Runs `stip-sandbox` with these arguments, in a folder and an environment of the test's own, and ends it with the
 * test.
 *
 * @param stdout a descriptor of the test's own for standard output, of which this then sees nothing
 */
export function runCommand (
  t: Test,
  folder: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
  stdout: 'pipe' | number = 'pipe'
): CommandProcess {
  const child = spawn(process.execPath, [...nodeOptions, MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, XDG_STATE_HOME: folder, ...environment },
    stdio: ['ignore', stdout, 'pipe']
  })
  return watchProcess(t, child)
}

/** Ends a process with the test, and keeps what it writes. */
export function watchProcess (t: Test, child: ChildProcess): CommandProcess {
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  let output = ''
  let errors = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => { output += chunk })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => { errors += chunk })
  const ended = once(child, 'close')

  async function find (pattern: RegExp, stream: Readable | null, text: () => string): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(text())
      if (match !== null) return match
      const more = stream === null ? ended : once(stream, 'data')
      await Promise.race([more, ended.then(() => { throw new Error(`ended without ${pattern}: ${output}${errors}`) })])
    }
  }

  return {
    child,
    output: () => output,
    errors: () => errors,
    exitCode: ended.then(() => child.exitCode),
    waitFor: async (pattern) => await find(pattern, child.stdout, () => output),
    waitForError: async (pattern) => await find(pattern, child.stderr, () => errors)
  }
}

/** Waits until a service listens. @returns its address */
export async function addressOf (server: CommandProcess): Promise<string> {
  const [, address = ''] = await server.waitFor(LISTENING)
  return address
}
