import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import fc from 'fast-check'
import type { Test } from './folder.js'
import { kindOf, makeReadMessages } from './wire.js'

let thrown = 0

/** How many conflicts all proxies of this process have thrown so far. */
export function conflictsThrown (): number {
  return thrown
}

/**
 * One transaction in twelve is refused. An operation is tried five times. Where others commit between its attempts,
 * one in 12⁵ is refused each time.
 */
const ONE_IN = 12

/** An operation is tried five times. Those that come one after another must not fail all of them. */
const IN_A_ROW_MAX = 3

/** A refused transaction is so at one of its first statements, or at its commit. */
const STATEMENTS_MAX = 8

/** How many decisions the seed makes. They are used again from the first. */
const DECISIONS = 1000

/** The server itself throws it, so that all that follows is true: the client must end the transaction. */
const THROW = 'DO $$ BEGIN RAISE EXCEPTION \'thrown in by the test\' USING ERRCODE = \'40001\'; END $$'

/** Begins a change. What only reads is never refused by PostgreSQL. */
const BEGINS_CHANGE = /^BEGIN ISOLATION LEVEL SERIALIZABLE;/

/** Draws numbers, in one text of several statements. */
const DRAWS = /^BEGIN; SET LOCAL statement_timeout = \d+; SET LOCAL synchronous_commit = off;/

/** Decides which transactions are refused, and at which of their statements. */
function makeDecisions (seed: number): { decide: () => number | undefined, committed: () => void } {
  const decisions = fc.sample(fc.record({
    isRefused: fc.noBias(fc.nat(ONE_IN - 1)).map((place) => place === 0),
    statement: fc.noBias(fc.nat(STATEMENTS_MAX - 1))
  }), { seed, numRuns: DECISIONS })
  let at = 0
  let inARow = 0
  return {
    decide: () => {
      const { isRefused, statement } = decisions[at++ % DECISIONS] as typeof decisions[number]
      if (!isRefused || inARow === IN_A_ROW_MAX) return undefined
      inARow += 1
      return statement
    },
    committed: () => { inARow = 0 }
  }
}

/** The text of a simple query; empty for any other message. */
function textOf (message: Buffer): string {
  return kindOf(message) === 'Q' ? message.toString('utf8', 5, message.length - 1) : ''
}

function queryMessageOf (text: string): Buffer {
  const body = Buffer.from(`${text}\0`)
  const head = Buffer.from('Q\0\0\0\0')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/**
 * Makes what stands between a store and its database, and throws 40001 into transactions that change something. It ends
 * with the test.
 *
 * @returns the database's URL, by way of the proxy
 */
export async function makeConflictProxy (t: Test, databaseUrl: string, seed: number): Promise<string> {
  const target = new URL(databaseUrl)
  const { decide, committed } = makeDecisions(seed)
  const sockets = new Set<Socket>()

  /** Gives what the server gets in place of a statement, message by message. */
  function makeReplace (): (messages: Buffer[]) => Buffer[] {
    /** How many statements of the transaction pass before one is refused. */
    let passing: number | undefined
    return (messages) => {
      const text = textOf(messages[0] as Buffer)
      if (BEGINS_CHANGE.test(text)) {
        passing = decide()
        return messages
      }
      const isDrawing = DRAWS.test(text)
      const statement = isDrawing ? decide() : passing
      const isRefused = statement !== undefined && (statement === 0 || isDrawing || text === 'COMMIT')
      if (!isDrawing) passing = statement === undefined || isRefused ? undefined : statement - 1
      if (!isRefused || text === 'ROLLBACK') {
        if (text === 'COMMIT') committed()
        return messages
      }
      thrown += 1
      return [queryMessageOf(THROW)]
    }
  }

  function join (client: Socket): void {
    const server = connect({ port: Number(target.port), host: target.hostname, noDelay: true })
    const read = makeReadMessages()
    const replace = makeReplace()
    let statement: Buffer[] = []
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (data) => {
      for (const message of read(data)) {
        statement.push(message)
        // Parse, Bind, Describe and Execute make one statement with the Sync that ends it.
        if (/[PBDE]/.test(kindOf(message))) continue
        server.write(Buffer.concat(replace(statement)))
        statement = []
      }
    })
    server.on('data', (data) => { client.write(data) })
  }

  const proxy = createServer({ noDelay: true }, join).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  })
  const url = new URL(databaseUrl)
  url.port = String((proxy.address() as AddressInfo).port)
  return url.href
}
