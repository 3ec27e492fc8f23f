import { Type, type Static } from '@sinclair/typebox'
import { jsonAnswer } from '../answer.js'
import { Nullable } from '../nullable.js'
import { Int32 } from '../numbers.js'

const fields = {
  fault: Type.Optional(Type.Unsafe<'status' | 'error_1066' | 'cut'>({
    type: 'string',
    enum: ['status', 'error_1066', 'cut'],
    description: '`status`: an HTTP status, and nothing is applied. `error_1066`: the answer to a request whose ' +
      'identifier is still being processed (HTTP status 409), and nothing is applied. `cut`: the update is applied, ' +
      'and the connection is closed without an answer. Without it, the answer is right, and only late.'
  })),
  status: Type.Optional(Int32({
    minimum: 400, maximum: 599, description: 'The HTTP status of the fault `status`. Default: 503.'
  })),
  delay_ms: Type.Optional(Int32({
    minimum: 0, maximum: 120_000, description: 'How long the answer waits, after the update was applied. Default: 0.'
  })),
  calls: Type.Optional(Int32({ minimum: 1, maximum: 1_000_000, description: 'For so many calls.' })),
  for_ms: Type.Optional(Int32({ minimum: 1, description: 'For so long.' }))
}

export const ClientFaultsDefinition = Type.Object(fields, {
  title: 'ClientFaultsDefinition',
  additionalProperties: false,
  description: 'What the client\'s next calls of `pws_update_balance` meet: a fault, a delay, or both; for a number ' +
    'of calls, for a time, or until the first of both is over.',
  examples: [{ fault: 'cut', calls: 1 }, { delay_ms: 3000, for_ms: 60_000 }, { fault: 'status', status: 500, calls: 3 }]
})

const EXAMPLE = {
  definition: { fault: 'cut', calls: 2 }, calls_left: 1, until: null, hits: 1
}

export const ClientFaults = Type.Object({
  definition: Type.Object(fields, { title: 'ClientFaultsSet' }),
  calls_left: Nullable(Type.Integer({ minimum: 0 }), 'How many calls will still meet it. Null: no number ends it.'),
  until: Nullable(Type.String({ format: 'date-time' }), 'When it ends. Null: no time ends it.'),
  hits: Type.Integer({ minimum: 0, description: 'How many calls have met it.' })
}, { title: 'ClientFaults', description: 'What the client\'s calls meet.', examples: [EXAMPLE] })
export type ClientFaults = Static<typeof ClientFaults>

/** Documents the answer to the end of a client's faults. */
export const ENDED_FAULTS =
  jsonAnswer('The faults as they were. Answers that waited are sent.', ClientFaults, { ended: EXAMPLE })
