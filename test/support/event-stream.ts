import http from 'node:http'
import { once } from 'node:events'
import type { Test } from './folder.js'
import { AUTHORIZATION } from './service.js'

/** An event as it came. */
export interface HeardEvent {
  readonly id: string
  readonly type: string
  readonly data: Record<string, unknown>
}

/** A listener of the test's own. */
export interface EventStream {
  readonly response: http.IncomingMessage
  /** Gives the next event. It rejects when the stream ends before. */
  readonly next: () => Promise<HeardEvent>
  /** Hangs up. */
  readonly leave: () => void
}

/** Listens to a service, until the test ends. */
export async function listenTo (
  t: Test, address: string, query = '', headers: Record<string, string> = {}
): Promise<EventStream> {
  const request = http.get(`${address}/sandbox/v1/events${query}`, { headers: { ...AUTHORIZATION, ...headers } })
  t.teardown(() => { request.destroy() })
  const [response] = await once(request, 'response') as [http.IncomingMessage]
  response.on('error', () => {})
  const blocks = blocksOf(response)
  return {
    response,
    next: async () => {
      for (;;) {
        const { value, done } = await blocks.next()
        if (done === true) throw new Error('the stream has ended')
        const [, id = '', type = '', data = ''] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(value) ?? []
        if (type !== '') return { id, type, data: JSON.parse(data) }
      }
    },
    leave: () => { request.destroy() }
  }
}

async function * blocksOf (response: http.IncomingMessage): AsyncGenerator<string, undefined> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    const blocks = `${text}${chunk}`.split('\n\n')
    text = String(blocks.pop())
    yield * blocks
  }
  return undefined
}
