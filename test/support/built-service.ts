import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from './folder.js'
import { MAIN } from './process.js'

/** A service that runs as a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess
  /** Where it listens; rejected with what it said when it ends without. */
  readonly address: Promise<string>
  /** Everything that it has written so far, log and messages. */
  readonly output: () => string
  /** Its exit code, or null after a signal, once it has ended. */
  readonly ended: Promise<number | null>
}

/** What a service is started with, beside its environment. */
export interface ServiceOptions {
  readonly environment: Readonly<Record<string, string>>
  /** No file may grow beyond so many blocks of 512 bytes (of 1024 in some shells). */
  readonly fileBlocksMax?: number
  /** The user that it runs as; only root can choose. */
  readonly uid?: number | undefined
}

/** Starts a service; its process ends with the test. */
export function startBuiltService (t: Test, { environment, fileBlocksMax, uid }: ServiceOptions): ServiceProcess {
  const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `
  // The test runner loads its coverage by NODE_OPTIONS: it takes time, and handles the signal that the limit raises.
  const child = spawn('/bin/sh', ['-c', `unset NODE_OPTIONS; ${limit}exec "$0" "$@"`, process.execPath, MAIN, 'serve'], {
    env: { PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'], ...uid === undefined ? {} : { uid, gid: uid }
  })
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  return watch(child)
}

function watch (child: ChildProcess): ServiceProcess {
  let output = ''
  let isFound = false
  const ended = once(child, 'close').then(() => child.exitCode)
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
        // The log of a long run is long, too.
        if (isFound) return
        const [, found] = /listening on (http:\/\/[\w.:]+)/.exec(output) ?? []
        if (found === undefined) return
        isFound = true
        resolve(found)
      })
    }
    ended.then(() => { reject(new Error(`the service has ended: ${output}`)) }, reject)
  })
  address.catch(() => {}) // Nobody has to wait for it.
  return { child, address, output: () => output, ended }
}
