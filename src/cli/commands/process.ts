import { readFileSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { stateFolderOf } from '../../admin-token-file.js'
import type { ConnectionOptions } from '../connection.js'
import { addCommand, urlOption } from '../data-command.js'
import { detachedFile, isServiceRunning, type DetachedService } from '../detach.js'
import { CommandFailure, EXIT } from '../exit.js'
import { countOthers, describeOthers, lookAt, placeOf, type Finding, type Place } from '../look.js'
import type { Terminal } from '../terminal.js'

interface ProcessOptions extends Pick<ConnectionOptions, 'url'> {
  readonly timeout?: string
}

/** How long to wait without --timeout. */
const TIMEOUT_SECONDS = '30'

const POLL_MS = 100

const READY = '/health/ready'

/** Adds the commands by which a shell starts a service, waits for it and ends it. */
export function addProcessCommands (program: Command, { environment, output }: Terminal): void {
  const add = (name: string, description: string): Command => addCommand(program, name, description, name)
    .addOption(urlOption('the address of the settings HOST, PORT and TLS_CERT'))

  add('status', 'Tell whether the service is ready: exit code 0 when it is, 3 when it is not')
    .action(async (options: ProcessOptions) => {
      const place = placeOf(options, environment)
      const finding = await lookAt(place, READY, Infinity)
      const { origin } = place.url
      if (finding.fault !== undefined) {
        throw new CommandFailure(EXIT.unavailable, `${origin} is not ready: ${finding.fault}`)
      }
      output.write(describeReady(place, finding))
    })

  add('wait', 'Wait until the service is ready')
    .option('--timeout <seconds>', 'how long at most', TIMEOUT_SECONDS)
    .action(async (options: ProcessOptions) => {
      const place = placeOf(options, environment)
      let finding: Finding | undefined
      const isReady = await waitUntil(options, async (rest) =>
        (finding = await lookAt(place, READY, rest)).fault === undefined)
      if (!isReady) {
        throw new CommandFailure(EXIT.unavailable, `${place.url.origin} is not ready in time: ${finding?.fault}`)
      }
      output.write(describeReady(place, finding))
    })

  add('stop', 'Stop a service that "serve --detach" has started, and wait for its end')
    .option('--timeout <seconds>', 'how long to wait at most', TIMEOUT_SECONDS)
    .action(async (options: ProcessOptions) => {
      const place = placeOf(options, environment)
      const { port, origin } = place.url
      const file = detachedFile(stateFolderOf(environment), port)
      const service = readDetached(file, origin)
      const { pid } = service
      const timeout = readTimeout(options)
      const look = async (): Promise<Finding> => await lookAt(place, '/health/live', timeout)
      if (!isServiceRunning(service)) {
        rmSync(file, { force: true })
        output.write(describeGone(origin, pid, await look()))
        return
      }
      // Only where the system does not tell when a process began, another program may have its number after a crash.
      const fault = service.begin === undefined ? (await look()).fault : undefined
      if (fault !== undefined) throw new CommandFailure(EXIT.unavailable, describeDoubt(origin, pid, fault))
      process.kill(pid, 'SIGTERM')
      if (!await waitUntil(options, async () => !isServiceRunning(service))) {
        throw new CommandFailure(EXIT.unavailable, `Process ${pid} still runs. Wait longer with --timeout`)
      }
      rmSync(file, { force: true })
      output.write(`${origin} is stopped\n`)
    })
}

function describeReady ({ url: { origin }, certificate }: Place, finding?: Finding): string {
  if (certificate !== 'mutual') return `${origin} is ready\n${describeOthers(countOthers(finding?.body))}`
  return `${origin} is up, and asks for a client's certificate (TLS_CLIENT_CA). Only a client that has one can see ` +
    'whether it is ready\n'
}

/** @throws CommandFailure when another program answers, which somebody may take for the service */
function describeGone (origin: string, pid: number, { isAnswered }: Finding): string {
  const gone = `The detached service at ${origin} (process ${pid}) had ended already`
  if (!isAnswered) return `${gone}\n`
  throw new CommandFailure(EXIT.refused, `${gone}. Another program answers there, and is not stopped: stop it where ` +
    'it was started')
}

function describeDoubt (origin: string, pid: number, reason: string): string {
  return `Process ${pid} is not stopped, because it may be another one: at ${origin} ${reason}. Look with ` +
    `"ps -p ${pid}", and end it with "kill ${pid}" if it is the service`
}

/**
 * @param isDone gets the milliseconds that are left
 * @returns false when the time is over before
 */
async function waitUntil (options: ProcessOptions, isDone: (rest: number) => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + readTimeout(options)
  while (!await isDone(Math.ceil(deadline - performance.now()))) {
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
