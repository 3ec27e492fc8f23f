import { Type } from '@sinclair/typebox';
import { AmountText, Int32, Int64Text, TypedCurrency } from './numbers.js';
/** An account that is to be made, in a scenario file and in the sandbox's own API. Unknown fields are refused. */
export const NewAccountDocument = Type.Object({
    client_id: Int32({ minimum: 1, description: 'The client that the account belongs to.' }),
    account_id: Int64Text({ description: 'Account number, unique across all clients.' }),
    currency: TypedCurrency({
        description: 'The currency that the account is kept in: its ISO 4217 code, numeric (`404`) or alphabetic (`KES`).'
    }),
    external_reference: Type.Optional(Type.String({
        minLength: 1,
        maxLength: 50,
        description: 'Unique within the client.'
    })),
    actual_balance: AmountText({ description: 'Major units; may be negative.' }),
    blocked_balance: AmountText({ description: 'Major units; not negative.' }),
    tokens: Type.Optional(Type.Array(Int64Text({
        description: 'Public token of a card on the account, unique across all clients.'
    })))
}, { title: 'NewAccount', additionalProperties: false });
/** A file of accounts, as many as there are. */
export const AccountsFile = Type.Object({ accounts: Type.Array(NewAccountDocument, { minItems: 1 }) }, { title: 'AccountsFile', additionalProperties: false });
/** An account as a request or a file would have it, for the documentation. */
export const NEW_ACCOUNT_EXAMPLE = {
    client_id: 123,
    account_id: '9007199254740995',
    currency: '404',
    external_reference: 'WALLET-7',
    actual_balance: '200.00',
    blocked_balance: '50.00',
    tokens: ['7001001']
};
//# sourceMappingURL=account.js.map