import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { AdministrativeMessage } from '../../../schemas/sandbox/balance-files.js'
import type { Connection } from '../connection.js'
import { contextOf, describeDryRun, type DryRunOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { openInput, openOutput, type OutputFile } from '../files.js'
import { interruptible } from '../interruption.js'
import { sendFile } from '../send-file.js'
import { openAnswer } from '../service.js'
import { printable } from '../../printable.js'
import type { Terminal } from '../terminal.js'
import { tellHoldsLostByNow } from './lost-hold-lookup.js'

export interface ImportOptions extends DryRunOptions {
  readonly client: string
  readonly feedback?: string
  readonly fileName?: string
}

const BROKEN_OFF = 'The service applies rows as they arrive, and those stay. ' +
  'Send the whole file again: no row is applied twice'
const DRY_RUN_BROKEN_OFF = 'Nothing was changed: it was a dry run'

/**
 * Applies a balance file.
 *
 * @throws CommandFailure also when rows failed
 */
export async function importBalances (terminal: Terminal, path: string, options: ImportOptions): Promise<void> {
  const { connection, print } = contextOf(terminal, options)
  if (path === '-' && options.fileName === undefined) {
    throw new CommandFailure(
      EXIT.usage, 'Say with --file-name what the file is known by: sent again under that name, no row is applied twice')
  }
  const file = await openInput(path, terminal.input)
  let feedback: OutputFile | undefined
  try {
    feedback = options.feedback === undefined ? undefined : await openOutput(options.feedback)
    const fileName = options.fileName ?? basename(path)
    const query = { client_id: options.client, file_name: fileName, dry_run: options.dryRun && 'true' }
    const afterInterruption = options.dryRun === true ? DRY_RUN_BROKEN_OFF : BROKEN_OFF
    const answer =
      await sendFile(terminal, connection, { method: 'POST', path: '/balance-files', query }, file, afterInterruption)
    const { SUMMARY: summary } = JSON.parse(answer) as AdministrativeMessage
    print(answer, () =>
      `${describeDryRun(options.dryRun)}${summary.Passed_Records} of ${summary.Total_Records} rows applied in ` +
        `${summary.Processing_Time_Secs} s, as file ${summary.Job_Id}\n${describeRepeats(summary)}`)
    if (feedback !== undefined) await downloadFeedback(terminal, connection, summary.Job_Id, feedback)
    if (summary.Passed_Records > 0 && options.dryRun !== true) await tellHoldsLostByNow(terminal, options)
    refuseFailures(summary, feedback !== undefined)
  } finally {
    await feedback?.discard()
    file.content.destroy()
  }
}

async function downloadFeedback (
  { signals }: Terminal, connection: Connection, jobId: number, { content, keep }: OutputFile
): Promise<void> {
  const path = `/balance-files/${jobId}/feedback`
  const describe = (why: string): string =>
    `The file was applied, but its feedback could not be kept: ${why}. The service still has it, at ` +
      `/sandbox/v1${path}`
  await interruptible(signals, () => describe('interrupted'), async (signal) => {
    try {
      await pipeline(await openAnswer(connection, { method: 'GET', path }, signal), content, { signal })
      await keep()
    } catch (error) {
      throw new CommandFailure(EXIT.partly, describe((error as Error).message))
    }
  })
}

const REPEATED = /^Records applied before: (\d+)$/

/** The parts of the description of a run: no reason has a semicolon in it. */
function partsOf ({ Status_Description: description }: AdministrativeMessage['SUMMARY']): string[] {
  return description.split('; ').filter(Boolean)
}

function describeRepeats (summary: AdministrativeMessage['SUMMARY']): string {
  const repeated = partsOf(summary).map((part) => REPEATED.exec(part)?.[1]).find(Boolean)
  return repeated === undefined
    ? ''
    : `Of these, an earlier run of the file had applied ${repeated}: they set nothing now, not even behind a reset. ` +
      'To apply them again, give the file another name and its rows other record_ids\n'
}

/** Tells how a run went that has ended. */
export function describeRun (summary: AdministrativeMessage['SUMMARY']): string {
  const { Passed_Records: passed, Total_Records: total, File_Name: name, Job_Id: jobId } = summary
  return `File ${jobId}, ${printable(name)}: ${passed} of ${total} rows applied\n${describeRepeats(summary)}` +
    linesOf(summary).map((line) => `${line}\n`).join('')
}

/** The failed rows that the description names, each as a line, and how many more there are. */
function linesOf (summary: AdministrativeMessage['SUMMARY']): string[] {
  return partsOf(summary).filter((part) => !REPEATED.test(part)).map(printable)
}

function refuseFailures (summary: AdministrativeMessage['SUMMARY'], isFeedbackKept: boolean): void {
  const { Passed_Records: passed, Failed_Records: failed, Job_Id: jobId } = summary
  if (failed === 0) return
  const hint = isFeedbackKept ? [] : [`All of them, with line and row: stip-sandbox balance-files feedback ${jobId}`]
  throw new CommandFailure(
    passed === 0 ? EXIT.refused : EXIT.partly, [`Rows that failed: ${failed}`, ...linesOf(summary), ...hint].join('\n')
  )
}
