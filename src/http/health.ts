import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Health, READY } from '../../schemas/health.js'
import { problemResponse, UNREAD_PROBLEMS } from '../../schemas/problem.js'
import type { ClientFaults } from '../client-faults.js'
import type { BuiltInIssuers } from '../issuer/issuers.js'
import type { Store } from '../store/port/store.js'
import { sendProblem } from './problem.js'

/** For a supervisor of the process: is it there, and can it be sent requests? */
export const health: FastifyPluginAsyncTypebox<{
  store: Store
  builtIn: BuiltInIssuers
  faults: ClientFaults
}> = async (app, { store, builtIn, faults }) => {
  app.get('/live', {
    schema: {
      operationId: 'readLiveness',
      tags: ['Health'],
      summary: 'Is the process there?',
      description: 'Answers as long as the process can. It asks for no credential and does not look at the database.',
      security: [],
      response: { 200: Health, ...UNREAD_PROBLEMS }
    }
  }, async () => ({ status: 'ok' }))

  app.get('/ready', {
    schema: {
      operationId: 'readReadiness',
      tags: ['Health'],
      summary: 'Can it be sent requests?',
      description: 'Ready when the database answers, takes writes, has every migration, and is the file that was ' +
        'opened, until the service stops.',
      security: [],
      response: {
        200: READY,
        ...UNREAD_PROBLEMS,
        503: problemResponse(
          'The database does not answer, takes no writes, is another file, or has another schema than this version, ' +
            'or the service is about to stop.',
          { title: 'Service Unavailable', status: 503 }
        )
      }
    }
  }, async (request, reply) => {
    const [issuers, clients] = [builtIn.all.length, faults.count]
    const isFaulty = issuers > 0 || clients > 0
    if (app.isDraining()) return sendProblem(reply, 503, 'The service is about to stop')
    try {
      const { engine, version, readOnly, waitsForStandby } = await store.check()
      if (isFaulty) reply.header('stip-sandbox-faults', `issuers=${issuers} clients=${clients}`)
      return {
        status: 'ok',
        other_processes: await store.countOtherProcesses(),
        database: { engine, version, read_only: readOnly, commits_wait_for_standby: waitsForStandby },
        ...isFaulty ? { faults: { issuers, clients } } : {}
      }
    } catch (error) {
      request.log.error({ err: error }, 'the database is not ready')
      return sendProblem(
        reply,
        503,
        'The database does not answer, takes no writes, is another file, or has another schema than this version. ' +
          'The cause is in the log'
      )
    }
  })
}
