import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { EventHeaders, EventQuery } from '../../../schemas/sandbox/events.js'
import { makeEventFeed, type EventFeed, type FeedEvent } from '../../event-feed.js'
import type { LogLimit } from '../../http/limit-log.js'
import { sendProblem } from '../../http/problem.js'
import type { EventStore } from '../../store/port/events.js'

/** A listener that has left more than this unread is cut off. It connects again, and reads its lists anew. */
const UNREAD_BYTES_MAX = 1024 * 1024

/**
 * One that missed more reads its lists anew. Nothing can be read before the answer begins: what is committed meanwhile
 * needs room beside it.
 */
const MISSED_BYTES_MAX = UNREAD_BYTES_MAX / 2

const EXAMPLE = `id: 5f0c1a77.1
event: balances
data: {"operation_id":"17","source":"paymentology","client_id":123,"identifier":"001","tid":null,` +
  '"at":"2026-01-31T08:15:30.123Z","changes":[{"account_id":"1002","currency":"840","actual_balance":"200.00",' +
  `"blocked_balance":"50.00","available_balance":"150.00"}],"has_more_changes":false}

`

const LISTEN = {
  operationId: 'listenToEvents',
  tags: ['Events'],
  summary: 'Listen to what is committed',
  description: 'Server-sent events: each is committed, whichever process wrote it. `ready` says that all that is ' +
    'committed from now on comes. `Last-Event-ID` goes on behind an event. `resync` says that some were missed: read ' +
    'your lists anew.',
  querystring: EventQuery,
  headers: EventHeaders,
  response: {
    200: {
      description: 'The stream, until either side ends it. A comment comes every 15 seconds.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } }
    },
    ...COMMON_PROBLEMS,
    503: problemResponse('The database is not available, or `EVENT_LISTENERS` others listen. The header ' +
      '`Retry-After` says when to try again.', {
      title: 'Service Unavailable',
      status: 503,
      detail: 'At most 100 may listen at once (EVENT_LISTENERS). Close another connection first'
    })
  }
}

/** Server-sent events (WHATWG HTML, section 9.2) of what is committed. */
export const events: FastifyPluginAsyncTypebox<{
  store: EventStore
  maxListeners: number
  logLimit: LogLimit
}> = async (app, { store, maxListeners, logLimit }) => {
  const feed = makeEventFeed({ store, log: app.log, now: () => performance.now() })
  let waiting = 0
  // Connections that are open for ever would hold the end of the service up.
  app.addHook('preClose', async () => { feed.close() })

  // A request for the headers alone would be answered by a stream that nobody reads.
  app.get('/events', { schema: LISTEN, exposeHeadRoute: false }, async (request, reply) => {
    if (feed.size + waiting >= maxListeners) {
      logLimit('EVENT_LISTENERS', maxListeners, 'more wanted to listen to events than may at once')
      reply.header('retry-after', '5')
      const detail = `At most ${maxListeners} may listen at once (EVENT_LISTENERS). Close another connection first`
      return sendProblem(reply, 503, detail)
    }
    waiting += 1
    try {
      const { client_id: clientId, types } = request.query
      const filter = { clientId: clientId === undefined ? undefined : Number(clientId), types: types?.split(',') }
      return await send(reply, feed, filter, request.headers['last-event-id'])
    } finally {
      waiting -= 1
    }
  })
}

/** What a listener wants to hear. */
interface EventFilter {
  readonly clientId: number | undefined
  readonly types: readonly string[] | undefined
}

async function send (
  reply: FastifyReply, feed: EventFeed, { clientId, types }: EventFilter, lastId: string | undefined
): Promise<FastifyReply> {
  const stream = new Readable({ read: () => {} })
  const write = (text: string): void => {
    // What comes at once may be more, and is read soon by one who reads at all.
    if (stream.readableLength > UNREAD_BYTES_MAX) stream.destroy()
    else stream.push(text)
  }
  const isWanted = (event: FeedEvent): boolean => (types === undefined || types.includes(event.type)) &&
    (clientId === undefined || event.clientId === undefined || event.clientId === clientId)
  const textOf = (events: readonly FeedEvent[]): string => events.filter(isWanted).map(writeEvent).join('')
  const resync = (id: string): void => { write(writeEvent({ id, type: 'resync', data: '{}' })) }
  const leave = await feed.listen({
    ready: (id) => { write(writeEvent({ id, type: 'ready', data: '{}' })) },
    take: (events) => { write(textOf(events)) },
    catchUp: (missed, id) => {
      const text = textOf(missed)
      if (Buffer.byteLength(text) > MISSED_BYTES_MAX) resync(id)
      else write(text)
    },
    resync,
    beat: () => { write(': still here\n\n') },
    end: () => { stream.push(null) }
  }, lastId)
  stream.once('close', leave)
  return reply.type('text/event-stream').header('cache-control', 'no-store').header('x-accel-buffering', 'no')
    .send(stream)
}

/** Writes an event. JSON has no line break, and so data is one line. */
function writeEvent ({ id, type, data }: Pick<FeedEvent, 'id' | 'type' | 'data'>): string {
  return `id: ${id}\nevent: ${type}\ndata: ${data}\n\n`
}
