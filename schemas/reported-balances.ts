/** The sandbox's own reading of what clients have reported to their AML monitor. Amounts are decimal strings. */
import { Type, type Static } from '@sinclair/typebox'
import { AmountText, CurrencyCode, Int64Text } from './numbers.js'

export const ReportedBalancesQuery = Type.Object({
  view: Type.Optional(Type.Unsafe<'latest' | 'series'>({
    type: 'string',
    enum: ['latest', 'series'],
    description: '`latest` has the newest balance of each balance type and business unit, `series` all of them. Without it, `latest`.',
    examples: ['series']
  })),
  limit: Type.Optional(Type.String({
    pattern: '^([1-9][0-9]{0,2}|1000)$',
    description: 'How many balances a page has at most, 1 to 1000. Without it, 100.',
    examples: ['100']
  })),
  cursor: Type.Optional(Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{9}Z_[1-9][0-9]{0,17}$',
    description: 'Where the page begins: the `next_cursor` of the page before, as it stands.',
    examples: ['2023-09-05T08:07:34.605000000Z_17']
  }))
}, { additionalProperties: false })

const nullable = (what: string) => Type.Union([Type.String(), Type.Null()], { description: what })

const ReportedBalance = Type.Object({
  communication_number: Type.String(),
  requester: Type.String(),
  balance_type: nullable('Null where none was sent.'),
  business_unit: nullable('Null where none was sent.'),
  balance_at: Type.String({ format: 'date-time', description: 'The moment of the balance, UTC, with as many decimals as it was sent with and at least three.' }),
  currency: CurrencyCode({ description: 'The account\'s when the report came, ISO 4217 numeric: what `value` is in.' }),
  value: AmountText({ description: 'The number that was sent, in major units; nothing is rounded.' }),
  equivalent_value: nullable('In the institution\'s base currency. Null where none was sent.'),
  reported_at: Type.String({ format: 'date-time', description: 'When the report came.' }),
  difference: Type.Optional(nullable('`value` less `stand_in_balance`. Only in the view `latest`; null where the account\'s currency is another one by now.'))
}, { title: 'ReportedBalance' })
export type ReportedBalance = Static<typeof ReportedBalance>

export const ReportedBalances = Type.Object({
  account_id: Int64Text({ description: 'Account number.' }),
  currency: CurrencyCode({ description: 'The account\'s, ISO 4217 numeric.' }),
  stand_in_balance: AmountText({ description: 'The account\'s actual balance now, in major units: what stand-in processing holds, before anything blocked is taken off.' }),
  reported_balances: Type.Array(ReportedBalance, { description: 'The newest balance first; of two for one moment, the one that came later.' }),
  next_cursor: nullable('Null on the last page.')
}, {
  title: 'ReportedBalances',
  description: 'What was reported, beside what stand-in processing holds.',
  examples: [{
    account_id: '9007199254740993',
    currency: '404',
    stand_in_balance: '1250.75',
    reported_balances: [{
      communication_number: 'COM217',
      requester: 'financial_institution',
      balance_type: 'STATEMENT_BALANCE',
      business_unit: null,
      balance_at: '2023-09-05T08:07:34.605Z',
      currency: '404',
      value: '1250.5665',
      equivalent_value: null,
      reported_at: '2026-01-31T08:15:30.123Z',
      difference: '-0.1835'
    }],
    next_cursor: null
  }]
})
export type ReportedBalances = Static<typeof ReportedBalances>
