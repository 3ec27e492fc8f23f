import { readFileSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { stateFolderOf } from '../../admin-token-file.js'
import { isRunning, urlOf, type ConnectionOptions } from '../connection.js'
import { addCommand, urlOption } from '../data-command.js'
import { detachedFile, type DetachedService } from '../detach.js'
import { CommandFailure, EXIT } from '../exit.js'
import type { Terminal } from '../terminal.js'

interface ProcessOptions extends Pick<ConnectionOptions, 'url'> {
  readonly timeout?: string
}

/** How long to wait without --timeout. */
const TIMEOUT_SECONDS = '30'

const POLL_MS = 100

/** Adds the commands by which a shell starts a service, waits for it and ends it. */
export function addProcessCommands (program: Command, { environment, output }: Terminal): void {
  const add = (name: string, description: string): Command => addCommand(program, name, description, name)
    .addOption(urlOption())

  add('status', 'Tell whether the service is ready: exit code 0 when it is, 3 when it is not')
    .action(async (options: ProcessOptions) => {
      const url = urlOf(options, environment)
      const reason = await whyNotReady(url)
      if (reason !== undefined) throw new CommandFailure(EXIT.unavailable, `${url.origin} is not ready: ${reason}`)
      output.write(`${url.origin} is ready\n`)
    })

  add('wait', 'Wait until the service is ready')
    .option('--timeout <seconds>', 'how long at most', TIMEOUT_SECONDS)
    .action(async (options: ProcessOptions) => {
      const url = urlOf(options, environment)
      let reason: string | undefined
      const isReady = await waitUntil(options, async () => (reason = await whyNotReady(url)) === undefined)
      if (!isReady) throw new CommandFailure(EXIT.unavailable, `${url.origin} is not ready in time: ${reason}`)
      output.write(`${url.origin} is ready\n`)
    })

  add('stop', 'Stop a service that "serve --detach" has started, and wait for its end')
    .option('--timeout <seconds>', 'how long to wait at most', TIMEOUT_SECONDS)
    .action(async (options: ProcessOptions) => {
      const { port, origin } = urlOf(options, environment)
      const file = detachedFile(stateFolderOf(environment), port)
      const { pid } = readDetached(file, origin)
      readTimeout(options)
      if (isRunning(pid)) {
        // After a crash another program may have the number of its process.
        const reason = await whyUnreachable(new URL('/health/live', origin))
        if (reason !== undefined) throw new CommandFailure(EXIT.unavailable, describeDoubt(origin, pid, reason))
        process.kill(pid, 'SIGTERM')
      }
      if (!await waitUntil(options, async () => !isRunning(pid))) {
        throw new CommandFailure(EXIT.unavailable, `Process ${pid} still runs. Wait longer with --timeout`)
      }
      rmSync(file, { force: true })
      output.write(`${origin} is stopped\n`)
    })
}

function describeDoubt (origin: string, pid: number, reason: string): string {
  return `Process ${pid} is not stopped, because it may be another one: at ${origin} ${reason}. Look with ` +
    `"ps -p ${pid}", and end it with "kill ${pid}" if it is the service`
}

async function whyNotReady (url: URL): Promise<string | undefined> {
  return await whyUnreachable(new URL('/health/ready', url))
}

/** @returns undefined when the answer is good */
async function whyUnreachable (url: URL): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(url)
    return ok ? undefined : `the service answers ${status}`
  } catch (error) {
    return `nobody answers (${((error as Error).cause as NodeJS.ErrnoException).code})`
  }
}

/** @returns false when the time is over before */
async function waitUntil (options: ProcessOptions, isDone: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + readTimeout(options)
  while (!await isDone()) {
    if (performance.now() >= deadline) return false
    await setTimeout(POLL_MS)
  }
  return true
}

/** @returns milliseconds. @throws CommandFailure when it is no number of seconds */
function readTimeout ({ timeout }: ProcessOptions): number {
  if (/^\d{1,4}$/.test(String(timeout))) return Number(timeout) * 1000
  throw new CommandFailure(EXIT.usage, `--timeout must be a whole number of seconds up to 9999, and not ${timeout}`)
}

/** @throws CommandFailure when there is none */
function readDetached (file: string, origin: string): DetachedService {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DetachedService
  } catch {
    throw new CommandFailure(EXIT.refused, `No service of this user at ${origin} was started with "serve --detach". ` +
      'Another one is stopped where it was started, with Ctrl+C or SIGTERM')
  }
}
