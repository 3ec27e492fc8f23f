import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.js';
import { endWithoutModules } from '../open-files.js';
import { packageRoot } from '../package-root.js';
import { DEFAULT_URL } from './connection.js';
const SCENARIO_FILE = fileURLToPath(new URL('examples/demo-scenario.json', packageRoot));
/**
 * Starts the service on the demo's accounts, in a database of its own that stays for the next start.
 *
 * @param environment settings that are not empty there win over the demo's own
 * @param isRead whether a person reads the log
 * @returns a text for newcomers: where the documentation is, and a call that is ready to run
 */
export async function demo(environment, isRead) {
    const config = readConfig(environment, {
        DATABASE_PATH: 'data/demo.sqlite', SCENARIO_FILE, LOG_LEVEL: isRead ? 'info' : 'warn'
    });
    const { startServer } = await import('../server.js').catch(endWithoutModules);
    const server = await startServer(config, isRead);
    const { address, adminToken } = server;
    // A token that was given stays where it was given. One that was made up has no character that a shell knows.
    const token = config.adminToken === undefined ? adminToken : '$ADMIN_TOKEN';
    const update = {
        client_id: 123,
        api_call_unique_identifier: `demo-${Date.now()}`,
        balance_list: [{ input_type: 't', input_id: 12345, act_balance: 200, blk_balance: 50, bill_ccy: '404' }]
    };
    const call = [
        `curl -s ${address}/ppws/api/v1/pws_update_balance -H 'X-API-KEY: demo-key-123'`,
        '-H \'Content-Type: application/json\' -H \'Prefer: return=representation\'',
        `-d '${JSON.stringify(update)}'`
    ].join(' ');
    return `stip-sandbox is listening on ${address}
Documentation: ${address}/docs${config.adminToken === undefined ? `\nAdmin token of this start: ${adminToken}` : ''}

Update a balance:

${call}

Read the account:

curl -s ${address}/sandbox/v1/accounts/9007199254740993 -H "Authorization: Bearer ${token}"

Or with the command line, in another terminal:

${nextCommand(server, token)}

Stop with Ctrl+C. The balances stay in ${nameOf(config.database)}.
`;
}
/** Names a database without its secrets. */
export function nameOf(database) {
    return database.kind === 'sqlite' ? database.path : 'the database of DATABASE_URL';
}
/**
 * Gives the first command that somebody may want to run against a service that is up.
 *
 * @param token how to name the admin token in a shell, where the command line does not find it by itself
 */
export function nextCommand({ address, adminTokenFile }, token) {
    const url = address === DEFAULT_URL ? '' : ` --url ${address}`;
    return `${adminTokenFile === undefined ? `ADMIN_TOKEN="${token}" ` : ''}npx stip-sandbox balances show${url}`;
}
//# sourceMappingURL=demo.js.map