import { Type } from '@sinclair/typebox'
import { jsonAnswer } from './answer.js'
import { FAULTS_ON } from './headers.js'

export const Health = Type.Object({
  status: Type.String({ examples: ['ok'] })
}, { title: 'Health', description: 'Yes.', examples: [{ status: 'ok' }] })

const Database = Type.Object({
  engine: Type.String({ description: '`SQLite`, `PostgreSQL`, or a database that speaks as PostgreSQL does.' }),
  version: Type.String({ description: 'The engine\'s own version.' }),
  read_only: Type.Boolean({ description: 'A database that takes no writes is not ready.' }),
  commits_wait_for_standby: Type.Boolean({
    description: 'Whether each commit is on a standby, too, before it is answered. PostgreSQL does so when ' +
      '`synchronous_standby_names` is set and `synchronous_commit` is not `local`.'
  })
}, { title: 'Database', description: 'What the database is.' })

const EXAMPLE = {
  status: 'ok',
  other_processes: 0,
  database: { engine: 'SQLite', version: '3.53.2', read_only: false, commits_wait_for_standby: false }
}

export const Readiness = Type.Object({
  status: Type.String({ examples: ['ok'] }),
  other_processes: Type.Integer({
    minimum: 0,
    description: 'Other processes that use the same SQLite file. Balances stay right, but each counts and limits ' +
      'by itself. 0 on PostgreSQL.'
  }),
  database: Database,
  faults: Type.Optional(Type.Object({
    issuers: Type.Integer({ minimum: 0, description: 'Built-in issuers that answer.' }),
    clients: Type.Integer({ minimum: 0, description: 'Clients whose calls meet faults.' })
  }, {
    title: 'FaultsOn',
    description: 'What somebody has turned on to try failures; missing while nothing is. The header ' +
      '`Stip-Sandbox-Faults` says the same.'
  }))
}, {
  title: 'Readiness',
  description: 'Yes.',
  examples: [EXAMPLE]
})

/** Documents that the service is ready. */
export const READY = jsonAnswer('Yes.', Readiness, {
  ready: EXAMPLE, 'with faults turned on': { ...EXAMPLE, faults: { issuers: 1, clients: 0 } }
}, FAULTS_ON)
