import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { AdministrativeMessage, BalanceFilePage } from '../../../schemas/sandbox/balance-files.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeNext, type DataOptions, type PageOptions
} from '../data-command.js'
import { openOutput } from '../files.js'
import { openAnswer } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { describeRun } from './balance-import.js'

interface FeedbackOptions extends DataOptions {
  readonly output?: string
}

interface ListOptions extends PageOptions {
  readonly client?: string
}

const COLUMNS: ReadonlyArray<Column<BalanceFilePage['balance_files'][number]>> = [
  { title: 'Job', value: (file) => file.job_id, align: 'right' },
  { title: 'Started', value: (file) => file.started_at },
  { title: 'Client', value: (file) => file.client_id, align: 'right' },
  { title: 'File', value: (file) => file.file_name },
  { title: 'Status', value: (file) => `${file.status.replace('_', ' ')}${file.dry_run ? ', dry run' : ''}` },
  { title: 'Rows', value: (file) => file.total_records, align: 'right' },
  { title: 'Failed', value: (file) => file.failed_records, align: 'right' },
  { title: 'Repeated', value: (file) => file.repeated_records, align: 'right', spare: 1 },
  { title: 'Why', value: (file) => file.reason, spare: 2 }
]

/** Adds `balance-files list`, `show` and `feedback`. */
export function addBalanceFileCommands (program: Command, terminal: Terminal): void {
  const group = addGroup(program, 'balance-files', 'What became of balance files that were imported')

  addPageOptions(addDataCommand(
    group, 'list', 'List the files that came in, newest first', 'balance-files list --client 123'
  )
    .option('--client <client>', 'of this client only'))
    .action(async (options: ListOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const { client, limit, cursor } = options
      print(
        await call({ method: 'GET', path: '/balance-files', query: { client_id: client, limit, cursor } }),
        (page: BalanceFilePage) => `${table(COLUMNS, page.balance_files)}${describeNext(page.next_cursor)}`
      )
    })

  addDataCommand(group, 'show <job>', 'Show how a file went', 'balance-files show 456')
    .action(async (job: string, options: DataOptions) => {
      const { call, print } = contextOf(terminal, options)
      print(await call({ method: 'GET', path: `/balance-files/${job}` }), ({ SUMMARY }: AdministrativeMessage) =>
        describeRun(SUMMARY))
    })

  addDataCommand(
    group, 'feedback <job>', 'Print the rows that failed, as CSV with their lines and reasons',
    'balance-files feedback 456 --output failed.csv'
  )
    .option('--output <file>', 'a new file for them')
    .action(async (job: string, options: FeedbackOptions) => { await showFeedback(terminal, job, options) })
}

async function showFeedback (terminal: Terminal, job: string, options: FeedbackOptions): Promise<void> {
  const { connection, call } = contextOf(terminal, options)
  const path = `/balance-files/${job}/feedback`
  if (options.output === undefined) {
    terminal.output.write(await call({ method: 'GET', path }))
    return
  }
  const file = await openOutput(options.output)
  try {
    await pipeline(await openAnswer(connection, { method: 'GET', path }), file.content)
    await file.keep()
  } finally {
    await file.discard()
  }
}
