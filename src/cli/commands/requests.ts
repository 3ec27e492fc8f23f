import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import type {
  JournalledRequest, RequestPage, RequestSummary, ResentRequest
} from '../../../schemas/sandbox/requests.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeNext, dryRunOption, type DataContext, type DryRunOptions,
  type PageOptions
} from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { interruptible } from '../interruption.js'
import { callService, pathStep } from '../service.js'
import { printable } from '../../printable.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { tellLostHolds } from './lost-hold-lookup.js'

interface FilterOptions extends PageOptions {
  readonly client?: string
  readonly status?: string
  readonly failed?: true
  readonly identifier?: string
  readonly account?: string
}

interface ResendOptions extends DryRunOptions {
  readonly sameIdentifier?: true
}

const COLUMNS: ReadonlyArray<Column<RequestSummary>> = [
  { title: 'Request', value: (request) => request.request_id, align: 'right' },
  { title: 'When', value: (request) => request.received_at },
  { title: 'Client', value: (request) => request.client_id, align: 'right' },
  { title: 'Identifier', value: (request) => request.identifier },
  { title: 'Status', value: (request) => request.status ?? 'hung up', align: 'right' },
  { title: 'Items', value: (request) => request.items, align: 'right' },
  { title: 'Failed', value: (request) => request.failed_items, align: 'right' },
  { title: 'What', value: describeRequest }
]

/** How much of a note a table shows. */
const NOTE_WIDTH = 60

/** How often new requests are looked for. */
const TAIL_MS = 1000

/** Adds `requests list`, `show`, `resend` and `tail`: the journal of what arrived at the dialects. */
export function addRequestCommands (program: Command, terminal: Terminal): void {
  const requests = addGroup(program, 'requests', 'Look at what the dialects received, and send it again')

  addPageOptions(addFilterOptions(addDataCommand(
    requests, 'list', 'List the requests that arrived, newest first', 'requests list --client 123 --status 4xx'
  )))
    .action(async (options: FilterOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const { limit, cursor } = options
      const query = { ...queryOf(options), limit, cursor }
      print(
        await call({ method: 'GET', path: '/requests', query }),
        ({ requests: found, next_cursor: next }: RequestPage) => `${table(COLUMNS, found)}${describeNext(next)}`
      )
    })

  addDataCommand(requests, 'show <request>', 'Show a request with its body and its answer', 'requests show 42')
    .action(async (request: string, options: PageOptions) => {
      const context = contextOf(terminal, options)
      const path = `/requests/${pathStep(request)}`
      const answer = await context.call({ method: 'GET', path })
      context.print(answer, (found: JournalledRequest) => showWhole(context, found))
    })

  addDataCommand(
    requests, 'resend <request>', 'Send a request again, with a new identifier', 'requests resend 42 --dry-run'
  )
    .option('--same-identifier', 'keep the identifier: the answer before is given again')
    .addOption(dryRunOption())
    .action(async (request: string, options: ResendOptions) => {
      const context = contextOf(terminal, options)
      const query = {
        identifier: options.sameIdentifier === true ? 'same' : undefined,
        dry_run: options.dryRun === true ? 'true' : undefined
      }
      const answer = await context.call({ method: 'POST', path: `/requests/${pathStep(request)}/resend`, query })
      context.print(answer, (sent: ResentRequest) => showWhole(context, sent))
      const sent = JSON.parse(answer) as ResentRequest
      const { operation, client_id: client, identifier } = sent
      if (operation !== null) await tellLostHolds(terminal, { ...options, client: String(client) }, String(identifier))
      requireSuccess(sent)
    })

  addFilterOptions(addDataCommand(
    requests, 'tail', 'Show requests as they arrive, until Ctrl+C', 'requests tail --client 123'
  ))
    .action(async (options: FilterOptions) => await tail(contextOf(terminal, options), options))
}

