import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { AdministrativeMessage } from '../../../schemas/sandbox/balance-files.js'
import type { Connection } from '../connection.js'
import { contextOf, describeDryRun, type DryRunOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { openInput, openOutput, type OutputFile } from '../files.js'
import { sendFile } from '../send-file.js'
import { openAnswer } from '../service.js'
import { printable } from '../table.js'
import type { Terminal } from '../terminal.js'

export interface ImportOptions extends DryRunOptions {
  readonly client: string
  readonly feedback?: string
}

/**
 * Carries out a balance file.
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
    const answer = await sendFile(terminal, connection, { method: 'POST', path: '/balance-files', query }, file)
    const { SUMMARY: summary } = JSON.parse(answer) as AdministrativeMessage
    print(answer, () => `${describeDryRun(options.dryRun)}${summary.Passed_Records} of ${summary.Total_Records} rows carried out in ${summary.Processing_Time_Secs} s, as file ${summary.Job_Id}\n`)
    if (feedback !== undefined) await downloadFeedback(connection, summary.Job_Id, feedback)
    refuseFailures(summary)
  } catch (error) {
    if (!feedback?.content.writableFinished) await feedback?.discard()
    throw error
  } finally {
    file.content.destroy()
  }
}

async function downloadFeedback (connection: Connection, jobId: number, { content }: OutputFile): Promise<void> {
  const path = `/balance-files/${jobId}/feedback`
  try {
    await pipeline(await openAnswer(connection, { method: 'GET', path }), content)
  } catch (error) {
    throw new CommandFailure(EXIT.partly, `The file was carried out, but its feedback could not be kept: ${(error as Error).message}. The service still has it, at /sandbox/v1${path}`)
  }
}

function refuseFailures ({ Passed_Records: passed, Failed_Records: failed, Status_Description: description }: AdministrativeMessage['SUMMARY']): void {
  if (failed === 0) return
  throw new CommandFailure(passed === 0 ? EXIT.refused : EXIT.partly, `Rows that failed: ${failed}. ${printable(description)}`)
}
