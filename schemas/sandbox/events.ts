import { Type } from '@sinclair/typebox'
import { Int32Text } from '../address.js'
import { ruled } from '../rule.js'

/** What may be listened to. */
export const EVENT_TYPES = ['balances', 'transaction', 'advice', 'issuer', 'stand_in', 'rule'] as const

export const EventQuery = Type.Object({
  client_id: Type.Optional(Int32Text({
    description: 'Only what concerns this client, and what concerns every client.'
  })),
  types: Type.Optional(Type.String({
    ...ruled(
      `^(${EVENT_TYPES.join('|')})(,(${EVENT_TYPES.join('|')}))*$`, `of these, with commas: ${EVENT_TYPES.join(', ')}`
    ),
    description: `Only events of these types: ${EVENT_TYPES.map((type) => `\`${type}\``).join(', ')}.`
  }))
}, { additionalProperties: false })

export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(Type.String({
    maxLength: 100,
    description: 'The id of the event that was heard last. A browser\'s EventSource sends it when it connects again.'
  }))
})
