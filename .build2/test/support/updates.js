import { decimal } from './arbitraries.js';
/**
 * An update as a dialect hands it to the store: it sets the actual balance of account 1002 to so many dollars. What is
 * given besides takes the place of what it has.
 */
export function makeUpdate(actual, more = {}) {
    return {
        source: 'paymentology',
        clientId: 123,
        identity: undefined,
        items: [{
                inputType: 'account',
                inputId: 1002n,
                actual: decimal(String(actual)),
                blocked: decimal('0'),
                currency: '840'
            }],
        userId: undefined,
        remarks: undefined,
        reason: undefined,
        allOrNothing: false,
        dryRun: false,
        answer: () => ({ body: '', preferenceApplied: undefined }),
        ...more
    };
}
//# sourceMappingURL=updates.js.map