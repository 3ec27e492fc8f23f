import { EventEmitter } from 'node:events'
import { Readable, Writable } from 'node:stream'
import { run } from '../../src/cli/run.js'
import type { Terminal } from '../../src/cli/terminal.js'
import type { ScenarioDocument } from '../../schemas/scenario.js'
import type { Test } from './folder.js'
import { ADMIN_TOKEN, makeService, type TestService } from './service.js'

/** A terminal of the test's own, which remembers what is written to it. */
export interface TestTerminal extends Terminal {
  readonly signals: EventEmitter
  /** Everything that was written to standard output. */
  readonly printed: () => string
  /** Everything that was written to standard error. */
  readonly complained: () => string
}

/**
 * Makes a terminal.
 *
 * @param answers what somebody types; undefined when nobody is there, and input and output are no terminal
 * @param columns how wide the terminal is
 */
export function makeTerminal (
  environment: Record<string, string> = {}, answers?: string, columns?: number
): TestTerminal {
  const isTTY = answers !== undefined
  const [output, errors] = [makeMemory(), makeMemory()]
  return {
    environment,
    input: Object.assign(Readable.from(answers === undefined || answers === '' ? [] : [answers]), { isTTY }),
    output: Object.assign(output.stream, { isTTY, ...columns === undefined ? {} : { columns } }),
    errors: Object.assign(errors.stream, { isTTY }),
    signals: new EventEmitter(),
    printed: output.text,
    complained: errors.text
  }
}

function makeMemory (): { stream: Writable, text: () => string } {
  let text = ''
  const stream = new Writable({
    write (chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    }
  })
  return { stream, text: () => text }
}

/** How a command went. */
export interface CommandResult {
  readonly exitCode: number
  readonly printed: string
  readonly complained: string
}

/** Runs a command in this process. */
export async function runHere (
  args: readonly string[], environment: Record<string, string> = {}, answers?: string
): Promise<CommandResult> {
  const terminal = makeTerminal(environment, answers)
  const exitCode = await run(args, terminal)
  return { exitCode, printed: terminal.printed(), complained: terminal.complained() }
}

/** Starts a service that listens, and gives what runs commands against it. */
export async function serveCommands (
  t: Test, scenario?: ScenarioDocument, options?: Parameters<typeof makeService>[2]
): Promise<TestService & {
  readonly address: string
  readonly cli: (args: readonly string[], answers?: string) => Promise<CommandResult>
}> {
  const service = await makeService(t, scenario, options)
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  return {
    ...service,
    address,
    cli: async (args, answers) => await runHere(args, { STIP_SANDBOX_URL: address, ADMIN_TOKEN }, answers)
  }
}
