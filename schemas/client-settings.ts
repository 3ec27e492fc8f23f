/** How a client's issuer is asked, and how its stand-in decides: in scenarios and in the sandbox's own API. */
import { Type, type TProperties, type TUnsafe } from '@sinclair/typebox'
import { Nullable } from './nullable.js'
import { Int32 } from './numbers.js'
import { ruled } from './rule.js'

/** Modes of stand-in. */
export const STAND_IN_MODES = ['basic', 'enhanced', 'enhanced_with_listing'] as const

/** How an issuer may fail to answer. */
export const FAILURE_KINDS = ['timeout', 'connection', 'error', 'invalid_answer'] as const

/** Some of the kinds of failures. */
export const FailureKinds = (description: string): TUnsafe<ReadonlyArray<typeof FAILURE_KINDS[number]>> =>
  Type.Unsafe<ReadonlyArray<typeof FAILURE_KINDS[number]>>({
    type: 'array', items: { type: 'string', enum: [...FAILURE_KINDS] }, maxItems: FAILURE_KINDS.length, description
  })

function oneOf<Value extends string> (values: readonly Value[], description: string): TUnsafe<Value> {
  return Type.Unsafe<Value>({ type: 'string', enum: [...values], description })
}

const milliseconds = (minimum: number, maximum: number, description: string): TUnsafe<number> =>
  Int32({ minimum, maximum, description })

export const standInFields = {
  mode: oneOf(STAND_IN_MODES, 'What stand-in does when the issuer fails. `basic` declines. `enhanced`: a rule must ' +
    'allow the payment. `enhanced_with_listing`: the available balance must suffice, too. Default: ' +
    '`enhanced_with_listing`.'),
  stand_in_on: FailureKinds('The failures that stand-in decides on. With any other failure a payment is declined ' +
    'with 91. Default: all of them.'),
  decline_code: oneOf(['05', '91'] as const, 'The code (DE39) with which mode `basic` declines. Default: `05`.'),
  manual: Type.Boolean({
    description: 'True: nobody asks the issuer, and stand-in decides every payment. Default: false.'
  }),
  unaware_updates: oneOf(['overwrite', 'keep_holds'] as const, 'What a balance update does whose sender does not ' +
    'know of a stand-in hold. `overwrite`: its blocked balance wipes the hold, as at the processor. `keep_holds`: ' +
    'the hold is added to it. Default: `overwrite`.')
}

const URL_TEXT = ruled('^https?://[!-~]{1,2000}$', 'an address that begins with http:// or https://')

const HEADER_NAME = ruled('^[!#$%&\'*+.^_`|~0-9A-Za-z-]{1,100}$', 'the name of an HTTP header')

const HEADER_VALUE =
  ruled('^[!-~]([ -~]{0,998}[!-~])?$', '1 to 1000 visible ASCII characters, with spaces only between')

const Throttle = Type.Object({
  failures: Type.Optional(Int32({ minimum: 1, maximum: 1000, description: 'How many failures. Default: 5.' })),
  within_ms: Type.Optional(milliseconds(1, 3_600_000, 'Within how long. Default: 10000.')),
  for_ms: Type.Optional(milliseconds(1, 3_600_000, 'For how long the issuer is then not asked. Default: 15000.'))
}, {
  title: 'ThrottleSettings',
  additionalProperties: false,
  description: 'When the issuer is left alone for a while.'
})

const HEADER_DESCRIPTION = 'A header of your own in each message to the issuer, for its authentication. Default: none.'

/** A header with its value, as a scenario has it. */
export const IssuerHeader = Type.Object(
  { name: Type.String(HEADER_NAME), value: Type.String(HEADER_VALUE) },
  { title: 'IssuerHeader', additionalProperties: false }
)

/** A header that is to be set. */
const SentIssuerHeader = Type.Object({
  name: Type.String(HEADER_NAME),
  value: Nullable(Type.String(HEADER_VALUE), 'Null: the value that the header of this name has already.')
}, { title: 'SentIssuerHeader', additionalProperties: false })

const otherIssuerFields = {
  passive_url: Nullable(Type.String(URL_TEXT), 'Where decisions are told afterwards. Default: null, nowhere.'),
  deadline_ms: milliseconds(100, 30_000, 'The time for a complete answer, the connection included. Default: 2000.'),
  late_answer_ms: milliseconds(0, 120_000, 'How long after the deadline an answer is still read and recorded. It is ' +
    'never applied. Default: 30000.'),
  throttle: Throttle,
  throttle_on: FailureKinds('The failures that count for the throttle. Default: `timeout`.')
}

const url = Type.String({ ...URL_TEXT, description: 'Where the issuer takes authorisations and advices (FAST).' })

/** Makes each field one that may be left out. */
function optional<Fields extends TProperties> (fields: Fields) {
  return Type.Partial(Type.Object(fields)).properties
}

export const StandInChoice = Type.Object(optional(standInFields), {
  title: 'StandInChoice',
  additionalProperties: false,
  description: 'How stand-in decides for a client. What is left out is as before, or as by default.',
  examples: [{ mode: 'enhanced_with_listing', stand_in_on: ['timeout', 'connection'], manual: false }]
})

/** What an issuer is set to by a call. */
export const IssuerChange = Type.Object({
  ...optional({ url, ...otherIssuerFields }),
  header: Type.Optional(Nullable(SentIssuerHeader, HEADER_DESCRIPTION))
}, {
  title: 'IssuerChange',
  additionalProperties: false,
  description: 'How a client\'s issuer is asked. What is left out is as before, or as by default. A first call needs ' +
    '`url`.',
  examples: [{
    url: 'http://127.0.0.1:4000/fast',
    deadline_ms: 2000,
    throttle: { failures: 5, within_ms: 10_000, for_ms: 15_000 },
    header: { name: 'Authorization', value: 'Bearer my-issuer-token' }
  }]
})

/** A client's issuer in a scenario. */
export const ScenarioIssuer = Type.Object({
  url,
  ...optional(otherIssuerFields),
  header: Type.Optional(Nullable(IssuerHeader, HEADER_DESCRIPTION)),
  state: Type.Optional(oneOf(['on', 'off'] as const, '`off`: nobody asks the issuer. Default: `on`.'))
}, { title: 'ScenarioIssuer', additionalProperties: false })
