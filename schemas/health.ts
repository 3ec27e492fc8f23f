import { Type } from '@sinclair/typebox'

export const Health = Type.Object({
  status: Type.String({ examples: ['ok'] })
}, { title: 'Health', description: 'Yes.', examples: [{ status: 'ok' }] })

export const Readiness = Type.Object({
  status: Type.String({ examples: ['ok'] }),
  other_processes: Type.Integer({
    minimum: 0,
    description: 'Other processes that use the same database file. Balances stay right, but each counts and limits ' +
      'by itself.'
  })
}, { title: 'Readiness', description: 'Yes.', examples: [{ status: 'ok', other_processes: 0 }] })
