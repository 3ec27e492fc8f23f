import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from '../server.js'
import { CommandFailure, EXIT } from './exit.js'

/** What `serve --detach` leaves for `stop`. */
export interface DetachedService {
  readonly address: string
  readonly pid: number
}

/** What a detached service tells the command that started it. */
type Ready = Pick<RunningServer, 'address' | 'adminTokenFile'>

const MAIN = fileURLToPath(new URL('main.js', import.meta.url))

/** Gives the file that tells of a detached service on a port. */
export function detachedFile (stateFolder: string, port: string): string {
  return join(stateFolder, `detached-${port}.json`)
}

/**
 * Starts the service as a process that outlives this one, and waits until it is ready.
 *
 * @param settings its environment
 * @param logFile is appended to
 * @returns what to tell the user: the address, the process, the files
 * @throws CommandFailure with what the service itself said when it could not start
 */
export async function serveDetached (
  stateFolder: string, settings: Readonly<Record<string, string | undefined>>, logFile: string
): Promise<string> {
  const log = openSync(logFile, 'a', 0o600)
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
  child.unref()
  const service = { address: ready.address, pid: Number(child.pid) }
  const file = detachedFile(stateFolder, new URL(ready.address).port)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(service), { mode: 0o600, flag: 'wx' })
  const tokenLine = ready.adminTokenFile === undefined ? '' : `Admin token: ${ready.adminTokenFile}\n`
  return `Address: ${service.address}\nProcess: ${service.pid}\n${tokenLine}Log: ${resolve(logFile)}\n`
}

/** Tells the command that has started this process that the service is ready. Nobody hears it otherwise. */
export function tellParent ({ address, adminTokenFile }: Ready, parent: Pick<NodeJS.Process, 'send'> = process): void {
  // Without its channel the process belongs to nobody any more.
  parent.send?.({ address, adminTokenFile }, () => { process.disconnect() })
}
