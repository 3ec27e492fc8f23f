import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { BODY_PROBLEMS, COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { MessageParameters, TransactionParameters } from '../../../schemas/sandbox/payments.js'
import {
  Advice, AdvicePage, AdviceQuery, Message, MessageList, TransactionDetail, TransactionPage, TransactionQuery, WaitQuery
} from '../../../schemas/sandbox/transactions.js'
import { sendJsonText } from '../../http/json-text.js'
import { sendProblem } from '../../http/problem.js'
import type { TransactionRecord } from '../../store/port/payments.js'
import type { Store } from '../../store/port/store.js'
import { CURSOR_FAULT, readPage, readSoughtNumber, writeCursor } from './parameters.js'
import { presentAdvice, presentMessage, presentTransaction } from './present-payment.js'

const TAGS = ['Stand-in']

const TRANSACTION_UNKNOWN = {
  404: problemResponse('There is no such transaction.', {
    title: 'Not Found', status: 404, detail: 'There is no transaction 42'
  })
}

const MESSAGE_UNKNOWN = {
  404: problemResponse('There is no such message.', {
    title: 'Not Found', status: 404, detail: 'There is no message 42'
  })
}

const ADVICE_UNKNOWN = {
  404: problemResponse('There is no such advice.', { title: 'Not Found', status: 404, detail: 'There is no advice 42' })
}

const ADVICE_ACKNOWLEDGED = {
  409: problemResponse('The issuer has acknowledged the advice.', {
    title: 'Conflict', status: 409, detail: 'Advice 42 was acknowledged at 2027-02-03T14:05:12.000Z'
  })
}

/** How often a transaction is looked at that somebody waits for. */
const LOOK_AGAIN_MS = 25
const DEFAULT_TIMEOUT_MS = 5000

/** Payments, the messages about them, and the advices that wait. */
export const transactions: FastifyPluginAsyncTypebox<{ store: Store, wakeSender: () => void }> = async (
  app, { store, wakeSender }
) => {
  let isClosing = false
  app.addHook('preClose', async () => { isClosing = true })

  app.get('/transactions', {
    schema: {
      operationId: 'listTransactions',
      tags: TAGS,
      summary: 'List transactions',
      description: 'Payments and what became of them, newest first.',
      querystring: TransactionQuery,
      response: { 200: TransactionPage, ...COMMON_PROBLEMS }
    }
  }, async (request, reply) => {
    const { client_id: clientId, account_id: accountId, token, state, decided_by: decidedBy } = request.query
    const page = readPage(request.query)
    if (page === undefined) return sendProblem(reply, 400, CURSOR_FAULT)
    const { items, next } = await store.listTransactions({
      clientId: numberOf(clientId), accountId: soughtOf(accountId), token: soughtOf(token), state, decidedBy
    }, page)
    return { transactions: items.map(presentTransaction), next_cursor: writeCursor(next) }
  })

  app.get('/transactions/:tid', {
    schema: {
      operationId: 'readTransaction',
      tags: TAGS,
      summary: 'Read a transaction',
      description: 'One payment with its trace. With `wait_for` the call answers once that has come, so that no ' +
        'script sleeps.',
      params: TransactionParameters,
      querystring: WaitQuery,
      response: { 200: TransactionDetail, ...COMMON_PROBLEMS, ...TRANSACTION_UNKNOWN }
    }
  }, async (request, reply) => {
    const { tid } = request.params
    const found = await waitFor(readSoughtNumber(tid), request.query)
    if (found === undefined) return sendProblem(reply, 404, `There is no transaction ${tid}`)
    const { record, reached } = found
    return sendJsonText(reply, JSON.stringify({ ...presentTransaction(record), trace: record.trace ?? null, reached }))
  })

  app.get('/transactions/:tid/messages', {
    schema: {
      operationId: 'listMessages',
      tags: TAGS,
      summary: 'List a transaction\'s messages',
      description: 'What was sent, or is to be sent, to the issuer about a payment, and what came of it.',
      params: TransactionParameters,
      response: { 200: MessageList, ...COMMON_PROBLEMS, ...TRANSACTION_UNKNOWN }
    }
  }, async (request, reply) => {
    const tid = readSoughtNumber(request.params.tid)
    if (await store.readTransaction(tid) === undefined) {
      return sendProblem(reply, 404, `There is no transaction ${request.params.tid}`)
    }
    return { messages: (await store.listMessages(tid)).map(presentMessage) }
  })

  app.get('/messages/:rid', {
    schema: {
      operationId: 'readMessage',
      tags: TAGS,
      summary: 'Read a message',
      description: 'One message to an issuer as it is sent, and what came of it.',
      params: MessageParameters,
      response: { 200: Message, ...COMMON_PROBLEMS, ...MESSAGE_UNKNOWN }
    }
  }, async (request, reply) => {
    const found = await store.readMessage(readSoughtNumber(request.params.rid))
    return found === undefined
      ? sendProblem(reply, 404, `There is no message ${request.params.rid}`)
      : presentMessage(found)
  })

  app.get('/advices', {
    schema: {
      operationId: 'listAdvices',
      tags: TAGS,
      summary: 'List advices',
      description: 'Messages that are sent until the issuer acknowledges them, newest first.',
      querystring: AdviceQuery,
      response: { 200: AdvicePage, ...COMMON_PROBLEMS }
    }
  }, async (request, reply) => {
    const { client_id: clientId, tid, state } = request.query
    const page = readPage(request.query)
    if (page === undefined) return sendProblem(reply, 400, CURSOR_FAULT)
    const { items, next } = await store.listAdvices({ clientId: numberOf(clientId), tid: soughtOf(tid), state }, page)
    return { advices: items.map(presentAdvice), next_cursor: writeCursor(next) }
  })

  for (const { method, path, change, ...words } of [
    { ...RETRY, change: async (rid: bigint) => await store.retryAdvice(rid) },
    { ...CANCEL, change: async (rid: bigint) => await store.cancelAdvice(rid) }
  ]) {
    app.route({
      method,
      url: path,
      schema: {
        ...words,
        tags: TAGS,
        params: MessageParameters,
        response: {
          200: Advice, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, ...ADVICE_UNKNOWN, ...ADVICE_ACKNOWLEDGED
        }
      },
      handler: async (request, reply) => {
        const { rid } = request.params
        const advice = await change(readSoughtNumber(rid))
        if (advice === undefined) return sendProblem(reply, 404, `There is no advice ${rid}`)
        if (advice.acknowledgedAt !== undefined) {
          return sendProblem(reply, 409, `Advice ${rid} was acknowledged at ${advice.acknowledgedAt.toISOString()}`)
        }
        wakeSender()
        return presentAdvice(advice)
      }
    })
  }

  /** Reads a transaction, once what is waited for has come or the time has passed. */
  async function waitFor (
    tid: bigint, { wait_for: event, timeout_ms: timeout }: WaitQuery
  ): Promise<{ readonly record: TransactionRecord, readonly reached?: boolean } | undefined> {
    const endMs = performance.now() + (timeout === undefined ? DEFAULT_TIMEOUT_MS : Number(timeout))
    for (;;) {
      // Looked at first: the transaction that is read behind it shows what has come.
      const isAcknowledged = event === 'advice_acknowledged' && await areAcknowledged(tid)
      const record = await store.readTransaction(tid)
      if (record === undefined) return undefined
      if (event === undefined) return { record }
      const reached = isAcknowledged || hasCome(event, record)
      if (reached || isClosing || performance.now() >= endMs) return { record, reached }
      await wait(LOOK_AGAIN_MS)
    }
  }

  /** Tells whether a payment has advices, and its issuer has acknowledged all of them. */
  async function areAcknowledged (tid: bigint): Promise<boolean> {
    const { items } = await store.listAdvices(
      { clientId: undefined, tid, state: undefined }, { from: undefined, limit: 1000 })
    const active = items.filter(({ feed }) => feed === 'active')
    return active.length > 0 && active.every(({ state }) => state === 'acknowledged')
  }
}

const RETRY = {
  method: 'POST',
  path: '/advices/:rid/retry',
  operationId: 'retryAdvice',
  summary: 'Send an advice now',
  description: 'Sends an advice that waits, was parked or was cancelled. Its attempts are counted anew.'
} as const

const CANCEL = {
  method: 'DELETE',
  path: '/advices/:rid',
  operationId: 'cancelAdvice',
  summary: 'Cancel an advice',
  description: 'Nothing sends the advice any more. Its hold stays one that the issuer does not know of.'
} as const

function numberOf (digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}

function soughtOf (digits: string | undefined): bigint | undefined {
  return digits === undefined ? undefined : readSoughtNumber(digits)
}

/** Tells by a transaction alone whether something has come. */
function hasCome (event: NonNullable<WaitQuery['wait_for']>, { state, trace }: TransactionRecord): boolean {
  // What was ended without a decision is not decided any more.
  if (event === 'decided') return state !== 'received'
  return event === 'late_answer' && (trace?.issuer?.late_answer ?? null) !== null
}
