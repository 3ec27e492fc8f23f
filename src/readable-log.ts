import type { JournalEntry } from './domain/journal.js'
import type { LogStream } from './http/logging.js'
import { printable } from './printable.js'

/** A log for people, and a line for each request to a dialect. */
export interface ReadableLog {
  readonly log: LogStream
  readonly requestAnswered: (entry: JournalEntry) => void
}

const LEVELS: Readonly<Record<number, string>> = { 40: 'warning  ', 50: 'error  ', 60: 'fatal  ' }

/** What every line of the log has, and nobody at a terminal wants to read. */
const NOT_SHOWN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'request_id', 'err', 'reqId'])

/** A line of the log, as Pino writes it. */
interface LogLine {
  readonly level: number
  readonly time: number
  readonly msg: string
  readonly method?: string
  readonly route?: string
  /** Only with a wrong address: the dialect below whose prefix it is. */
  readonly dialect?: string
  readonly status?: number
  readonly duration_ms?: number
  readonly err?: { readonly stack: string }
}

/**
 * Makes the log of a service at whose terminal a person sits: one line a request, with what was wrong in words. A
 * request to a dialect is shown as the journal has it, and not a second time.
 *
 * @param output takes the lines
 * @param isDialect tells the routes of the dialects
 */
export function makeReadableLog (output: LogStream, isDialect: (route: string) => boolean): ReadableLog {
  const write = (timeMs: number, text: string): void => {
    output.write(`${new Date(timeMs).toISOString().slice(11, 19)}Z  ${printable(text)}\n`)
  }
  return {
    log: {
      write: (text) => {
        const line = JSON.parse(text) as LogLine
        const { time, method, route, status, err } = line
        if (method === undefined || route === undefined || status === undefined) {
          write(time, describeLine(line))
        } else if (!isDialect(route) && line.dialect === undefined) {
          write(time, `${method} ${route}  ${status}  ${line.duration_ms} ms`)
        }
        if (err !== undefined) output.write(`${err.stack}\n`)
      }
    },
    requestAnswered: (entry) => { write(entry.receivedAt.getTime(), describeEntry(entry)) }
  }
}

function describeLine (line: LogLine): string {
  const more = Object.entries(line).filter(([name]) => !NOT_SHOWN.has(name))
    .map(([name, value]) => `  ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${LEVELS[line.level] ?? ''}${line.msg}${more.join('')}`
}

function describeEntry (entry: JournalEntry): string {
  const { method, route, status, clientId, identifier, items, failedItems, note, durationMs } = entry
  const facts = [
    `${method} ${route}`,
    status ?? 'hung up',
    ...clientId === undefined ? [] : [`client ${clientId}`],
    ...identifier === undefined ? [] : [identifier],
    ...items === undefined || failedItems === undefined ? [] : [`${failedItems} of ${items} items failed`],
    ...entry.dryRun ? ['dry run'] : [],
    ...entry.replayed ? ['replayed'] : [],
    ...entry.resentFrom === undefined ? [] : [`repeats ${entry.resentFrom}`],
    ...note === undefined ? [] : [note],
    `${durationMs.toFixed(1)} ms`
  ]
  return facts.join('  ')
}
