import { Type } from '@sinclair/typebox'

export const Health = Type.Object({
  status: Type.String({ examples: ['ok'] })
}, { title: 'Health', description: 'Yes.', examples: [{ status: 'ok' }] })
