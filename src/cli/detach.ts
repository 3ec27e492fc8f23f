import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync, fchmodSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.js'
import type { RunningServer } from '../server.js'
import { isRunning } from './connection.js'
import { CommandFailure, EXIT } from './exit.js'
import { describeOthers } from './look.js'

/** What `serve --detach` leaves for `stop`. */
export interface DetachedService {
  readonly address: string
  readonly pid: number
  /** When the process began, in the system's ticks: its number may be given to another one later. Linux only. */
  readonly begin?: string | undefined
}

/** What a detached service tells the command that started it. */
type Ready = Pick<RunningServer, 'address' | 'adminTokenFile' | 'otherProcesses'>

const MAIN = fileURLToPath(new URL('main.js', import.meta.url))

/** Gives the file that tells of a detached service on a port. */
export function detachedFile (stateFolder: string, port: string): string {
  return join(stateFolder, `detached-${port}.json`)
}

/** Tells whether the process is still there, and no other one has its number. */
export function isServiceRunning ({ pid, begin }: DetachedService): boolean {
  return begin === undefined ? isRunning(pid) : begin === beginOf(pid)
}

/** Reads field 22 of proc_pid_stat(5). Field 2, the name, may have blanks and brackets itself. */
function beginOf (pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20]
  } catch {
    return undefined
  }
}

/**
 * Starts the service as a process that outlives this one, and waits until it is ready.
 *
 * @param settings its environment
 * @param logFile is appended to, and only the user can read it
 * @returns what to tell the user: the address, the process, the files
 * @throws CommandFailure with what the service itself said when it could not start, or the system's
 *   error. No process is left
 */
export async function serveDetached (
  config: Pick<Config, 'stateFolder' | 'adminToken'>,
  settings: Readonly<Record<string, string | undefined>>,
  logFile: string
): Promise<string> {
  mkdirSync(config.stateFolder, { recursive: true, mode: 0o700 })
  const log = openPrivately(logFile)
  const begin = readFileSync(logFile).length
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    detached: true, env: { ...settings }, stdio: ['ignore', log, log, 'ipc']
  })
  closeSync(log)
  const ended = once(child, 'exit')
  const ready = await Promise.race([once(child, 'message').then(([message]) => message as Ready), ended])
  if (Array.isArray(ready)) {
    const said = readFileSync(logFile).subarray(begin).toString().trim()
    throw new CommandFailure(EXIT.refused, `The service did not start. It said in ${logFile}:\n${said}`)
  }
  const pid = Number(child.pid)
  try {
    keepService(config, ready, { address: ready.address, pid, begin: beginOf(pid) })
  } catch (error) {
    child.kill()
    await ended
    throw error
  }
  child.unref()
  const tokenLine = ready.adminTokenFile === undefined ? '' : `Admin token: ${ready.adminTokenFile}\n`
  return `Address: ${ready.address}\nProcess: ${pid}\n${tokenLine}Log: ${resolve(logFile)}\n` +
    describeOthers(ready.otherProcesses)
}

/** A log names accounts and balances. A device, such as /dev/null, keeps its mode. */
function openPrivately (file: string): number {
  const opened = openSync(file, 'a', 0o600)
  if (fstatSync(opened).isFile()) fchmodSync(opened, 0o600)
  return opened
}

/** @throws CommandFailure when nobody would know the admin token */
function keepService (
  { stateFolder, adminToken }: Pick<Config, 'stateFolder' | 'adminToken'>, ready: Ready, service: DetachedService
): void {
  if (adminToken === undefined && ready.adminTokenFile === undefined) {
    throw new CommandFailure(EXIT.refused, 'The service is ended again: it cannot keep its admin token in ' +
      `${stateFolder}. Make that a folder of this user that nobody else can write, or set ADMIN_TOKEN`)
  }
  const file = detachedFile(stateFolder, new URL(ready.address).port)
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(service), { mode: 0o600, flag: 'wx' })
}

/**
 * Tells the command that has started this process that the service is ready.
 *
 * @returns whether there is such a command, so that this process is detached
 */
export function tellParent (
  { address, adminTokenFile, otherProcesses }: Ready, parent: Pick<NodeJS.Process, 'send'> = process
): boolean {
  if (parent.send === undefined) return false
  // Without its channel the process belongs to nobody any more.
  parent.send({ address, adminTokenFile, otherProcesses }, () => { process.disconnect() })
  return true
}
