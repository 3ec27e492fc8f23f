import type { Connection } from './connection.js'
import { CommandFailure, EXIT } from './exit.js'
import type { InputFile } from './files.js'
import { interruptible } from './interruption.js'
import { startProgress } from './progress.js'
import { callService, type ServiceCall } from './service.js'
import type { Terminal } from './terminal.js'

/**
 * Sends a CSV file and shows how much of it has gone out. Where the service reads it only as fast as it carries it out,
 * that is how much is done.
 *
 * @param afterInterruption says how far the file came when Ctrl+C breaks it off, and what to do next
 */
export async function sendFile (
  { errors, signals }: Terminal,
  connection: Connection,
  call: ServiceCall,
  { content, bytes }: InputFile,
  afterInterruption: string
): Promise<string> {
  const progress = startProgress(errors, bytes)
  let sent = 0
  content.on('data', (chunk: Buffer) => {
    sent += chunk.length
    progress.update(sent)
  })
  const size = bytes === undefined ? '' : ` of ${bytes}`
  const describe = (): string => `Interrupted when ${sent}${size} bytes of the file were sent. ${afterInterruption}`
  const withBody = { ...call, body: { type: 'text/csv', content } } as const
  try {
    return await interruptible(signals, describe, async (signal) =>
      await callService(connection, withBody, signal).catch((error: unknown) => {
        // Every failure of a call is one of these.
        throw tellPart(error as CommandFailure, afterInterruption)
      }))
  } finally {
    progress.stop()
  }
}

/** A service that ended in the middle may have applied a part. One that refused the connection has not. */
function tellPart (failure: CommandFailure, afterInterruption: string): CommandFailure {
  const { exitCode, message } = failure
  const isBrokenOff = exitCode === EXIT.unavailable && !message.includes('ECONNREFUSED')
  return isBrokenOff ? new CommandFailure(exitCode, `${message}. ${afterInterruption}`) : failure
}
