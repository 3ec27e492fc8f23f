import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { packageRoot } from '../../src/package-root.js';
import { makeService, SCENARIO } from './service.js';
/** The published contract, written down anew: the fixture that every answer of the dialect is held against. */
export const CONTRACT = JSON.parse(readFileSync(new URL('test/fixtures/amlyze-account-balances.json', packageRoot), 'utf8'));
const ajv = new Ajv({ strict: false });
ajv.addSchema({ $id: 'contract', ...CONTRACT });
function compile(...steps) {
    return ajv.compile({
        $ref: `contract#/${steps.map((step) => encodeURIComponent(step.replaceAll('/', '~1'))).join('/')}`
    });
}
export const SINGLE = '/amlyze-ws-rest/account-balance';
export const BATCH = '/amlyze-ws-rest/batch-account-balances';
export const VALIDATION = '/amlyze-ws-rest/validate-batch-account-balances';
/** The published example request. */
export const PUBLISHED = CONTRACT.paths[SINGLE]?.['put']?.requestBody.content['application/json'].examples.published.value ?? {};
/** The common scenario, and the account of the published example in it. */
const AMLYZE_SCENARIO = {
    ...SCENARIO,
    accounts: [
        ...SCENARIO.accounts ?? [],
        {
            client_id: 123,
            account_id: '550',
            currency: '978',
            external_reference: 'ORG20231117550',
            actual_balance: '0.10',
            blocked_balance: '0.00'
        },
        {
            client_id: 456,
            account_id: '2002',
            currency: '978',
            external_reference: 'WALLET-1',
            actual_balance: '0.00',
            blocked_balance: '0.00'
        }
    ]
};
/** Starts a service with the account of the published example. */
export async function makeAmlyzeService(t) {
    const service = await makeService(t, AMLYZE_SCENARIO);
    return {
        ...service,
        act: service.call,
        call: async (path, body, headers = {}, method = path.startsWith(SINGLE) ? 'PUT' : 'POST') => {
            const response = await service.app.inject({
                method,
                url: path,
                headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json', ...headers },
                payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
            });
            requireContract(path, response);
            return response;
        }
    };
}
/** What leads nowhere is held against the answers of the call that publishes them. */
function requireContract(path, response) {
    const [called = ''] = path.split('?');
    const known = CONTRACT.paths[called] === undefined ? SINGLE : called;
    const method = known === SINGLE ? 'put' : 'post';
    const status = String(response.statusCode);
    const documented = CONTRACT.paths[known]?.[method]?.responses[status] === undefined ? 'default' : status;
    const validate = compile('paths', known, method, 'responses', documented, 'content', 'application/json', 'schema');
    if (!validate(response.json())) {
        throw new Error(`${path} ${status} breaks the contract: ${ajv.errorsText(validate.errors)}: ${response.body}`);
    }
}
/** A balance that is right in every way; what is given takes the place of what it has. */
export function balance(more = {}) {
    return {
        communicationNumber: 'COM1',
        requester: 'core',
        accountExtId: 'WALLET-1',
        balanceAt: '2024-05-26T16:49:50.237',
        value: 1,
        ...more
    };
}
/** A batch of balances with numbers of their own. */
export function batch(items) {
    return {
        accountBalances: items.map((item, index) => isPlain(item) ? balance({ communicationNumber: `COM${index}`, ...item }) : item)
    };
}
function isPlain(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
//# sourceMappingURL=amlyze.js.map