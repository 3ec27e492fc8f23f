import fc from 'fast-check';
import { AUTHORIZATION } from '../support/service.js';
/** Few accounts, so that actions meet in them. Each has a token, its number and 4000. */
export const ACCOUNTS = [1001, 1002, 1003, 1004, 1005];
export const SCENARIO = {
    clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123' }],
    accounts: ACCOUNTS.map(accountOf)
};
function accountOf(account) {
    return {
        client_id: 123,
        account_id: String(account),
        currency: '404',
        actual_balance: '0.00',
        blocked_balance: '0.00',
        tokens: [String(account + 4000)]
    };
}
const account = fc.constantFrom(...ACCOUNTS);
/** What a client does next. */
export const anyAction = fc.oneof({
    weight: 8,
    arbitrary: fc.record({
        kind: fc.constant('update'),
        accounts: fc.uniqueArray(account, { minLength: 1 }),
        byToken: fc.boolean(),
        isStrict: fc.nat(4).map((place) => place === 0),
        // The same request goes to both processes at the same moment.
        both: fc.boolean()
    })
}, { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat'), which: fc.nat(), isOther: fc.boolean() }) }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('set'), account }) }, { weight: 2, arbitrary: fc.record({ kind: fc.constant('create'), account }) }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), account }) }, { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore') }) });
/** Reads what an update that was answered with 200 says of its items. */
export function resultsOf({ answer }) {
    return JSON.parse(answer).body.results;
}
/** Clients of two processes, and all that they were told. */
export class Clients {
    told = [];
    #addresses;
    /** Each amount is set once, so that a change in the history tells whose it is. */
    #amounts = 0;
    constructor(addresses) {
        this.#addresses = addresses;
    }
    #nextAmount() {
        this.#amounts += 1;
        return this.#amounts;
    }
    /** Does one thing after the other, at the processes in turn. */
    async run(line, actions) {
        for (const [index, action] of actions.entries())
            await this.#act(action, line + index);
    }
    async #act(action, place) {
        switch (action.kind) {
            case 'update': return await this.#update(action, place);
            case 'repeat': return await this.#repeat(action, place);
            case 'create':
                return await this.#sandbox('create', place, 'POST', '/accounts', { accounts: [accountOf(action.account)] });
            case 'delete': return await this.#sandbox('delete', place, 'DELETE', `/accounts/${action.account}`);
            case 'restore': return await this.#sandbox('restore', place, 'POST', '/snapshots/scenario/restore');
            case 'set': return await this.#sandbox('set', place, 'PUT', `/accounts/${action.account}/balances`, {
                actual_balance: `${this.#nextAmount()}.00`, blocked_balance: '0.00', currency: '404', reason: 'by hand'
            });
        }
    }
    async #update({ accounts, byToken, isStrict, both }, place) {
        const identifier = `update-${this.#nextAmount()}`;
        const body = {
            client_id: 123,
            api_call_unique_identifier: identifier,
            balance_list: accounts.map((account) => ({
                input_type: byToken ? 't' : 'a',
                input_id: byToken ? account + 4000 : account,
                act_balance: this.#nextAmount(),
                blk_balance: 0,
                bill_ccy: '404'
            }))
        };
        const prefer = `return=representation${isStrict ? ', handling=strict' : ''}`;
        const places = both ? [place, place + 1] : [place];
        await Promise.all(places.map(async (at) => { await this.#sendUpdate('update', at, identifier, body, prefer); }));
    }
    /** Sends an update again that was answered, or something else under its identifier. */
    async #repeat({ which, isOther }, place) {
        const applied = this.told.filter(({ kind, status }) => kind === 'update' && status === 200);
        const earlier = applied[which % applied.length];
        if (earlier === undefined)
            return;
        const { identifier = '', body } = earlier;
        const sent = isOther ? { ...body, remarks: 'other' } : body;
        await this.#sendUpdate('repeat', place, identifier, sent, 'return=representation');
    }
    async #sendUpdate(kind, place, identifier, body, prefer) {
        await this.#send(kind, place, '/ppws/api/v1/pws_update_balance', {
            method: 'POST',
            headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json', prefer },
            body: JSON.stringify(body)
        }, { identifier, body });
    }
    async #sandbox(kind, place, method, path, body) {
        await this.#send(kind, place, `/sandbox/v1${path}`, {
            method,
            headers: { ...AUTHORIZATION, ...body === undefined ? {} : { 'content-type': 'application/json' } },
            ...body === undefined ? {} : { body: JSON.stringify(body) }
        }, { body });
    }
    async #send(kind, place, path, request, more) {
        const sentMs = performance.now();
        const response = await fetch(`${this.#addresses[place % this.#addresses.length]}${path}`, request);
        const answer = await response.text();
        this.told.push({
            kind,
            identifier: more.identifier,
            path,
            body: more.body,
            sentMs,
            answeredMs: performance.now(),
            status: response.status,
            answer,
            replayed: response.headers.has('idempotent-replayed')
        });
    }
}
//# sourceMappingURL=actions.js.map