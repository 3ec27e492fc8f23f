import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { ADMIN_TOKEN } from './service.js';
const ACCOUNTS = 40;
/** How many requests are looked at together. */
const AT_ONCE = 16;
/** How long a request waits before it is sent again. */
const SEND_AGAIN_MS = 50;
/** Many accounts of one client, so that requests meet in some of them and not in others. */
const LOAD_SCENARIO = {
    clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123', amlyze_token: 'amlyze-token-of-123' }],
    accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
        client_id: 123,
        account_id: String(1000 +
            index),
        currency: '404',
        external_reference: `A${index}`,
        actual_balance: '0.00',
        blocked_balance: '0.00',
        tokens: [String(5000 + index)]
    })),
    rates: [{ base: '840', quote: '404', rate: '129.05' }]
};
/** Writes the scenario of the load into a folder. @returns the settings of a service that has its database there */
export function loadEnvironmentIn(folder) {
    const scenario = join(folder, 'scenario.json');
    writeFileSync(scenario, JSON.stringify(LOAD_SCENARIO));
    return { DATABASE_PATH: join(folder, 'test.sqlite'), SCENARIO_FILE: scenario, ADMIN_TOKEN, RATE_LIMIT: '0' };
}
const item = fc.record({
    input_type: fc.constantFrom('a', 't'),
    // One account and one token in forty are nobody's.
    index: fc.integer({ min: 0, max: ACCOUNTS }),
    act_balance: fc.integer({ min: -100_000, max: 100_000 }).map((units) => units / 100),
    blk_balance: fc.integer({ min: 0, max: 10_000 }).map((units) => units / 100),
    bill_ccy: fc.constantFrom('404', '404', '840')
}).map(({ index, ...rest }) => ({ ...rest, input_id: (rest.input_type === 'a' ? 1000 : 5000) + index }));
const lists = fc.uniqueArray(item, { minLength: 1, maxLength: 25, selector: ({ input_id: id }) => id % 1000 });
/** Concurrent load on a service that may be killed at any moment, and the memory of what was answered. */
export class Load {
    #lists;
    #sent = [];
    #run = randomUUID().slice(0, 8);
    #events = new EventEmitter();
    #number = 0;
    constructor(seed) {
        this.#lists = fc.sample(lists, { seed, numRuns: 200 });
    }
    get answered() {
        return this.#sent.filter(({ answer }) => answer !== undefined).length;
    }
    /** Waits until so many more requests are answered. */
    async moreAnswered(count) {
        const wanted = this.answered + count;
        while (this.answered < wanted)
            await once(this.#events, 'answer');
    }
    /** Sends requests in so many lines at once, each line one after the other, until the service answers no more. */
    async run(address, lines) {
        await Promise.all(Array.from({ length: lines }, async (_, line) => { await this.#runLine(address, line); }));
    }
    /**
     * The same, until a test stops it. What is not answered, or with 503, may have been applied or not: it is sent
     * again until it is answered.
     */
    async runOn(address, lines, stop) {
        await Promise.all(Array.from({ length: lines }, async (_, line) => {
            while (!stop.aborted)
                await this.#sendUntilAnswered(address, this.#next(line), stop);
        }));
    }
    async #runLine(address, line) {
        for (;;) {
            const sent = this.#next(line);
            this.#sent.push(sent);
            const answer = await send(address, sent);
            if (answer === undefined)
                return;
            this.#answered(sent, answer);
        }
    }
    async #sendUntilAnswered(address, sent, stop) {
        this.#sent.push(sent);
        while (!stop.aborted) {
            const answer = await send(address, sent, true);
            if (answer !== undefined) {
                this.#answered(sent, answer);
                return;
            }
            // A file that broke off is not taken again for a minute.
            if (sent.kind === 'file')
                return;
            await wait(SEND_AGAIN_MS);
        }
    }
    #answered(sent, { body }) {
        sent.answer = body;
        this.#events.emit('answer');
    }
    /** The first line reports balances, the second sends balance files, and all others update. */
    #next(line) {
        const number = this.#number++;
        const name = `${this.#run}-${number}`;
        if (line === 0)
            return reportOf(name, number);
        return line === 1 ? fileOf(name, number) : this.#updateOf(name, number);
    }
    #updateOf(name, number) {
        return {
            kind: 'update',
            name,
            method: 'POST',
            path: '/ppws/api/v1/pws_update_balance',
            headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json', prefer: 'return=representation' },
            body: JSON.stringify({
                client_id: 123,
                api_call_unique_identifier: name,
                balance_list: this.#lists[number % this.#lists.length]
            })
        };
    }
    /**
     * Sends what was sent before again and looks it up, and so finds out whether it is what it was. A request that was
     * not answered may have been applied or not; sent again, it is answered, and so it is checked as well.
     *
     * @param newest how many of the newest requests are looked at
     * @returns what is wrong
     */
    async findFaults(address, newest) {
        const faults = [];
        const looked = this.#sent.slice(-newest);
        for (let at = 0; at < looked.length; at += AT_ONCE) {
            const found = await Promise.all(looked.slice(at, at + AT_ONCE).map(async (sent) => await findRequestFaults(address, sent)));
            faults.push(...found.flat());
        }
        return faults;
    }
}
async function findRequestFaults(address, sent) {
    const again = await send(address, sent);
    if (again === undefined)
        return [`${sent.kind} ${sent.name}: sent again, it is not answered`];
    const faults = sent.answer === undefined ? [] : compare(sent, sent.answer, again);
    sent.answer ??= again.body;
    return sent.kind === 'update' ? [...faults, ...await findUpdateFaults(address, sent.name, sent.answer)] : faults;
}
/**
 * @param mayBeUnavailable whether 503 is no fault, but as if no answer had come
 * @returns undefined when the service was killed before the whole answer came
 */
