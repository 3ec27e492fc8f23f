import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { COMMON_HEADERS, LOCATION } from '../../../schemas/headers.js'
import { COMMON_PROBLEMS, problemResponse } from '../../../schemas/problem.js'
import {
  BalanceFileBody, BalanceFileListQuery, BalanceFilePage, BalanceFileParameters, BalanceFileQuery, fileAnswer
} from '../../../schemas/sandbox/balance-files.js'
import type { BalanceFileSummary } from '../../domain/balance-file.js'
import { compileExact } from '../../exact-json/validator.js'
import { administrativeMessage } from '../../formats/administrative-message.js'
import { BalanceFileError, readBalanceFileRows, ROWS_MAX } from '../../formats/balance-file-csv.js'
import { requirePlainUtf8 } from '../../http/content-encoding.js'
import { bodyTypeFault, sendProblem } from '../../http/problem.js'
import {
  BalanceFileEndedError, type BalanceFileJob, type BalanceFileProgress, type BalanceFileRun
} from '../../store/port/balance-files.js'
import type { Store } from '../../store/port/store.js'
import { StoreUnavailableError } from '../../store/port/unavailable.js'
import { serveOthers } from '../../turns.js'
import { markDryRun, readDryRun } from '../dry-run.js'
import { describeRecordFailure } from './balance-file-failures.js'
import { FEEDBACK_EXAMPLE, writeFeedback } from './balance-file-feedback.js'
import { CURSOR_FAULT, readPage, writeCursor } from './parameters.js'

/** How many rows one transaction applies. Others wait no longer than for these, and a crash loses at most these. */
const ROWS_A_TRANSACTION = 500

const FILE_UNKNOWN = {
  404: problemResponse(
    'There is no such file.', { title: 'Not Found', status: 404, detail: 'There is no balance file 456' })
}

/** Marks the answers that speak of a file that was a dry run. */
const DRY_RUN = { 'dry-run': COMMON_HEADERS['dry-run'] }

const SEND_AGAIN = 'Send the whole file again: no record is applied twice'

/** What a feedback file says of a run that did not reach the end of its file. */
const INCOMPLETE = {
  incomplete: {
    type: 'string',
    enum: ['true'],
    description: 'Only when the file was broken off or interrupted: the rows behind that place are not in it.'
  }
}

const CARRY_OUT_BALANCE_FILE = {
  operationId: 'carryOutBalanceFile',
  tags: ['Balance files'],
  summary: 'Apply a balance file',
  description: 'Takes the processor\'s daily CSV, ' +
    `up to ${ROWS_MAX} rows, and sets balances row by row, ${ROWS_A_TRANSACTION} rows a transaction. ` +
    'A failed row does not stop the others. The same file may be sent again at any time, also after a crash in ' +
    'its middle: a record that has set its account does not set it again. A file sets each account once: a row ' +
    'that would set it to other balances than another row did fails. A new account under the number of a deleted ' +
    'one is another account, which the same file sets.',
  consumes: ['text/csv'],
  querystring: BalanceFileQuery,
  body: BalanceFileBody,
  response: {
    200: fileAnswer(LOCATION),
    ...COMMON_PROBLEMS,
    400: { ...COMMON_PROBLEMS[400], headers: LOCATION },
    404: problemResponse(
      'There is no such client.', { title: 'Not Found', status: 404, detail: 'There is no client 789' }),
    409: problemResponse(
      'A prune has removed the file while it came in.',
      { title: 'Conflict', status: 409, detail: prunedDetail(456) }),
    415: problemResponse(
      'The body is not declared to be CSV.',
      { title: 'Unsupported Media Type', status: 415, detail: bodyTypeFault('text/csv', { headers: {} }) }),
    500: { ...COMMON_PROBLEMS[500], headers: LOCATION },
    503: { ...COMMON_PROBLEMS[503], headers: LOCATION }
  }
}

const LIST_BALANCE_FILES = {
  operationId: 'listBalanceFiles',
  tags: ['Balance files'],
  summary: 'List balance files',
  description: 'The files that came in, newest first, dry runs too. A file that was sent again is there once for ' +
    'each time.',
  querystring: BalanceFileListQuery,
  response: { 200: BalanceFilePage, ...COMMON_PROBLEMS }
}

const READ_BALANCE_FILE = {
  operationId: 'readBalanceFile',
  tags: ['Balance files'],
  summary: 'Read how a balance file went',
  description: 'Of a dry run, this and the feedback file have the header `dry-run: true`.',
  params: BalanceFileParameters,
  response: {
    200: fileAnswer(DRY_RUN),
    ...COMMON_PROBLEMS,
    ...FILE_UNKNOWN,
    409: {
      headers: DRY_RUN,
      ...problemResponse(
        'The file was not applied to its end.',
        { title: 'Conflict', status: 409, detail: describeProgress(456, { status: 'interrupted' }) })
    }
  }
}

const READ_BALANCE_FILE_FEEDBACK = {
  operationId: 'readBalanceFileFeedback',
  tags: ['Balance files'],
  summary: 'Download the feedback file',
  description: 'The rows that failed: the line in the file, the reason, and the row as it came, in one cell. ' +
    'There is none while the file is being applied.',
  produces: ['text/csv'],
  params: BalanceFileParameters,
  response: {
    200: {
      description: 'The failed rows.',
      headers: { ...DRY_RUN, ...INCOMPLETE },
      content: { 'text/csv': { schema: { type: 'string' }, example: FEEDBACK_EXAMPLE } }
    },
    ...COMMON_PROBLEMS,
    ...FILE_UNKNOWN,
    409: problemResponse(
      'The file is being applied.',
      { title: 'Conflict', status: 409, detail: describeProgress(456, { status: 'running' }) })
  }
}

