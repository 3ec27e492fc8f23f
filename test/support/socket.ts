import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from './folder.js'

/** A connection to a service on which a test writes the bytes itself. */
export interface Wire {
  readonly socket: Socket
  /** Everything that has come back, once the service has hung up. */
  readonly received: Promise<string>
}

/** Connects to an address such as `http://127.0.0.1:3000`, until the test ends. */
export async function openWire (t: Test, address: string): Promise<Wire> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  t.teardown(() => { socket.destroy() })
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
  // Writing while the service hangs up may break the connection. What came before counts all the same.
  const received = new Promise<string>((resolve) => {
    socket.on('error', () => {}).once('close', () => { resolve(text) })
  })
  await once(socket, 'connect')
  return { socket, received }
}

/** Reads the JSON body of the last answer in what came over a wire. */
export function lastBody (received: string): unknown {
  return JSON.parse(received.slice(received.lastIndexOf('\r\n\r\n')))
}
