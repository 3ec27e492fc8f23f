/** The sandbox's own reading of what clients have reported to their AML monitor. */
import { Type } from '@sinclair/typebox';
import { Nullable } from '../nullable.js';
import { AmountText, CurrencyCode, Int64Text, NumberText } from '../numbers.js';
import { DeletedAt, Incarnation, IncarnationQuery } from './accounts.js';
import { NextCursor, PageQuery } from './pages.js';
export const ReportedBalancesQuery = Type.Object({
    view: Type.Optional(Type.Unsafe({
        type: 'string',
        enum: ['latest', 'series'],
        description: '`latest` has the newest balance of each balance type and business unit, `series` all of them. ' +
            'Without it, `latest`.',
        examples: ['series']
    })),
    ...IncarnationQuery.properties,
    ...PageQuery.properties
}, { additionalProperties: false });
const ReportedBalance = Type.Object({
    communication_number: Type.String(),
    requester: Type.String(),
    balance_type: Nullable(Type.String(), 'Null where none was sent.'),
    business_unit: Nullable(Type.String(), 'Null where none was sent.'),
    balance_at: Type.String({
        format: 'date-time',
        description: 'The moment of the balance, UTC: with milliseconds, and with more decimals where they are not zero.'
    }),
    value: NumberText({ description: 'The number as it was written, in major units of the account\'s currency.' }),
    equivalent_value: Nullable(NumberText({}), 'The number as it was written, in the institution\'s base currency. Null where none was sent.'),
    reported_at: Type.String({ format: 'date-time', description: 'When the report came.' }),
    difference: Type.Optional(Nullable(Type.String(), '`value` less `stand_in_balance`, exactly. Only in the view `latest`; null where the account was deleted.'))
}, { title: 'ReportedBalance' });
export const ReportedBalances = Type.Object({
    account_id: Int64Text({ description: 'Account number.' }),
    incarnation: Incarnation,
    deleted_at: DeletedAt,
    currency: CurrencyCode({ description: 'The account\'s, ISO 4217 numeric.' }),
    stand_in_balance: Nullable(AmountText({}), 'The account\'s actual balance now, in major units: what stand-in processing holds, before anything blocked is ' +
        'taken off. Null where the account was deleted.'),
    reported_balances: Type.Array(ReportedBalance, {
        description: '`series`: the newest balance first; of two for one moment, the one that came later. `latest`: in ' +
            'the order of balance type and business unit.'
    }),
    next_cursor: NextCursor
}, {
    title: 'ReportedBalances',
    description: 'What was reported, beside what stand-in processing holds.',
    examples: [{
            account_id: '9007199254740993',
            incarnation: 1,
            deleted_at: null,
            currency: '404',
            stand_in_balance: '1250.75',
            reported_balances: [{
                    communication_number: 'COM217',
                    requester: 'financial_institution',
                    balance_type: 'STATEMENT_BALANCE',
                    business_unit: null,
                    balance_at: '2023-09-05T08:07:34.605Z',
                    value: '1250.5665',
                    equivalent_value: null,
                    reported_at: '2026-01-31T08:15:30.123Z',
                    difference: '-0.1835'
                }],
            next_cursor: null
        }]
});
//# sourceMappingURL=reported-balances.js.map