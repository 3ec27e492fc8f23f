/** The services of our own that the measured one is compared with. Arguments: which one, the port, and a database. */
import fastify, {} from 'fastify';
import { UpdateBalanceRequest, UpdateBalanceResponse } from '../schemas/paymentology.js';
import { buildApp } from '../src/app.js';
import { systemClock } from '../src/clock.js';
import { readConfig } from '../src/config.js';
import { makeMetrics } from '../src/metrics.js';
import { openSqliteStore } from '../src/store/sqlite/store.js';
import { AJV } from './ajv.js';
import { API_KEY, CLIENT_ID, UPDATE_PATH } from './bodies.js';
const PIVOT_CURRENCY = '840';
const SUCCESS = { header: { error_id: 0, error_desc: 'success' }, body: { total_failed: 0, failed_note: '' } };
const [kind = '', port = '', databasePath = ''] = process.argv.slice(2);
const KINDS = {
    /** Fastify as it comes, with our schemas: its own JSON parser, its own validator, one constant answer. */
    'no-database': () => {
        const app = fastify({ logger: false, ajv: { customOptions: AJV } });
        app.post(UPDATE_PATH, {
            schema: { body: UpdateBalanceRequest, response: { 200: UpdateBalanceResponse } }
        }, async (request) => {
            if (request.headers['x-api-key'] !== API_KEY)
                throw new Error('the key is unknown');
            return SUCCESS;
        });
        return app;
    },
    /** The whole service whose store does not keep updates. */
    'no-store': () => buildService({
        ...openSqliteStore({ path: databasePath, pivotCurrency: PIVOT_CURRENCY, clock: systemClock }),
        findClientByKey: async () => CLIENT_ID,
        updateBalances: async () => ({
            kind: 'applied',
            answer: { body: JSON.stringify(SUCCESS), preferenceApplied: undefined },
            items: []
        })
    })
};
function buildService(store) {
    const { timeouts, limits, allowedHosts, journal } = readConfig({});
    return buildApp({
        store,
        clock: systemClock,
        adminToken: 'unused',
        logLevel: 'warn',
        amlyzeLists: { balanceTypes: [], businessUnits: new Map() },
        metrics: makeMetrics(),
        timeouts,
        limits,
        allowedHosts,
        rateLimit: 0,
        retentionDays: 0,
        journal
    });
}
const makeApp = KINDS[kind];
if (makeApp === undefined)
    throw new Error(`there is no service ${kind}: only ${Object.keys(KINDS).join(', ')}`);
const app = makeApp();
await app.listen({ host: '127.0.0.1', port: Number(port) });
for (const signal of ['SIGTERM', 'SIGINT'])
    process.once(signal, () => { app.close(); });
//# sourceMappingURL=server.js.map