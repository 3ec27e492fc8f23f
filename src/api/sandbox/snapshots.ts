import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { BODY_PROBLEMS, COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import { PageQuery } from '../../../schemas/sandbox/pages.js'
import {
  DifferencePage, RestoreQuery, RestoreReport, SaveSnapshotRequest, Snapshot, SnapshotPage, SnapshotParameters
} from '../../../schemas/sandbox/snapshots.js'
import { Faults, firstOf } from '../../domain/faults.js'
import { readIdentifier } from '../../domain/fields.js'
import { SCENARIO_SNAPSHOT } from '../../domain/snapshot.js'
import { sendFaults, sendProblem } from '../../http/problem.js'
import type { StandIn } from '../../stand-in/stand-in.js'
import type { Store } from '../../store/port/store.js'
import { readDryRun } from '../dry-run.js'
import { CURSOR_FAULT, readPage, writeCursor } from './parameters.js'
import {
  presentDifference, presentSnapshot, refuseReserved, refuseTaken, sendUnknownSnapshot, SNAPSHOT_PROBLEMS
} from './snapshot-answers.js'

const OPERATION = { tags: ['Snapshots'] }

const SAVE_SNAPSHOT = {
  ...OPERATION,
  operationId: 'saveSnapshot',
  summary: 'Save a snapshot',
  description: 'Saves the balances of all accounts, or of up to 1000 chosen ones, as they are at one moment.',
  body: SaveSnapshotRequest,
  response: {
    201: Snapshot,
    ...COMMON_PROBLEMS,
    409: SNAPSHOT_PROBLEMS.taken,
    ...BODY_PROBLEMS,
    422: faultsResponse(
      'A chosen account stands twice or is not there. Nothing was saved.',
      422,
      'account_ids[1] is 1002, and there is no such account'
    )
  }
}

const LIST_SNAPSHOTS = {
  ...OPERATION,
  operationId: 'listSnapshots',
  summary: 'List the snapshots',
  description: 'All snapshots without their accounts, page by page.',
  querystring: PageQuery,
  response: { 200: SnapshotPage, ...COMMON_PROBLEMS }
}

const LIST_DIFFERENCES = {
  ...OPERATION,
  operationId: 'listDifferences',
  summary: 'Compare a snapshot with now',
  description: 'The accounts that differ from the snapshot, and only those.',
  params: SnapshotParameters,
  querystring: PageQuery,
  response: { 200: DifferencePage, ...COMMON_PROBLEMS, 404: SNAPSHOT_PROBLEMS.unknown }
}

const RESTORE_SNAPSHOT = {
  ...OPERATION,
  operationId: 'restoreSnapshot',
  summary: 'Restore a snapshot',
  description: 'Sets the balances of all accounts in the snapshot back, in one transaction, and ends their payments: ' +
    'holds end, advices are cancelled, and one whose issuer is still asked is answered at once (409). Accounts that ' +
    'were deleted or replaced since, or are new, are left as they are and named in the answer.',
  params: SnapshotParameters,
  querystring: RestoreQuery,
  response: { 200: RestoreReport, ...COMMON_PROBLEMS, ...BODY_PROBLEMS, 404: SNAPSHOT_PROBLEMS.unknown }
}

const RESET = {
  ...OPERATION,
  operationId: 'reset',
  summary: 'Go back to the scenario',
  description: `Restores the snapshot \`${SCENARIO_SNAPSHOT}\`: the balances of the scenario that the database ` +
    'was started from. Their payments end. Clients, tokens and rates stay as they are.',
  querystring: RestoreQuery,
  response: {
    200: RestoreReport,
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    404: problemResponse('The database was not started from a scenario, or there is no such client.', {
      title: 'Not Found',
      status: 404,
      detail: 'The database was not started from a scenario, so that there is nothing to go back to'
    })
  }
}

const DELETE_SNAPSHOT = {
  ...OPERATION,
  operationId: 'deleteSnapshot',
  summary: 'Delete a snapshot',
  description: 'Removes what was saved under the name. Balances stay as they are.',
  params: SnapshotParameters,
  response: {
    204: { type: 'null', description: 'It is deleted.' },
    ...COMMON_PROBLEMS,
    ...BODY_PROBLEMS,
    404: SNAPSHOT_PROBLEMS.unknown,
    409: SNAPSHOT_PROBLEMS.reserved
  }
}

/** Saves balances under a name, compares them with the balances now, and sets them back. */
export const snapshots: FastifyPluginAsyncTypebox<{ store: Store, standIn: StandIn }> = async (
  app, { store, standIn }
) => {
  app.post('/snapshots', { schema: SAVE_SNAPSHOT }, async ({ body: { name, account_ids: chosen } }, reply) => {
    if (name === SCENARIO_SNAPSHOT) return refuseReserved(reply)
    const faults = new Faults()
    const accountIds = chosen?.map((accountId, index) =>
      readIdentifier('account_id', `account_ids[${index}]`, accountId, faults))
    faults.refuse()
    const outcome = await store.saveSnapshot(name, accountIds)
    if (outcome.kind === 'name-taken') return refuseTaken(reply, name)
    if (outcome.kind === 'accounts-unknown') {
      return sendFaults(
        reply,
        422,
        firstOf(outcome.indexes, (index) =>
          `account_ids[${index}] is ${accountIds?.[index]}, and there is no such account`)
      )
    }
    return reply.code(201).send(presentSnapshot(outcome.snapshot))
  })

  app.get('/snapshots', { schema: LIST_SNAPSHOTS }, async ({ query }, reply) => {
    const page = readPage(query)
    if (page === undefined) return sendProblem(reply, 400, CURSOR_FAULT)
    const { items, next } = await store.listSnapshots(page)
    return { snapshots: items.map(presentSnapshot), next_cursor: writeCursor(next) }
  })

  app.get('/snapshots/:name/differences', { schema: LIST_DIFFERENCES }, async ({ params: { name }, query }, reply) => {
    const page = readPage(query)
    if (page === undefined) return sendProblem(reply, 400, CURSOR_FAULT)
    const differences = await store.listDifferences(name, page)
    if (differences === undefined) return sendUnknownSnapshot(reply, name)
    return { differences: differences.items.map(presentDifference), next_cursor: writeCursor(differences.next) }
  })

  app.post('/snapshots/:name/restore', { schema: RESTORE_SNAPSHOT }, async ({ params: { name }, query }, reply) =>
    await restore(name, query, reply) ?? sendUnknownSnapshot(reply, name))

  app.post('/reset', { schema: RESET }, async ({ query }, reply) =>
    await restore(SCENARIO_SNAPSHOT, query, reply) ??
      sendProblem(reply, 404, 'The database was not started from a scenario, so that there is nothing to go back to'))

  app.delete('/snapshots/:name', { schema: DELETE_SNAPSHOT }, async ({ params: { name } }, reply) => {
    if (name === SCENARIO_SNAPSHOT) return refuseReserved(reply)
    if (!await store.deleteSnapshot(name)) return sendUnknownSnapshot(reply, name)
    return reply.code(204).send()
  })

  /** @returns the answer; undefined when there is no such snapshot */
  async function restore (
    name: string, query: RestoreQuery, reply: FastifyReply
  ): Promise<RestoreReport | FastifyReply | undefined> {
    const clientId = query.client_id === undefined ? undefined : Number(query.client_id)
    if (clientId !== undefined && !await isClient(clientId)) {
      return sendProblem(reply, 404, `There is no client ${clientId}`)
    }
    const dryRun = readDryRun(query, reply)
    const report = await store.restoreSnapshot(name, dryRun, clientId)
    if (report === undefined) return undefined
    if (!dryRun) await standIn.setBack(clientId)
    const exceptions = report.exceptions.map(({ accountId, difference }) => ({
      account_id: accountId.toString(),
      difference
    }))
    return { snapshot: name, ...report, exceptions }
  }

  async function isClient (clientId: number): Promise<boolean> {
    const { items: [nearest] } = await store.listClients({ from: BigInt(clientId), limit: 1 })
    return nearest?.clientId === clientId
  }
}
