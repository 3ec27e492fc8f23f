import { Type, type Static, type TArray, type TBoolean, type TString, type TUnsafe } from '@sinclair/typebox'
import { Int32, Int64Text, TypedCurrency, UnsignedAmountText } from './numbers.js'
import { ruled } from './rule.js'

/** What identifies a rule. No comma and no space: messages to an issuer name several rules in one text. */
export const RuleId = Type.String({
  ...ruled('^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$', '1 to 50 letters, digits, hyphens, underscores and points'),
  description: 'Identifies the rule. Unique across all clients.'
})

const CHANNEL_WORDS = ['POS', 'ECOM', 'ATM', 'MOTO']
const KIND_WORDS = [
  'Purchase', 'Withdrawal', 'Cash Advance', 'Refund', 'Account Check', 'Balance Inquiry', 'Pre-Authorisation'
]

/** How a payment is named in FAST (`SUMMARY.Spend_Type`): the channel and what it is for. */
const SpendType = oneOf(CHANNEL_WORDS.flatMap((channel) => KIND_WORDS.map((kind) => `${channel} - ${kind}`)))

const EntryMode = oneOf(['chip', 'contactless', 'magnetic_stripe', 'manual', 'ecommerce', 'credential_on_file'])

const MerchantCategories = Type.String(
  ruled('^[0-9]{4}(-[0-9]{4})?$', 'a merchant category code such as 5411, or a range such as 5812-5814')
)

const Country = Type.String(ruled('^[A-Z]{2}$', 'an ISO 3166-1 code of two capital letters, such as GB'))

const Window = Type.String({
  ...ruled('^(day|P[0-9A-Z]{1,40})$', 'day, or a duration such as PT3H, PT24H or P7D (ISO 8601)'),
  description: 'The time over which it counts. A duration ends with the payment, and what is exactly that old is ' +
    'outside. `day` begins at 00:00 UTC. At most 366 days; months and years have no fixed length and are refused.'
})

const IncludeCurrent = (byDefault: boolean): TBoolean => Type.Boolean({
  default: byDefault, description: 'Whether the payment that is decided counts as well.'
})

function oneOf (values: readonly string[]): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', enum: values })
}

function anyOf<Item extends TString | TUnsafe<string>> (item: Item, description: string): TArray<Item> {
  return Type.Array(item, { maxItems: 300, description: `${description} Empty: all.` })
}

/** A rule that allows payments in stand-in, in a scenario file and in the sandbox's own API. */
export const StandInRule = Type.Object({
  rule_id: RuleId,
  client_id: Int32({ minimum: 1, description: 'The client whose payments it allows.' }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Default: the `rule_id`.' })),
  active: Type.Optional(Type.Boolean({ default: true })),
  priority: Type.Optional(Int32({
    minimum: 0,
    maximum: 1_000_000,
    default: 100,
    description: 'The lowest comes first. Where no rule allows a payment, the first one whose conditions match gives ' +
      'the response code.'
  })),
  applies_to: Type.Optional(Type.Object({
    accounts: Type.Optional(anyOf(Int64Text({}), 'Numbers of accounts.')),
    tokens: Type.Optional(anyOf(Int64Text({}), 'Tokens of cards.'))
  }, { additionalProperties: false })),
  when: Type.Optional(Type.Object({
    spend_types: Type.Optional(anyOf(SpendType, 'Where the card is used and what for.')),
    entry_modes: Type.Optional(anyOf(EntryMode, 'How the terminal reads the card.')),
    merchant_categories: Type.Optional(anyOf(MerchantCategories, 'Merchant category codes (ISO 18245), and ranges.')),
    countries: Type.Optional(anyOf(Country, 'Countries of the merchant.')),
    message_types: Type.Optional(anyOf(oneOf(['0100', '0200']), '`0100` authorises, `0200` posts at once.'))
  }, { additionalProperties: false, description: 'Conditions. All of them must match.' })),
  limits: Type.Optional(Type.Object({
    currency: Type.Optional(TypedCurrency({
      description: 'The currency of the limits of amounts, which need it. Amounts in other currencies are converted. ' +
        'Where no rate leads to it, the rule allows nothing.'
    })),
    amount: Type.Optional(Type.Object({
      max: UnsignedAmountText({ description: 'Major units; not negative.' })
    }, { additionalProperties: false, description: 'The highest single amount.' })),
    count: Type.Optional(Type.Object({
      max: Int32({ minimum: 0, maximum: 1_000_000 }),
      window: Window,
      include_current: Type.Optional(IncludeCurrent(false))
    }, { additionalProperties: false, description: 'The highest number of payments over a time.' })),
    cumulative: Type.Optional(Type.Object({
      max: UnsignedAmountText({ description: 'Major units; not negative.' }),
      window: Window,
      include_current: Type.Optional(IncludeCurrent(true))
    }, { additionalProperties: false, description: 'The highest sum of amounts over a time.' }))
  }, { additionalProperties: false, description: 'All of them must hold. Without limits it allows what matches.' })),
  counts: Type.Optional(Type.Object({
    per: Type.Optional(Type.Unsafe<'token' | 'account'>({
      type: 'string', enum: ['token', 'account'], default: 'token'
    })),
    what: Type.Optional(Type.Unsafe<'approvals' | 'stand_in_approvals' | 'all'>({
      type: 'string', enum: ['approvals', 'stand_in_approvals', 'all'], default: 'approvals'
    })),
    include_reversed: Type.Optional(Type.Boolean({
      default: false, description: 'Whether fully reversed and expired payments count as well.'
    }))
  }, {
    additionalProperties: false,
    description: 'Which earlier payments the limits count: those that match the rule\'s own conditions, and of them ' +
      'these.'
  }))
}, {
  title: 'StandInRule',
  additionalProperties: false,
  description: 'Allows payments in stand-in: those that meet all conditions and keep all limits.'
})
export type StandInRule = Static<typeof StandInRule>

export const RULE_EXAMPLE: StandInRule = {
  rule_id: 'small-pos',
  client_id: 123,
  name: 'Small purchases',
  active: true,
  priority: 10,
  applies_to: { accounts: [], tokens: [] },
  when: {
    spend_types: ['POS - Purchase', 'ECOM - Purchase'],
    entry_modes: ['chip', 'contactless'],
    merchant_categories: ['5411', '5812-5814'],
    countries: ['KE', 'GB'],
    message_types: ['0100', '0200']
  },
  limits: {
    currency: '404',
    amount: { max: '5000.00' },
    count: { max: 3, window: 'PT3H', include_current: false },
    cumulative: { max: '7000.00', window: 'PT24H', include_current: true }
  },
  counts: { per: 'token', what: 'approvals', include_reversed: false }
}
