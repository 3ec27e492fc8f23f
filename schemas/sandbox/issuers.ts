/** The built-in issuer: how it behaves, and what became of the messages to it. */
import { Type, type Static, type TUnsafe } from '@sinclair/typebox'
import { jsonAnswer } from '../answer.js'
import { ISSUER_BEHAVIOUR } from '../headers.js'
import { Nullable } from '../nullable.js'
import { AmountText, Int32, Int64Text, TypedCurrency, UnsignedAmountText } from '../numbers.js'
import { ruled } from '../rule.js'
import { DateTimeText } from '../time.js'

/** The name of a built-in issuer, which is the last step of its address. */
export const IssuerName = Type.String({
  ...ruled('^[a-z0-9][a-z0-9_-]{0,49}$', '1 to 50 small letters, digits, hyphens and underscores'),
  description: 'The name of a built-in issuer: `main` answers at `/issuer/main`.',
  examples: ['main']
})

export const IssuerParameters = Type.Object({ name: IssuerName })

/** Everything that a built-in issuer can do with a request. */
export const BEHAVIOURS = [
  'approve', 'decline', 'ledger', 'never_answer', 'drop', 'drop_midway', 'status', 'not_json', 'without_de39',
  'wrong_rid', 'answer_twice'
] as const

/** What a SHADOW may be. */
export const SHADOWS = ['right', 'stale', 'wrong_currency'] as const

function oneOf<Value extends string> (values: readonly Value[], description: string): TUnsafe<Value> {
  return Type.Unsafe<Value>({ type: 'string', enum: [...values], description })
}

const delay = Int32({ minimum: 0, maximum: 120_000, description: 'After how long it answers. Default: 0.' })

const status =
  Int32({ minimum: 200, maximum: 599, description: 'The HTTP status of the behaviour `status`. Default: 503.' })

export const Behaviour = Type.Object({
  behaviour: oneOf(BEHAVIOURS, '`ledger` decides by the ledger. `never_answer` keeps the connection open and silent. ' +
    '`drop` closes it without an answer, `drop_midway` in the middle of one. `status` answers an HTTP status. ' +
    '`not_json` answers a text, `without_de39` an answer without a decision, `wrong_rid` one to another message. ' +
    '`answer_twice` sends its approval two times.'),
  code: Type.Optional(Type.String({
    ...ruled('^[0-9A-Z]{2}$', 'a code (DE39) of two digits or capital letters'),
    description: 'The code of the behaviour `decline`. Default: `05`.'
  })),
  status: Type.Optional(status),
  delay_ms: Type.Optional(delay),
  shadow: Type.Optional(oneOf(SHADOWS, 'A SHADOW with the balances of the ledger: after the transaction (`right`), ' +
    'before it (`stale`), or in another currency. A card that the ledger does not have gets none.'))
}, { title: 'IssuerBehaviour', additionalProperties: false })
export type Behaviour = Static<typeof Behaviour>

const AdviceBehaviour = Type.Object({
  behaviour: oneOf(['acknowledge', 'never_answer', 'drop', 'status'] as const, '`acknowledge` answers 200.'),
  status: Type.Optional(status),
  delay_ms: Type.Optional(delay)
}, {
  title: 'IssuerAdviceBehaviour',
  additionalProperties: false,
  description: 'What it does with advices, and with what only tells it something. Without it, an issuer that never ' +
    'answers, drops, or answers a status to requests does so here, too; any other one acknowledges.'
})

const Rule = Type.Object({
  when: Type.Object({
    tokens: Type.Optional(Type.Array(Int64Text({}), { maxItems: 100, description: 'Of these cards.' })),
    amounts: Type.Optional(Type.Array(UnsignedAmountText({}), {
      maxItems: 100, description: 'Of one of these transaction amounts: `18.40` is `18.4`, too.'
    })),
    after_ms: Type.Optional(Int32({
      minimum: 0, description: 'Not before so long after the issuer was set. Default: 0.'
    })),
    for_ms: Type.Optional(Int32({ minimum: 1, description: 'For so long, from `after_ms` on. Default: for ever.' })),
    until: Type.Optional(DateTimeText({ description: 'Until this time.' })),
    probability: Type.Optional(Int32({
      minimum: 1, maximum: 100, description: 'In so many of a hundred cases. Default: 100.'
    }))
  }, { title: 'IssuerCondition', additionalProperties: false, description: 'All that is given must hold.' }),
  then: Behaviour
}, { title: 'IssuerRule', additionalProperties: false })

const LedgerEntry = Type.Object({
  token: Int64Text({ description: 'Public token of a card.' }),
  currency: TypedCurrency({ description: 'ISO 4217 code, numeric or alphabetic.' }),
  actual_balance: AmountText({ description: 'Major units.' }),
  blocked_balance: UnsignedAmountText({ description: 'Major units; not negative.' })
}, { title: 'IssuerLedgerEntry', additionalProperties: false })

const steps = Type.Array(Behaviour, {
  maxItems: 1000,
  description: 'Used up in order, one a request, before everything else. A step is used when its request arrives, ' +
    'and not when it is answered.'
})

