import type { Command } from 'commander'
import type { PruneReport } from '../../../schemas/sandbox/pruning.js'
import { systemClock } from '../../clock.js'
import { addDataCommand, contextOf, describeDryRun, dryRunOption, type DryRunOptions } from '../data-command.js'
import { parseDuration } from '../duration.js'
import { confirm, yesOption } from '../confirm.js'
import { CommandFailure, EXIT } from '../exit.js'
import { jsonBody } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'

interface PruneOptions extends DryRunOptions {
  readonly olderThan: string
  readonly yes?: true
}

type Count = readonly [what: string, count: number]

const COUNT_COLUMNS: ReadonlyArray<Column<Count>> = [
  { title: 'Older', value: ([what]) => what },
  { title: 'Count', value: ([, count]) => count, align: 'right' }
]

/** Adds `prune`. */
export function addPruneCommand (program: Command, terminal: Terminal): void {
  addDataCommand(
    program,
    'prune',
    'Remove old history and answers kept for repeated requests, after showing the count',
    'prune --older-than 90d'
  )
    .requiredOption('--older-than <age>', 'such as 90d: minutes (m), hours (h), days (d) or weeks (w)')
    .addOption(yesOption())
    .addOption(dryRunOption())
    .action(async (options: PruneOptions) => { await prune(terminal, options) })
}

async function prune (terminal: Terminal, options: PruneOptions): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  const ageMs = parseDuration(options.olderThan)
  if (ageMs === undefined) {
    throw new CommandFailure(EXIT.usage, `--older-than must be such as 90d, 12h, 30m or 2w, not ${options.olderThan}`)
  }
  const body = { before: new Date(systemClock().getTime() - ageMs).toISOString() }
  const send = async (dryRun: boolean): Promise<string> =>
    await call({ method: 'POST', path: '/prune', query: { dry_run: String(dryRun) }, body: jsonBody(body) })
  const describe = (report: PruneReport): string => table(COUNT_COLUMNS, countsOf(report))

  const count = await send(true)
  if (options.dryRun === true) {
    return print(count, (report: PruneReport) => `${describeDryRun(true)}${describe(report)}`)
  }
  if (options.yes !== true) terminal.errors.write(describe(JSON.parse(count)))
  await confirm(terminal, options, `Remove everything older than ${body.before}?`, 'refuse')
  print(await send(false), (report: PruneReport) =>
    `Removed what was older than ${report.before}:\n${describe(report)}`)
}

function countsOf (report: PruneReport): Count[] {
  return [
    ['rows of history', report.history_rows],
    ['answers kept for repeats', report.replay_records],
    ['deleted accounts', report.deleted_accounts],
    ['runs of balance files', report.balance_files],
    ['records of those files', report.balance_file_records]
  ]
}
