import { hashApiKey } from './api-key.js';
import { Faults } from './faults.js';
import { formatAmount } from './money.js';
import { readNewAccounts } from './new-account.js';
import { readRates } from './rates.js';
import { BEGINNING } from './timestamp.js';
/** Thrown for a scenario that cannot be loaded. Each fault names its place and what would be right. */
export class ScenarioError extends Error {
    faults;
    name = 'ScenarioError';
    constructor(faults) {
        super(faults.join('\n'));
        this.faults = faults;
    }
}
/**
 * Checks what a schema cannot: that references lead somewhere, that nothing stands twice, and that every
 * amount fits its currency. A rate without a time holds from the beginning of time.
 *
 * @param document a document that the schema has accepted
 * @throws ScenarioError with the faults that were found, the first 20 of very many
 */
export function readScenario(document) {
    const reader = new ScenarioReader();
    reader.add(document);
    return reader.finish();
}
/**
 * Reads a scenario part by part, so that others can be served between the parts. The rules are {@link readScenario}'s.
 */
export class ScenarioReader {
    #faults = new Faults(ScenarioError);
    #clients = [];
    #accounts = [];
    #rates = [];
    /** The client of each account, of faulty ones, too. */
    #owners = [];
    /** @param part the next clients, accounts or rates, which the schema has accepted */
    add({ clients = [], accounts = [], rates = [] }) {
        append(this.#clients, readClients(clients, this.#faults, this.#clients.length));
        append(this.#accounts, readNewAccounts(accounts, this.#faults, this.#owners.length));
        append(this.#owners, accounts.map((account) => account.client_id));
        const timed = rates.map((rate) => ({ effective_at: BEGINNING, ...rate }));
        append(this.#rates, readRates(timed, this.#faults, this.#rates.length));
    }
    /** @throws ScenarioError with the faults that were found, the first 20 of very many */
    finish() {
        const clientIds = new Set(this.#clients.map(({ clientId }) => clientId));
        this.#owners.forEach((clientId, index) => {
            if (clientIds.has(clientId))
                return;
            this.#faults.add(`accounts[${index}].client_id`, `is ${clientId}, which is none of the scenario's clients`);
        });
        this.#faults.refuse();
        return { clients: this.#clients, accounts: this.#accounts, rates: this.#rates };
    }
}
/** Items may be too many to be the arguments of one call. */
function append(list, items) {
    for (const item of items)
        list.push(item);
}
function readClients(clients, faults, from) {
    return clients.map((client, index) => {
        const { client_id: clientId, name } = client;
        const place = `clients[${from + index}]`;
        faults.requireUnique('client_id', `${place}.client_id`, String(clientId));
        return {
            clientId,
            name,
            keyHash: readKey('api_key', client, place, faults),
            amlyzeTokenHash: readKey('amlyze_token', client, place, faults)
        };
    });
}
/** Reads a key, be it plain or hashed already. */
function readKey(name, client, place, faults) {
    const { [name]: key, [`${name}_sha256`]: hash } = client;
    if (key !== undefined && hash !== undefined) {
        faults.add(`${place}.${name}_sha256`, `must not stand beside ${name}: at most one of the two may be given`);
    }
    if (key === undefined && hash === undefined)
        return undefined;
    const keyHash = key === undefined ? Buffer.from(String(hash), 'hex') : hashApiKey(key);
    // A secret opens one door only, so that both kinds share one room of names.
    faults.requireUnique('key', `${place}.${key === undefined ? `${name}_sha256` : name}`, keyHash.toString('hex'));
    return keyHash;
}
/**
 * Writes what a database holds as a scenario: {@link readScenario} of it gives the same. Keys are written as the hashes
 * that they are kept as.
 */
export function writeScenario({ clients, accounts, rates }) {
    return {
        clients: clients.map(({ clientId, name, keyHash, amlyzeTokenHash }) => ({
            client_id: clientId,
            name,
            ...keyHash === undefined ? {} : { api_key_sha256: keyHash.toString('hex') },
            ...amlyzeTokenHash === undefined ? {} : { amlyze_token_sha256: amlyzeTokenHash.toString('hex') }
        })),
        accounts: accounts.map(({ clientId, accountId, currency, externalReference, balances, tokens }) => ({
            client_id: clientId,
            account_id: accountId.toString(),
            currency: currency.numericCode,
            ...externalReference === undefined ? {} : { external_reference: externalReference },
            actual_balance: formatAmount(balances.actual, currency),
            blocked_balance: formatAmount(balances.blocked, currency),
            tokens: tokens.map(String)
        })),
        rates: rates.map(({ base, quote, rate, effectiveAtMs }) => ({
            base,
            quote,
            rate,
            effective_at: new Date(effectiveAtMs).toISOString()
        }))
    };
}
//# sourceMappingURL=scenario.js.map