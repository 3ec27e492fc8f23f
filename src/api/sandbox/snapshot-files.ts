import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse } from '../../../schemas/problem.js'
import { DOWNLOADED_SNAPSHOT, Snapshot, SNAPSHOT_FILE_LIMIT_BYTES, SNAPSHOT_FILE_VERSION, SnapshotFile, SnapshotParameters } from '../../../schemas/sandbox/snapshots.js'
import { readSnapshotDocument, SCENARIO_SNAPSHOT } from '../../domain/snapshot.js'
import { isExactNumber, numberText } from '../../exact-json/parse.js'
import type { SnapshotRecord, SnapshotStore } from '../../store/snapshots.js'
import type { Store } from '../../store/store.js'
import { FILE_BYTES_A_PART } from './parameters.js'
import { sendProblem } from './problem.js'
import { presentSide, presentSnapshot, refuseReserved, refuseTaken, sendUnknownSnapshot, SNAPSHOT_PROBLEMS } from './snapshot-answers.js'

const OPERATION = { tags: ['Snapshots'] }

/** So many accounts are read at a time while a file goes out. */
const CHUNK_ACCOUNTS = 1000

/** Snapshots as files, to be kept elsewhere or taken to another sandbox. */
export const snapshotFiles: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.get('/snapshots/:name/file', {
    schema: {
      ...OPERATION,
      operationId: 'downloadSnapshot',
      summary: 'Download a snapshot',
      description: 'The snapshot as a JSON file, whatever its size: it is read while it goes out.',
      params: SnapshotParameters,
      response: { 200: DOWNLOADED_SNAPSHOT, ...COMMON_PROBLEMS, 404: SNAPSHOT_PROBLEMS.unknown }
    }
  }, async ({ params: { name } }, reply) => {
    const snapshot = await store.findSnapshot(name)
    if (snapshot === undefined) return sendUnknownSnapshot(reply, name)
    return sendFile(reply, `${name}.json`, Readable.from(writeFile(snapshot, store)))
  })

  app.put('/snapshots/:name/file', {
    bodyLimit: SNAPSHOT_FILE_LIMIT_BYTES,
    config: { jsonPartsMax: SNAPSHOT_FILE_LIMIT_BYTES / FILE_BYTES_A_PART },
    preValidation: refuseOtherVersion,
    schema: {
      ...OPERATION,
      operationId: 'uploadSnapshot',
      summary: 'Upload a snapshot',
      description: `Makes a snapshot of a file that was downloaded here or elsewhere, under the name in the address. Up to ${SNAPSHOT_FILE_LIMIT_BYTES} bytes. Accounts that are not here are no fault: a restore names them.`,
      params: SnapshotParameters,
      body: SnapshotFile,
      response: {
        201: Snapshot,
        ...COMMON_PROBLEMS,
        409: SNAPSHOT_PROBLEMS.taken,
        ...BODY_PROBLEMS,
        422: faultsResponse('The accounts in the file are not right. Nothing was kept.', 422, 'accounts[0].actual_balance has more decimals than KES has (2)')
      }
    }
  }, async ({ params: { name }, body }, reply) => {
    if (name === SCENARIO_SNAPSHOT) return refuseReserved(reply)
    const snapshot = await store.addSnapshot(name, readSnapshotDocument(body))
    return snapshot === undefined ? refuseTaken(reply, name) : reply.code(201).send(presentSnapshot(snapshot))
  })
}

/** A file of another version is to be told so, and not that a field of it is unknown. */
async function refuseOtherVersion ({ body }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const version = (body as { version?: unknown } | null)?.version
  if (!isExactNumber(version) || version === SNAPSHOT_FILE_VERSION) return undefined
  return sendProblem(reply, 400, `version is ${numberText(version)}, and this stip-sandbox reads version ${SNAPSHOT_FILE_VERSION}`)
}

function sendFile (reply: FastifyReply, filename: string, content: Readable): FastifyReply {
  return reply.type('application/json; charset=utf-8').header('content-disposition', `attachment; filename="${filename}"`).send(content)
}

/**
 * Writes a snapshot's file piece by piece, one account a line.
 *
 * @throws Error when the snapshot is deleted meanwhile: the download must break off and not look whole
 */
async function * writeFile (snapshot: SnapshotRecord, store: SnapshotStore): AsyncGenerator<string> {
  const { name, saved_at: savedAt, covers } = presentSnapshot(snapshot)
  const head = JSON.stringify({ version: SNAPSHOT_FILE_VERSION, name, saved_at: savedAt, covers, accounts: [] })
  yield head.slice(0, -2)
  let written = 0
  for (let from: bigint | undefined; written < snapshot.accountCount;) {
    const { items, next } = await store.listSavedAccounts(snapshot.snapshotId, { from, limit: CHUNK_ACCOUNTS })
    if (items.length === 0) throw new Error(`the snapshot ${name} was deleted during its download`)
    const lines = items.map((account) => JSON.stringify({ account_id: account.accountId.toString(), ...presentSide(account) }))
    yield `${written === 0 ? '' : ','}\n${lines.join(',\n')}`
    written += items.length
    from = next
  }
  yield '\n]}\n'
}