/** @throws CommandFailure when the request was refused, or an item failed: as `update` ends */
function requireSuccess ({ status, items, failed_items: failed, note }: ResentRequest): void {
  const code = Number(status)
  if (code < 200 || code > 299) {
    const exitCode = code >= 500 ? EXIT.unavailable : EXIT.refused
    throw new CommandFailure(exitCode, `Answered with ${status}: ${printable(String(note))}`)
  }
  if (Number(failed) === 0) return
  throw new CommandFailure(failed === items ? EXIT.refused : EXIT.partly, `Items that failed: ${failed}`)
}

function addFilterOptions (command: Command): Command {
  return command
    .option('--client <client>', 'of this client only')
    .option('--status <status>', 'with this HTTP status only, such as 409 or 4xx')
    .option('--failed', 'with failed items only')
    .option('--identifier <text>', 'with this api_call_unique_identifier or communicationNumber only')
    .option('--account <account>', 'that name this account only, by number, token or reference')
}

function queryOf ({ client, status, failed, identifier, account }: FilterOptions) {
  return {
    client_id: client, status, failed_items: failed === true ? 'true' : undefined, identifier, account_id: account
  }
}

function describeRequest (request: RequestSummary): string {
  const { dialect, route, dry_run: dryRun, replayed, resent_from: resentFrom, note } = request
  const facts = [
    ...dialect === 'paymentology' && route !== 'unknown' ? [] : [route === 'unknown' ? 'no such call' : dialect],
    ...dryRun ? ['dry run'] : [],
    ...replayed ? ['replayed'] : [],
    ...resentFrom === null ? [] : [`repeats ${resentFrom}`],
    ...note === null ? [] : [note.length > NOTE_WIDTH ? `${note.slice(0, NOTE_WIDTH)}…` : note]
  ]
  return facts.join('; ')
}

/** Shows a request line by line, and then its texts as they are. */
function showWhole ({ colours }: DataContext, request: JournalledRequest | ResentRequest): string {
  const { body, body_base64: base64, answer, ...facts } = request
  const width = Math.max(...Object.keys(facts).map(({ length }) => length))
  const lines = Object.entries(facts).filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) => `${colours.bold(name.padEnd(width))}  ${printable(String(value))}\n`)
  const sent = body ?? (base64 === null ? 'not kept' : `not UTF-8, as base64: ${base64}`)
  return `${lines.join('')}\n${colours.bold('Body')}\n${printableText(sent)}\n\n${colours.bold('Answer')}\n` +
    `${printableText(answer ?? 'not kept, or the client hung up before it')}\n`
}

/** Line feeds and tabs may stand in a body. */
function printableText (text: string): string {
  return text.split(/([\n\t])/).map((part) => part === '\n' || part === '\t' ? part : printable(part)).join('')
}

/** How many requests are looked at together, and how many are shown at first. */
const [TAIL_PAGE, TAIL_BEGIN] = [1000, 10]

/** Shows each request once, the oldest first. */
async function tail ({ terminal, connection, table }: DataContext, options: FilterOptions): Promise<void> {
  const query = { ...queryOf(options), limit: String(TAIL_PAGE) }
  let shown: ReadonlySet<string> | undefined

  /** Where none of the requests is there that were shown last, some may have come and gone meanwhile. */
  async function look (signal: AbortSignal): Promise<void> {
    const answer = await callService(connection, { method: 'GET', path: '/requests', query }, signal)
    const { requests } = JSON.parse(answer) as RequestPage
    const fresh = shown === undefined
      ? requests.slice(0, TAIL_BEGIN)
      : requests.filter(({ request_id: id }) => shown?.has(id) === false)
    const isGap = fresh.length === requests.length && (shown?.size ?? 0) > 0
    shown = new Set(requests.map(({ request_id: id }) => id))
    if (isGap) terminal.output.write('Some requests are not shown: they come faster than they are looked at\n')
    if (fresh.length === 0) return
    terminal.output.write(options.json === true
      ? fresh.reverse().map((request) => `${JSON.stringify(request)}\n`).join('')
      : table(COLUMNS, fresh.reverse()))
  }

  return await interruptible(terminal.signals, () => 'Stopped', async (signal) => {
    while (!signal.aborted) {
      await look(signal)
      await setTimeout(TAIL_MS, undefined, { signal }).catch(() => {})
    }
    signal.throwIfAborted()
  })
}
