import { Type, type Static } from '@sinclair/typebox'
import { AsOfRid } from '../as-of-rid.js'
import { Nullable } from '../nullable.js'
import { AmountText, CurrencyCode, Int64Text, TypedCurrency, UnsignedAmountText } from '../numbers.js'

/** The balances of an account, in its own currency. */
export const BalancesNow = Type.Object({
  actual_balance: AmountText({}),
  blocked_balance: AmountText({}),
  available_balance: Type.String({ description: 'Actual less blocked.' })
}, { title: 'Balances', description: 'Major units of the account\'s currency, with exactly its decimals.' })
export type BalancesNow = Static<typeof BalancesNow>

/** Amounts as somebody sent them, in the currency that they were sent in. */
export const SentBalances = Type.Object({
  actual_balance: AmountText({}),
  blocked_balance: AmountText({}),
  currency: CurrencyCode({ description: 'ISO 4217 numeric code.' })
}, { title: 'SentBalances', description: 'The amounts as sent.' })

/** The exact rate that amounts were converted with. */
export const UsedRate = Type.String({
  description: 'The exact rate from the currency sent to the account\'s: `1` without a conversion, a decimal, or a ' +
    'fraction of decimals where an inverse rate is in it.'
})

/** From when on that rate holds. */
export const UsedRateEffectiveAt = Nullable(
  Type.String({ format: 'date-time' }),
  'From when on the rate holds; of two rates, the older. Null without a conversion.')

/** What a change wiped that its sender did not know of. */
export const LostHolds = Type.Array(Type.String(), {
  description: 'The payments (TID) whose holds the new blocked balance does not contain, because their advices were ' +
    'not acknowledged yet. The client\'s `unaware_updates: keep_holds` keeps them.'
})

/** The headers of a call that sets balances. */
export const AsOfHeaders = Type.Object({ 'stip-sandbox-as-of-rid': Type.Optional(AsOfRid) })

export const NewBalances = Type.Object({
  actual_balance: AmountText({
    description: 'Major units of `currency`; may be negative. It may have as many decimals as the currency has.'
  }),
  blocked_balance: UnsignedAmountText({ description: 'Major units of `currency`; not negative.' }),
  currency: TypedCurrency({
    description: 'ISO 4217 code of the amounts, numeric or alphabetic. In another currency than the account\'s they ' +
      'are converted.'
  }),
  reason: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Why the balances are set by hand; kept in the history.'
  }),
  user_id: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 50,
    description: 'Who sets them; kept in the history.'
  })),
  remarks: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Kept in the history.' }))
}, {
  additionalProperties: false,
  title: 'NewBalances',
  examples: [{
    actual_balance: '200.00',
    blocked_balance: '50.00',
    currency: '404',
    reason: 'back to the start of the overdraft scenario',
    user_id: 'qa-7'
  }]
})

export const BalancesSet = Type.Object({
  account_id: Int64Text({}),
  currency: CurrencyCode({ description: 'The account\'s, ISO 4217 numeric.' }),
  before: BalancesNow,
  after: BalancesNow,
  sent: SentBalances,
  rate: UsedRate,
  rate_effective_at: UsedRateEffectiveAt,
  lost_holds: LostHolds
}, {
  title: 'BalancesSet',
  description: 'The balances are set, and durable.',
  examples: [{
    account_id: '9007199254740993',
    currency: '404',
    before: { actual_balance: '1250.75', blocked_balance: '250.75', available_balance: '1000.00' },
    after: { actual_balance: '200.00', blocked_balance: '50.00', available_balance: '150.00' },
    sent: { actual_balance: '200.00', blocked_balance: '50.00', currency: '404' },
    rate: '1',
    rate_effective_at: null,
    lost_holds: []
  }]
})
export type BalancesSet = Static<typeof BalancesSet>
