import { EventEmitter, once } from 'node:events'
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
  /** From now on, these words are other ones of the same length, whoever says them. */
  rewrite: (from: string, to: string) => void
  /**
   * From a message with this text on, nothing gets through and neither end hears of it, as when a server loses its
   * power. New connections are refused.
   *
   * @returns fulfilled when the message has come
   */
  freezeAt: (text: string) => Promise<unknown>
  /**
   * From a message with this text on, nothing gets through on its connection and neither end hears of it, as when a
   * firewall has forgotten it. Other connections work.
   */
  forgetAt: (text: string) => void
  /** From now on it is so on all connections that there are. */
  forget: () => void
  /** A message with this text comes, is `held` then, and waits for `release`. Others get through. */
  holdAt: (text: string) => { readonly held: Promise<unknown>, readonly release: () => void }
  /** Fulfilled when `count` new connections were made. */
  connected: (count: number) => Promise<void>
  /** Breaks all connections and refuses new ones, until it is called again with false. */
  refuse: (isRefusing: boolean) => void
}

/** What happens to a message with a text in it. */
interface Trap {
  readonly text: string
  readonly kind: 'reaches' | 'lost' | 'freezes' | 'waits' | 'forgets'
}

/** Makes a proxy, which ends with the test. */
export async function makeDatabaseProxy (t: Test, databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  /** Those on which nothing gets through, of both ends. */
  const forgotten = new Set<Socket>()
  const events = new EventEmitter()
  const words = new Map<string, string>()
  let trips = 0
  let trap: Trap | undefined
  let [isRefusing, isFrozen] = [false, false]

  function rewritten (data: Buffer): Buffer {
    let text = data.toString('latin1')
    for (const [from, to] of words) text = text.replaceAll(from, to)
    return Buffer.from(text, 'latin1')
  }

  function spring (kind: Trap['kind'], data: Buffer, client: Socket, server: Socket): void {
    switch (kind) {
      case 'reaches':
        // The server has answered, so that it has done what it was sent; the client never learns of it.
        server.removeAllListeners('data').once('data', () => { client.destroy() })
        server.write(data)
        return
      case 'lost':
        client.destroy()
        return
      case 'freezes':
        isFrozen = true
        events.emit('frozen')
        return
      case 'forgets':
        forgotten.add(client).add(server)
        return
      case 'waits':
        events.once('release', () => { server.write(data) })
        events.emit('held')
    }
  }

  function join (client: Socket): void {
    if (isRefusing || isFrozen) {
      client.destroy()
      return
    }
    events.emit('connected')
    const server = connect(Number(target.port), target.hostname)
    let isServersWord = true
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => {
        sockets.delete(socket)
        if (forgotten.has(socket)) return
        client.destroy()
        if (socket === server) server.destroy()
        else server.end()
      })
    }
    client.on('data', (sent) => {
      if (isFrozen || forgotten.has(client)) return
      const data = rewritten(sent)
      if (isServersWord) trips += 1
      isServersWord = false
      if (trap === undefined || !data.includes(trap.text)) {
        server.write(data)
        return
      }
      const { kind } = trap
      trap = undefined
      spring(kind, data, client, server)
    })
    server.on('data', (data) => {
      if (isFrozen || forgotten.has(server)) return
      isServersWord = true
      client.write(rewritten(data))
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
    breakAt: (text, reaches) => { trap = { text, kind: reaches ? 'reaches' : 'lost' } },
    rewrite: (from, to) => { words.set(from, to.padEnd(from.length)) },
    freezeAt: async (text) => {
      trap = { text, kind: 'freezes' }
      await once(events, 'frozen')
    },
    forgetAt: (text) => { trap = { text, kind: 'forgets' } },
    forget: () => { for (const socket of sockets) forgotten.add(socket) },
    holdAt: (text) => {
      trap = { text, kind: 'waits' }
      return { held: once(events, 'held'), release: () => { events.emit('release') } }
    },
    connected: async (count) => {
      for (let made = 0; made < count; made += 1) await once(events, 'connected')
    },
    refuse: (refusing) => {
      isRefusing = refusing
      if (refusing) for (const socket of sockets) socket.destroy()
    }
  }
}
