import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { stringify } from 'csv-stringify/sync'
import { COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import { AdministrativeMessage, BalanceFileParameters, BalanceFileQuery } from '../../../schemas/sandbox/balance-files.js'
import { administrativeMessage, BALANCE_FILE_COLUMNS, type BalanceFileSummary } from '../../domain/balance-file.js'
import type { BalanceUpdateItem, ItemFailure } from '../../domain/balance-update.js'
import type { BalanceFileJob, BalanceFileRow, BalanceFileStore } from '../../store/balance-files.js'
import type { Store } from '../../store/store.js'
import { readDryRun } from '../dry-run.js'
import { describeItemFailure } from '../item-failure.js'
import { requirePlainUtf8 } from '../plain-utf8.js'
import { BalanceFileError, readBalanceFileRows, ROWS_MAX } from './balance-file-rows.js'
import { sendProblem } from './problem.js'

/** How many rows one transaction carries out. A crash loses at most so many that were read, and none that was answered. */
const ROWS_A_TRANSACTION = 500

const FEEDBACK_PAGE = 1000

const FIELD_NAMES = { actual: 'act_balance', blocked: 'blk_balance', currency: 'bill_ccy', externalReference: 'account_ext_ref' } as const

const FILE_UNKNOWN = {
  404: problemResponse('There is no such file.', { title: 'Not Found', status: 404, detail: 'There is no balance file 456' })
}

/** The processor's daily balance file (Paymentology, Bulk Balance Download), and what became of it. */
export const balanceFiles: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.addContentTypeParser('text/csv', (request, payload, done) => {
    requirePlainUtf8(request)
    done(null, payload)
  })

  app.post('/balance-files', {
    schema: {
      operationId: 'carryOutBalanceFile',
      tags: ['Balance files'],
      summary: 'Carry out a balance file',
      description: `Takes the processor's daily CSV, up to ${ROWS_MAX} rows, and sets balances row by row in the order of the file, ${ROWS_A_TRANSACTION} rows a transaction. Rows that cannot be carried out do not keep the others from it. A record is carried out once: the same file may be sent again at any time, also after a crash in its middle.`,
      security: [{ adminToken: [] }],
      consumes: ['text/csv'],
      querystring: BalanceFileQuery,
      response: {
        200: AdministrativeMessage,
        ...COMMON_PROBLEMS,
        404: problemResponse('There is no such client.', { title: 'Not Found', status: 404, detail: 'There is no client 789' }),
        415: problemResponse('The body is not declared to be CSV.', { title: 'Unsupported Media Type', status: 415, detail: 'Send the file as text/csv' })
      }
    }
  }, async (request, reply) => {
    if (!(request.body instanceof Readable)) return sendProblem(reply, 415, 'Send the file as text/csv')
    const { client_id: clientId, file_name: fileName } = request.query
    const dryRun = readDryRun(request.query, reply)
    const job = await store.startBalanceFile({ clientId: Number(clientId), fileName, dryRun, describeFailure })
    if (job === undefined) return sendProblem(reply, 404, `There is no client ${clientId}`)
    reply.header('location', `/sandbox/v1/balance-files/${job.jobId}`)
    try {
      return administrativeMessage(await carryOutFile(job, request.body).finally(() => { job.close() }))
    } catch (error) {
      if (error instanceof BalanceFileError) return sendProblem(reply, 400, error.message)
      throw error
    }
  })

  app.get('/balance-files/:job_id', {
    schema: {
      operationId: 'readBalanceFile',
      tags: ['Balance files'],
      summary: 'Read how a balance file went',
      security: [{ adminToken: [] }],
      params: BalanceFileParameters,
      response: {
        200: AdministrativeMessage,
        ...COMMON_PROBLEMS,
        ...FILE_UNKNOWN,
        409: problemResponse('The file is not done.', { title: 'Conflict', status: 409, detail: 'Balance file 456 is not done. If nobody is sending it any more, send it again: no record is carried out twice' })
      }
    }
  }, async (request, reply) => {
    const { job_id: jobId } = request.params
    const summary = await store.readBalanceFile(Number(jobId))
    if (summary === undefined) return sendProblem(reply, 404, `There is no balance file ${jobId}`)
    if (summary === 'unfinished') return sendProblem(reply, 409, `Balance file ${jobId} is not done. If nobody is sending it any more, send it again: no record is carried out twice`)
    return administrativeMessage(summary)
  })

  app.get('/balance-files/:job_id/feedback', {
    schema: {
      operationId: 'readBalanceFileFeedback',
      tags: ['Balance files'],
      summary: 'Download the feedback file',
      description: 'The rows that failed, as they came, each with its line in the file and the reason.',
      security: [{ adminToken: [] }],
      produces: ['text/csv'],
      params: BalanceFileParameters,
      response: {
        200: {
          description: 'The failed rows.',
          content: { 'text/csv': { schema: { type: 'string' }, example: `${FEEDBACK_HEADER}rec-1,987654321,826,5000,2000,,2,Account does not exist\n` } }
        },
        ...COMMON_PROBLEMS,
        ...FILE_UNKNOWN
      }
    }
  }, async (request, reply) => {
    const jobId = Number(request.params.job_id)
    if (await store.readBalanceFile(jobId) === undefined) return sendProblem(reply, 404, `There is no balance file ${jobId}`)
    return reply.type('text/csv; charset=utf-8').send(Readable.from(writeFeedback(store, jobId)))
  })
}

const FEEDBACK_HEADER = stringify([[...BALANCE_FILE_COLUMNS, 'line', 'reason']])

async function carryOutFile (job: BalanceFileJob, file: Readable): Promise<BalanceFileSummary> {
  let rows: BalanceFileRow[] = []
  let carriedOut = 0
  async function carryOutRows (): Promise<void> {
    await job.carryOut(rows)
    carriedOut += rows.length
    rows = []
  }
  try {
    for await (const row of readBalanceFileRows(file)) {
      rows.push(row)
      if (rows.length === ROWS_A_TRANSACTION) await carryOutRows()
    }
    await carryOutRows()
  } catch (error) {
    if (!(error instanceof BalanceFileError)) throw error
    throw new BalanceFileError(`${error.message}. ${carriedOut === 0 ? 'Nothing was written' : `The ${carriedOut} rows before are carried out. Send the whole file again: none of them is repeated`}`)
  }
  return await job.finish()
}

async function * writeFeedback (store: BalanceFileStore, jobId: number): AsyncGenerator<string> {
  yield FEEDBACK_HEADER
  for (let fromLine = 1; ;) {
    const failures = await store.readBalanceFileFailures(jobId, fromLine, FEEDBACK_PAGE)
    const last = failures.at(-1)
    if (last === undefined) return
    yield failures.map(({ line, text, reason }) => `${text},${stringify([[line, reason]])}`).join('')
    fromLine = last.line + 1
  }
}

function describeFailure (failure: ItemFailure, { inputType }: BalanceUpdateItem): string {
  return describeItemFailure(failure, { ...FIELD_NAMES, subject: inputType === 'account' ? 'Account' : 'Token' })
}
