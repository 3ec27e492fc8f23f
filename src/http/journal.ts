import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Clock } from '../clock.js'
import type { JournalBounds, JournalEntry } from '../domain/journal.js'
import { makeJournal } from '../journal.js'
import type { JournalStore } from '../store/port/journal.js'
import { dialectOf } from './dialect-of.js'
import {
  answeredRequestOf, entryOf, unseenRequestOf, type AnsweredRequest, type JournalledDialect, type Resend
} from './journal-entry.js'
import type { FaultAnswer } from './request-fault.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body of the answer, where it is journalled. */
    sentAnswer: string | undefined
    /** The name of the dialect below whose prefix the address is. */
    dialect: string | undefined
  }
  interface FastifyInstance {
    /**
     * Writes the requests that wait, so that the journal has all that were answered before.
     *
     * @throws StoreUnavailableError when the database cannot take them for now
     */
    flushJournal: () => Promise<void>
    /** Journals a request that broke off before it was one, with the beginning of its address. */
    recordUnseen: (url: string, answer: FaultAnswer, xRequestId?: string) => void
  }
}

/** Requests on their second way, by `x-request-id`. Nobody else knows such an id, so that it stands for a key. */
export type Resends = Map<string, Resend>

/** How the journal is kept. */
export interface JournalSettings {
  /** How much of it; 0 requests for none. */
  readonly bounds: JournalBounds
  /** Whether numbers of accounts and tokens are masked. */
  readonly isRedacted: boolean
}

/** What the plugin needs. */
export interface JournalledOptions {
  readonly store: JournalStore
  readonly clock: Clock
  readonly settings: JournalSettings
  readonly dialects: readonly JournalledDialect[]
  readonly resends: Resends
  /** How many parts a body may have: see `JSON_PARTS`. */
  readonly partsMax: number
  /** Told of each request, kept or not. */
  readonly onAnswered?: ((entry: JournalEntry) => void) | undefined
}

/**
 * Journals every request to a dialect once it is answered, refused ones too. What it costs comes behind the answer.
 * Register it before all routes.
 */
export const journalled = fastifyPlugin(async (app: FastifyInstance, options: JournalledOptions) => {
  const { store, clock, settings: { bounds, isRedacted }, dialects, resends, partsMax, onAnswered } = options
  const isKept = bounds.requests > 0
  const describe = (answered: AnsweredRequest): JournalEntry => entryOf(answered, { isRedacted, partsMax })
  const journal = makeJournal({ store, bounds, describe, log: app.log, now: () => performance.now() })

  function record (answered: Omit<AnsweredRequest, 'resend'>): void {
    const resend = resends.get(answered.xRequestId)
    const request = { ...answered, resend }
    if (resend !== undefined) resend.entry = describe(request)
    onAnswered?.(describe(request))
    if (isKept) journal.record(request)
  }

  /** Removes what was kept under other settings. */
  async function removeForbidden (): Promise<void> {
    if (!isKept) await store.recordRequests([], bounds)
    if (isRedacted) await store.removeUnmaskedRequests()
  }

  app.decorateRequest('sentAnswer', undefined)
  app.decorateRequest('dialect', undefined)
  app.decorate('flushJournal', journal.flush)
  app.decorate('recordUnseen', (url, answer, xRequestId = randomUUID()) => {
    const dialect = dialectOf(dialects, url)
    if (dialect !== undefined) record(unseenRequestOf(xRequestId, answer, dialect, clock().getTime()))
  })
  app.addHook('onReady', async () => {
    await removeForbidden().catch((error: unknown) => {
      app.log.warn({ err: error }, 'what the journal must no longer keep could not be removed')
    })
  })
  // It runs before the store closes, whose hook was there first.
  app.addHook('onClose', async () => {
    await journal.flush().catch((error: unknown) => {
      app.log.warn({ err: error }, 'the newest requests of the journal are lost: it could not be written')
    })
  })
  if (!isKept && onAnswered === undefined) return
  app.addHook('onRequest', (request, reply, done) => {
    const dialect = dialectOf(dialects, request.url)
    if (dialect !== undefined) {
      request.dialect = dialect.name
      // It comes also when a client hangs up before its answer: the update is applied all the same.
      reply.raw.once('close', () => { record(answeredRequestOf(request, reply, dialect, clock().getTime())) })
    }
    done()
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (typeof payload === 'string') request.sentAnswer = payload
    done(null, payload)
  })
}, { name: 'journal' })
