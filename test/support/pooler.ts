import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from './folder.js'
import { kindOf, makeReadMessages } from './wire.js'

/** What stands between services and their database, and gives a server to a client for one transaction at a time. */
export interface Pooler {
  /** The database's URL, by way of the pooler. */
  readonly url: string
  /** From now on a client keeps its server, or gets another one for each transaction. */
  share: (isSharing: boolean) => void
}

interface Client {
  readonly socket: Socket
  server: Server | undefined
  /** What it has sent that no server has got yet. */
  readonly waiting: Buffer[]
  /** The server that it had before: it shall have another one, where there is one. */
  last: Server | undefined
}

interface Server {
  readonly socket: Socket
  client: Client | undefined
  /** How many answers are still to come. */
  expected: number
}

/** Messages that the server answers with ReadyForQuery: Query and Sync. */
const ASKS = /[QS]/

/**
 * Makes a pooler that knows no prepared statements, like PgBouncer before 1.21. It takes connections without TLS, of
 * one user to one database, and ends with the test.
 *
 * @param isSharing whether a client gets another server for each transaction from the start
 */
export async function makePooler (t: Test, databaseUrl: string, isSharing = true): Promise<Pooler> {
  const target = new URL(databaseUrl)
  const clients = new Set<Client>()
  const idle: Server[] = []

  /** Sends what waits, as far as there are servers. */
  function serve (): void {
    for (const client of clients) {
      if (client.waiting.length === 0) continue
      if (client.server === undefined) {
        const another = idle.findIndex((server) => server !== client.last)
        const [server] = idle.splice(Math.max(another, 0), 1)
        if (server === undefined) continue
        join(client, server)
      }
      const { server } = client as { server: Server }
      for (const message of client.waiting.splice(0)) {
        if (ASKS.test(kindOf(message))) server.expected += 1
        server.socket.write(message)
      }
    }
  }

  function join (client: Client, server: Server): void {
    client.server = server
    server.client = client
  }

  function part (client: Client, server: Server): void {
    client.last = server
    client.server = server.client = undefined
    idle.push(server)
    serve()
  }

  /** A server has ended a transaction, or has let a client in. */
  function ready (server: Server, status: string): void {
    server.expected -= 1
    const { client } = server
    if (isSharing && status === 'I' && server.expected === 0 && client !== undefined) part(client, server)
  }

  function accept (socket: Socket): void {
    const server: Server = {
      socket: connect({ port: Number(target.port), host: target.hostname, noDelay: true }),
      client: undefined,
      expected: 1
    }
    const client: Client = { socket, server: undefined, waiting: [], last: undefined }
    join(client, server)
    clients.add(client)
    const [readClient, readServer] = [makeReadMessages(true), makeReadMessages(false)]
    socket.on('data', (data) => {
      // A client that leaves does not end a server.
      client.waiting.push(...readClient(data).filter((message) => kindOf(message) !== 'X'))
      serve()
    })
    socket.on('error', () => {}).on('close', () => {
      clients.delete(client)
      client.server?.socket.destroy() // Nobody knows how it stands.
    })
    server.socket.on('error', () => {}).on('data', (data) => {
      for (const message of readServer(data)) {
        server.client?.socket.write(message)
        if (kindOf(message) === 'Z') ready(server, String.fromCharCode(message[5] as number))
      }
    })
    t.teardown(() => {
      socket.destroy()
      server.socket.destroy()
    })
  }

  const proxy = createServer({ noDelay: true }, accept).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => { proxy.close() })
  const url = new URL(databaseUrl)
  url.port = String((proxy.address() as AddressInfo).port)
  url.searchParams.set('sslmode', 'disable')
  return { url: url.href, share: (sharing) => { isSharing = sharing } }
}
