import { spawn } from 'node:child_process'
import type { Test } from './folder.js'
import { addressOf, MAIN, UNCOUNTED, watchProcess, type CommandProcess } from './process.js'

/** A service that runs as a process of its own, with Node alone. */
export interface BuiltService extends CommandProcess {
  /** Where it listens; rejected with what it said when it ends without. */
  readonly address: Promise<string>
}

/** What a service is started with, beside its environment. */
export interface ServiceOptions {
  readonly environment: Readonly<Record<string, string>>
  /** No file may grow beyond so many blocks of 512 bytes (of 1024 in some shells). */
  readonly fileBlocksMax?: number
  /** The user that it runs as; only root can choose. */
  readonly uid?: number | undefined
}

/** Starts a service; its process ends with the test. It is not counted in the coverage. */
export function startBuiltService (t: Test, { environment, fileBlocksMax, uid }: ServiceOptions): BuiltService {
  const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `
  const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, MAIN, 'serve'], {
    env: { PORT: '0', ...environment, ...UNCOUNTED },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...uid === undefined ? {} : { uid, gid: uid }
  })
  const service = watchProcess(t, child)
  const address = addressOf(service)
  address.catch(() => {}) // Nobody has to wait for it.
  return { ...service, address }
}
