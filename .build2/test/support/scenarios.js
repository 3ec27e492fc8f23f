import fc from 'fast-check';
import { hashApiKey } from '../../src/domain/api-key.js';
import { formatAmount } from '../../src/domain/money.js';
import { anyCurrency, int64, rateText } from './arbitraries.js';
/** A key as a client may have it in a scenario: none, in plain, or as its hash. */
const keyForm = fc.constantFrom('none', 'plain', 'hash');
const client = fc.record({
    clientId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    // PostgreSQL cannot keep U+0000.
    name: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((name) => name.replaceAll('\0', '0')),
    apiKey: keyForm,
    amlyzeToken: keyForm
});
const account = fc.record({
    accountId: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
    owner: fc.nat(),
    currency: anyCurrency,
    hasReference: fc.boolean(),
    actual: int64,
    blocked: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    tokens: fc.nat(3)
});
const rate = fc.record({
    base: anyCurrency,
    quote: anyCurrency,
    rate: rateText,
    effectiveAtMs: fc.option(fc.integer({ min: 0, max: 253402300799999 }), { nil: undefined })
}).filter(({ base, quote }) => base !== quote);
/** Any scenario that can be loaded. Client `n` has the keys `key-n` and `token-n`, where it has any. */
export const anyScenario = fc.record({
    clients: fc.uniqueArray(client, { maxLength: 4, selector: ({ clientId }) => clientId }),
    accounts: fc.uniqueArray(account, { maxLength: 6, selector: ({ accountId }) => accountId }),
    rates: fc.uniqueArray(rate, {
        maxLength: 6,
        selector: ({ base, quote, effectiveAtMs = 0 }) => [base.numericCode, quote.numericCode, effectiveAtMs].join()
    })
}).map(({ clients, accounts, rates }) => ({
    clients: clients.map(({ clientId, name, apiKey, amlyzeToken }) => ({
        client_id: clientId,
        name,
        ...keyFields('api_key', apiKey, `key-${clientId}`),
        ...keyFields('amlyze_token', amlyzeToken, `token-${clientId}`)
    })),
    accounts: clients.length === 0
        ? []
        : accounts.map(({ accountId, owner, currency, hasReference, actual, blocked, tokens }, index) => ({
            client_id: clients[owner % clients.length]?.clientId ?? 0,
            account_id: accountId.toString(),
            currency: currency.numericCode,
            ...hasReference ? { external_reference: `WALLET-${index}` } : {},
            actual_balance: formatAmount(actual, currency),
            blocked_balance: formatAmount(blocked, currency),
            tokens: Array.from({ length: tokens }, (_, place) => String(index * 10 + place + 1))
        })),
    rates: rates.map(({ base, quote, rate, effectiveAtMs }) => ({
        base: base.numericCode,
        quote: quote.numericCode,
        rate,
        ...effectiveAtMs === undefined
            ? {}
            : { effective_at: new Date(effectiveAtMs).toISOString() }
    }))
}));
function keyFields(name, form, key) {
    if (form === 'none')
        return {};
    return form === 'plain' ? { [name]: key } : { [`${name}_sha256`]: hashApiKey(key).toString('hex') };
}
//# sourceMappingURL=scenarios.js.map