/** The processor's daily balance file (Paymentology, Bulk Balance Download), and what became of it. */
export const balanceFiles: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('text/csv', (request, payload, done) => {
    requirePlainUtf8(request)
    done(null, payload)
  })
  // A body that is not CSV is not read. It is refused once the rest of the request is right.
  app.addContentTypeParser('*', (_request, _payload, done) => { done(null) })

  app.post('/balance-files', {
    schema: CARRY_OUT_BALANCE_FILE,
    // The body is a stream, and its rows are checked one by one as they come.
    validatorCompiler: ({ schema, httpPart }) => httpPart === 'body' ? () => true : compileExact(schema as object)
  }, async (request, reply) => {
    if (!(request.body instanceof Readable)) return sendProblem(reply, 415, bodyTypeFault('text/csv', request))
    const { client_id: clientId, file_name: fileName } = request.query
    const dryRun = readDryRun(request.query, reply)
    const job = await store.startBalanceFile(
      { clientId: Number(clientId), fileName, dryRun, describeFailure: describeRecordFailure })
    if (job === undefined) return sendProblem(reply, 404, `There is no client ${clientId}`)
    reply.header('location', `/sandbox/v1/balance-files/${job.jobId}`)
    try {
      return administrativeMessage(await carryOutFile(job, request.body))
    } catch (error) {
      if (error instanceof BalanceFileError) return sendProblem(reply, 400, error.message)
      if (error instanceof BalanceFileEndedError) return sendProblem(reply, 409, prunedDetail(job.jobId))
      throw error
    }
  })

  app.get('/balance-files', { schema: LIST_BALANCE_FILES }, async (request, reply) => {
    const { client_id: clientId } = request.query
    const page = readPage(request.query)
    if (page === undefined) return sendProblem(reply, 400, CURSOR_FAULT)
    const { items, next } = await store.listBalanceFiles(clientId === undefined ? undefined : Number(clientId), page)
    return { balance_files: items.map(presentRun), next_cursor: writeCursor(next) }
  })

  app.get('/balance-files/:job_id', { schema: READ_BALANCE_FILE }, async (request, reply) => {
    const { job_id: jobId } = request.params
    const file = await store.readBalanceFile(Number(jobId))
    if (file === undefined) return sendProblem(reply, 404, `There is no balance file ${jobId}`)
    markDryRun(file.dryRun, reply)
    if (file.progress.status !== 'done') return sendProblem(reply, 409, describeProgress(jobId, file.progress))
    return administrativeMessage(file.progress.summary)
  })

  app.get('/balance-files/:job_id/feedback', { schema: READ_BALANCE_FILE_FEEDBACK }, async (request, reply) => {
    const jobId = Number(request.params.job_id)
    const file = await store.readBalanceFile(jobId)
    if (file === undefined) return sendProblem(reply, 404, `There is no balance file ${jobId}`)
    markDryRun(file.dryRun, reply)
    const { progress } = file
    if (progress.status === 'running') return sendProblem(reply, 409, describeProgress(jobId, progress))
    if (progress.status !== 'done') reply.header('incomplete', 'true')
    return reply.type('text/csv; charset=utf-8').send(Readable.from(writeFeedback(store, jobId)))
  })
}

function presentRun (run: BalanceFileRun): BalanceFilePage['balance_files'][number] {
  return {
    job_id: run.jobId,
    client_id: run.clientId,
    file_name: run.fileName,
    dry_run: run.dryRun,
    status: run.status === 'broken-off' ? 'broken_off' : run.status,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    total_records: run.totalRecords,
    failed_records: run.failedRecords,
    repeated_records: run.repeatedRecords,
    reason: run.reason ?? null
  }
}

function describeProgress (jobId: number | string, progress: Exclude<BalanceFileProgress, { status: 'done' }>): string {
  switch (progress.status) {
    case 'running':
      return `Balance file ${jobId} is being applied`
    case 'broken-off':
      return `Balance file ${jobId} was broken off: ${progress.reason}`
    case 'interrupted':
      return `Balance file ${jobId} was interrupted, because the service stopped. ${SEND_AGAIN}`
  }
}

function prunedDetail (jobId: number): string {
  return `Balance file ${jobId} was pruned while it came in. ${SEND_AGAIN}`
}

/**
 * @throws BalanceFileError when the file cannot be read to its end, with what was applied
 * @throws BalanceFileEndedError when the run has ended meanwhile
 */
async function carryOutFile (job: BalanceFileJob, file: Readable): Promise<BalanceFileSummary> {
  let carriedOut = 0
  try {
    for await (const rows of slicesOf(readBalanceFileRows(file), ROWS_A_TRANSACTION)) {
      await job.carryOut(rows)
      carriedOut += rows.length
      await serveOthers()
    }
  } catch (error) {
    const isOurs = error instanceof BalanceFileError
    const cause = isOurs ? error.message : 'an unforeseen error, whose cause is in the log'
    const reason = `${cause}. ${writtenBefore(carriedOut, !(error instanceof StoreUnavailableError))}`
    await job.breakOff(reason)
    throw isOurs ? new BalanceFileError(reason) : error
  }
  return await job.finish()
}

/** When a connection broke, nobody may know whether the rows under way were written. */
function writtenBefore (rows: number, isSure: boolean): string {
  if (rows > 0) return `The ${rows} rows before are dealt with. ${SEND_AGAIN}`
  return isSure ? 'Nothing was written' : SEND_AGAIN
}

/** Gathers rows, so that each slice but the last has as many. */
async function * slicesOf<Row> (rows: AsyncIterable<Row>, count: number): AsyncGenerator<Row[]> {
  let slice: Row[] = []
  for await (const row of rows) {
    slice.push(row)
    if (slice.length < count) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}
