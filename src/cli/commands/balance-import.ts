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
import { printable } from '../table.js'
import type { Terminal } from '../terminal.js'

export interface ImportOptions extends DryRunOptions {
  readonly client: string
  readonly feedback?: string
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
  const file = await openInput(path)
  let feedback: OutputFile | undefined
  try {
    feedback = options.feedback === undefined ? undefined : await openOutput(options.feedback)
    const query = { client_id: options.client, file_name: basename(path), dry_run: options.dryRun && 'true' }
    const afterInterruption = options.dryRun === true ? DRY_RUN_BROKEN_OFF : BROKEN_OFF
    const answer =
      await sendFile(terminal, connection, { method: 'POST', path: '/balance-files', query }, file, afterInterruption)
    const { SUMMARY: summary } = JSON.parse(answer) as AdministrativeMessage
    print(answer, () =>
      `${describeDryRun(options.dryRun)}${summary.Passed_Records} of ${summary.Total_Records} rows applied in ` +
        `${summary.Processing_Time_Secs} s, as file ${summary.Job_Id}\n`)
    if (feedback !== undefined) await downloadFeedback(terminal, connection, summary.Job_Id, feedback)
    refuseFailures(summary)
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

function refuseFailures (
  { Passed_Records: passed, Failed_Records: failed, Status_Description: description }: AdministrativeMessage['SUMMARY']
): void {
  if (failed === 0) return
  throw new CommandFailure(
    passed === 0 ? EXIT.refused : EXIT.partly, `Rows that failed: ${failed}. ${printable(description)}`
  )
}