export const IssuerDefinition = Type.Object({
  default: Type.Optional(Behaviour),
  rules: Type.Optional(Type.Array(Rule, { maxItems: 100, description: 'The first one that holds counts.' })),
  script: Type.Optional(steps),
  advices: Type.Optional(AdviceBehaviour),
  ledger: Type.Optional(Type.Array(LedgerEntry, {
    maxItems: 1000,
    description: 'The issuer\'s own balances. An approved request changes them; a reversal and an ' +
      'advice, too.'
  }))
}, {
  title: 'IssuerDefinition',
  additionalProperties: false,
  description: 'How a built-in issuer behaves. Without a default it approves.',
  examples: [
    { default: { behaviour: 'never_answer' } },
    {
      default: { behaviour: 'ledger', shadow: 'right' },
      rules: [{ when: { tokens: ['12345'], for_ms: 10_000 }, then: { behaviour: 'approve', delay_ms: 3000 } }],
      script: [{ behaviour: 'decline', code: '51' }],
      ledger: [{ token: '12345', currency: 'KES', actual_balance: '20000.00', blocked_balance: '0.00' }]
    }
  ]
})
export type IssuerDefinition = Static<typeof IssuerDefinition>

export const IssuerScript = Type.Object({ steps }, {
  title: 'IssuerScript',
  additionalProperties: false,
  examples: [{ steps: [{ behaviour: 'never_answer' }, { behaviour: 'approve' }] }]
})

const count = (description: string) => Type.Integer({ minimum: 0, description })

const EXAMPLE = {
  name: 'main',
  path: '/issuer/main',
  definition: { default: { behaviour: 'approve' }, rules: [], script: [{ behaviour: 'never_answer' }], ledger: [] },
  hits: { requests: 2, advices: 1, script: 1, default: 1, rules: [] },
  waiting: 1,
  last_request_at: '2026-01-31T08:15:30.123Z'
}

export const BuiltInIssuer = Type.Object({
  name: IssuerName,
  path: Type.String({ description: 'Where it answers, below the service\'s own address.' }),
  definition: Type.Object({
    ...Type.Required(IssuerDefinition).properties,
    advices: Type.Optional(AdviceBehaviour)
  }, {
    title: 'IssuerDefinitionNow',
    description: 'As it was set; with the steps that are left of the script, and the ledger as it is now.'
  }),
  hits: Type.Object({
    requests: count('How many requests it got.'),
    advices: count('How many advices, and other messages that only tell it something.'),
    script: count('How many requests used a step of the script.'),
    default: count('How many requests were answered by default.'),
    rules: Type.Array(count('How many requests this rule decided.'), { description: 'One a rule, in their order.' })
  }, { title: 'IssuerHits', description: 'Since it was set or reset.' }),
  waiting: count('How many answers wait.'),
  last_request_at: Nullable(Type.String({ format: 'date-time' }), 'When the latest request came.')
}, { title: 'BuiltInIssuer', description: 'The issuer as it is now.', examples: [EXAMPLE] })
export type BuiltInIssuer = Static<typeof BuiltInIssuer>

/** Documents the answer to the removal of a built-in issuer. */
export const REMOVED_BUILT_IN_ISSUER =
  jsonAnswer('The issuer as it was. Answers that waited are cancelled.', BuiltInIssuer, { removed: EXAMPLE })

export const BuiltInIssuers = Type.Object({ issuers: Type.Array(BuiltInIssuer) }, {
  title: 'BuiltInIssuers',
  description: 'The issuers of this process.',
  examples: [{ issuers: [EXAMPLE] }]
})

/** What is sent to an issuer. */
export const IssuerMessage = Type.Union([
  Type.Object({}, { additionalProperties: true }),
  Type.Array(Type.Object({}, { additionalProperties: true }))
], {
  title: 'IssuerMessage',
  description: 'A FAST message, or a list of presentments. What is not known is ignored.',
  examples: [{
    MESSAGE_TYPE: { Message_Type: '0100', Message_Desc: 'Authorisation Request' },
    SUMMARY: {
      TID: '7300000000000000042',
      RID: '910001',
      Transaction_Amount: '18.40',
      Billing_Amount: '2990.00',
      Billing_Currency: 'KES'
    },
    PROCESSOR_VALIDATIONS: {},
    ISO_MSG: { DE2: '12345', DE3_1: '00' },
    RULES: []
  }]
})

const ANSWER = {
  MESSAGE_TYPE: { Message_Type: '0110' },
  SUMMARY: { TID: '7300000000000000042', RID: '910001' },
  ISO_MSG: { DE38: '910001', DE39: '00' }
}

const IssuerAnswer = Type.Object({
  MESSAGE_TYPE: Type.Object({ Message_Type: Type.String() }),
  SUMMARY: Type.Object({ TID: Type.String(), RID: Type.String() }),
  ISO_MSG: Type.Object({ DE38: Type.Optional(Type.String()), DE39: Type.Optional(Type.String()) })
}, {
  title: 'IssuerAnswer',
  description: 'The issuer\'s decision, or its acknowledgement of an advice.',
  examples: [ANSWER]
})

/** Documents the answer of a built-in issuer. */
export const ISSUER_ANSWER =
  jsonAnswer('What the issuer was told.', IssuerAnswer, { approved: ANSWER }, ISSUER_BEHAVIOUR)
