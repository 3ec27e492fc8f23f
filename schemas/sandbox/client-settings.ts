import { Type, type Static } from '@sinclair/typebox'
import { jsonAnswer } from '../answer.js'
import { FAILURE_KINDS, FailureKinds, standInFields } from '../client-settings.js'
import { Nullable } from '../nullable.js'

export const StandInSettings = Type.Object(standInFields, {
  title: 'StandInSettings',
  description: 'How stand-in decides for the client now.',
  examples: [{
    mode: 'enhanced_with_listing',
    stand_in_on: [...FAILURE_KINDS],
    decline_code: '05',
    manual: false,
    unaware_updates: 'overwrite'
  }]
})

const State = Type.Unsafe<'on' | 'off'>({ type: 'string', enum: ['on', 'off'], description: '`off`: nobody asks it.' })

const EXAMPLE = {
  url: 'http://127.0.0.1:4000/fast',
  passive_url: null,
  deadline_ms: 2000,
  late_answer_ms: 30_000,
  throttle: { failures: 5, within_ms: 10_000, for_ms: 15_000 },
  throttle_on: ['timeout'],
  header: { name: 'Authorization', value: null },
  state: 'on'
}

export const Issuer = Type.Object({
  url: Type.String(),
  passive_url: Nullable(Type.String(), 'Where decisions are told afterwards.'),
  deadline_ms: Type.Integer(),
  late_answer_ms: Type.Integer(),
  throttle: Type.Object({ failures: Type.Integer(), within_ms: Type.Integer(), for_ms: Type.Integer() }),
  throttle_on: FailureKinds('The failures that count for the throttle.'),
  header: Nullable(
    Type.Object({ name: Type.String(), value: Type.Null({ description: 'It is a secret, and not shown.' }) }),
    'The header of your own in each message.'
  ),
  state: State
}, { title: 'Issuer', description: 'How the client\'s issuer is asked now.', examples: [EXAMPLE] })
export type Issuer = Static<typeof Issuer>

/** Documents the answer to the removal of an issuer. */
export const REMOVED_ISSUER = jsonAnswer('The issuer as it was.', Issuer, { removed: EXAMPLE })

export const IssuerSwitch = Type.Object({
  state: Type.Unsafe<'on' | 'off' | 'probe'>({
    type: 'string',
    enum: ['on', 'off', 'probe'],
    description: '`off`: nobody asks the issuer, and stand-in decides. `on`: it is asked. `probe`: as `on`, and the ' +
      'next message goes to it although a throttle leaves it alone.'
  }),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Why; kept.' })),
  user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'Who; kept.' }))
}, {
  title: 'IssuerSwitch',
  additionalProperties: false,
  examples: [{ state: 'off', reason: 'planned maintenance of the core', user_id: 'qa-7' }]
})

export const IssuerState = Type.Object({
  state: State,
  throttle_state: Type.Unsafe<'on' | 'throttled' | 'probing'>({
    type: 'string',
    enum: ['on', 'throttled', 'probing'],
    description: '`throttled`: too much has failed, and nothing is sent for a while. `probing`: that is over, and ' +
      'one message shows whether the issuer is back. It lives in the memory of this process.'
  }),
  transitions: Type.Array(Type.Object({
    state: State,
    reason: Nullable(Type.String(), 'Why.'),
    user_id: Nullable(Type.String(), 'Who.'),
    at: Type.String({ format: 'date-time' })
  }, { title: 'IssuerTransition' }), {
    description: 'The newest 100 times that somebody switched it, the newest first.'
  })
}, {
  title: 'IssuerState',
  description: 'Whether the issuer is asked.',
  examples: [{
    state: 'off',
    throttle_state: 'on',
    transitions: [{
      state: 'off', reason: 'planned maintenance of the core', user_id: 'qa-7', at: '2026-01-31T08:15:30.123Z'
    }]
  }]
})
export type IssuerState = Static<typeof IssuerState>
