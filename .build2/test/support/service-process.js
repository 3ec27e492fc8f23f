import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './folder.js';
import { addressOf, runCommand } from './process.js';
import { ADMIN_TOKEN, SCENARIO } from './service.js';
export const CALL_PATH = '/ppws/api/v1/pws_update_balance';
/** Starts a service on a scenario and a database in a folder of the test's own. */
export async function startService(t, environment = {}) {
    const folder = makeFolder(t);
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(SCENARIO));
    const server = runCommand(t, folder, ['serve'], {
        PORT: '0',
        DATABASE_PATH: 'own.sqlite',
        SCENARIO_FILE: 'scenario.json',
        ADMIN_TOKEN,
        ...environment
    });
    const address = await addressOf(server);
    return {
        server,
        address,
        databasePath: join(folder, 'own.sqlite'),
        update: async (body, headers = {}) => await fetch(`${address}${CALL_PATH}`, {
            method: 'POST',
            headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json', ...headers },
            body: typeof body === 'string' ? body : JSON.stringify(body)
        })
    };
}
/** Ends the service in order, and gives what it has logged. */
export async function stop({ server }) {
    server.child.kill('SIGTERM');
    await server.exitCode;
    return server.output().trim().split('\n').map((line) => JSON.parse(line));
}
//# sourceMappingURL=service-process.js.map