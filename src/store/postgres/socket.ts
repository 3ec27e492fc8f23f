import type { Socket } from 'node:net'
import type { ClientBase } from 'pg'
import { NoAnswerError } from './errors.js'

/** What each connection ended with, where it did not end by ours. */
const endings = new WeakMap<ClientBase, Error>()

/** pg has no call for its socket. */
function socketOf (client: ClientBase): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream
}

/** Prepares a new connection: it remembers why it ended, and breaks when its server is silent too long. */
export function watchSocket (client: ClientBase): void {
  // The first says why. Without somebody who hears it, the process would end.
  client.on('error', (error) => { if (!endings.has(client)) endings.set(client, error) })
  const socket = socketOf(client)
  socket.on('timeout', () => {
    const seconds = Number(socket.timeout) / 1000
    breakConnection(client, new NoAnswerError(`for ${seconds} s`))
  })
}

/** Gives what a connection ended with: what follows says only that it is no more. */
export function endingOf (client: ClientBase): Error | undefined {
  return endings.get(client)
}

/** From now on the connection breaks when nothing comes for so long, milliseconds; 0 for never. */
export function limitSilence (client: ClientBase, limitMs: number): void {
  socketOf(client).setTimeout(limitMs)
}

/** pg has no call for it: `end` waits for the server. Its pool does the same with a connection that takes too long. */
export function breakConnection (client: ClientBase, why?: Error): void {
  socketOf(client).destroy(why)
}