async function send(address, { method, path, headers, body }, mayBeUnavailable = false) {
    try {
        const response = await fetch(`${address}${path}`, { method, headers, body });
        const text = await response.text();
        if (mayBeUnavailable && response.status === 503)
            return undefined;
        if (response.status >= 500)
            throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
        return { status: response.status, body: text, replayed: response.headers.has('idempotent-replayed') };
    }
    catch (error) {
        if (error instanceof TypeError)
            return undefined; // That is how fetch says that the connection is gone.
        throw error;
    }
}
function compare({ kind, name }, before, { status, body, replayed }) {
    if (kind === 'update') {
        return body === before && replayed
            ? []
            : [`update ${name} was answered ${before} and now ${body} (${replayed ? 'a replay' : 'no replay'})`];
    }
    if (kind === 'report') {
        return status === 400 && body.includes('"O005"')
            ? []
            : [`report ${name} was accepted, and sent again it is answered ${status} ${body}`];
    }
    const counts = [before, body].map((text) => /"Total_Records":\d+,"Passed_Records":\d+,"Failed_Records":\d+/.exec(text)?.[0]);
    return counts[0] !== undefined && counts[0] === counts[1]
        ? []
        : [`file ${name} was answered ${before}, and sent again ${body}`];
}
/** Holds what an update answered against what the history says that it did. */
async function findUpdateFaults(address, name, answer) {
    const response = await fetch(`${address}/sandbox/v1/operations?client_id=123&identifier=${name}`, {
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` }
    });
    if (response.status !== 200)
        return [`update ${name} was answered, and the history answers ${response.status}`];
    const { changes } = await response.json();
    const { body: { results } } = JSON.parse(answer);
    const told = results.filter(({ status }) => status === 'updated').map(({ account_id: id, actual, blocked }) => `${id} ${actual} ${blocked}`);
    const done = changes.map(({ account_id: id, after }) => `${id} ${after.actual_balance} ${after.blocked_balance}`);
    return told.join() === done.join() ? [] : [`update ${name} answered ${told.join()} and did ${done.join()}`];
}
function reportOf(name, number) {
    return {
        kind: 'report',
        name,
        method: 'PUT',
        path: '/amlyze-ws-rest/account-balance',
        headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
        body: JSON.stringify({
            communicationNumber: name,
            requester: 'load',
            accountExtId: `A${number % ACCOUNTS}`,
            balanceAt: '2024-05-26T16:49:50.237',
            value: number
        })
    };
}
function fileOf(name, number) {
    const rows = Array.from({ length: 30 }, (_, row) => `${name}-${row},${1000 + (number + row) % (ACCOUNTS + 1)},404,${number + row},0,\n`);
    return {
        kind: 'file',
        name,
        method: 'POST',
        path: `/sandbox/v1/balance-files?client_id=123&file_name=${name}`,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'text/csv' },
        body: `record_id,account_id,bill_ccy,act_balance,blk_balance,token\n${rows.join('')}`
    };
}
//# sourceMappingURL=load.js.map