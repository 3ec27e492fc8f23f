import type { Connection } from './connection.js'
import type { InputFile } from './files.js'
import { startProgress } from './progress.js'
import { callService, type ServiceCall } from './service.js'
import type { Terminal } from './terminal.js'

/**
 * Sends a CSV file and shows how much of it has gone out. Where the service reads it only as fast as it carries it out,
 * that is how much is done.
 */
export async function sendFile ({ errors }: Terminal, connection: Connection, call: ServiceCall, { content, bytes }: InputFile): Promise<string> {
  const progress = startProgress(errors, bytes)
  let sent = 0
  content.on('data', (chunk: Buffer) => {
    sent += chunk.length
    progress.update(sent)
  })
  try {
    return await callService(connection, { ...call, body: { type: 'text/csv', content } })
  } finally {
    progress.stop()
  }
}
