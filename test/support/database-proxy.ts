import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from './folder.js'

/** What stands between a store and its database, and sees every byte. */
export interface DatabaseProxy {
  /** The database's URL, by way of the proxy. */
  readonly url: string
  /** How often a client has sent something after the server's last word: round trips, on all connections. */
  roundTrips: () => number
  /** From now on, a message in which this text stands breaks its connection: it reaches the server, or it does not. */
  breakAt: (text: string, reaches: boolean) => void
  /** Breaks all connections and refuses new ones, until it is called again with false. */
  refuse: (isRefusing: boolean) => void
}

/** Makes a proxy, which ends with the test. */
export async function makeDatabaseProxy (t: Test, databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let trips = 0
  let breaking: { readonly text: string, readonly reaches: boolean } | undefined
  let isRefusing = false

  function join (client: Socket): void {
    if (isRefusing) {
      client.destroy()
      return
    }
    const server = connect(Number(target.port), target.hostname)
    let isServersWord = true
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => {
        sockets.delete(socket)
        client.destroy()
        if (socket === server) server.destroy()
        else server.end()
      })
    }
    client.on('data', (data) => {
      if (isServersWord) trips += 1
      isServersWord = false
      const found = breaking !== undefined && data.includes(breaking.text) ? breaking : undefined
      if (found === undefined || found.reaches) server.write(data)
      if (found === undefined) return
      breaking = undefined
      // The server has answered, so that it has done what it was sent; the client never learns of it.
      if (found.reaches) server.removeAllListeners('data').once('data', () => { client.destroy() })
      else client.destroy()
    })
    server.on('data', (data) => {
      isServersWord = true
      client.write(data)
    })
  }

  const proxy = createServer(join).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  })
  const url = new URL(databaseUrl)
  url.port = String((proxy.address() as AddressInfo).port)
  return {
    url: url.href,
    roundTrips: () => trips,
    breakAt: (text, reaches) => { breaking = { text, reaches } },
    refuse: (refusing) => {
      isRefusing = refusing
      if (refusing) for (const socket of sockets) socket.destroy()
    }
  }
}
