import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from './clock.js';
import { readConfig } from './config.js';
import { ScenarioError } from './domain/scenario.js';
import { makeMetrics } from './metrics.js';
import { readScenarioFile, readScenarioObject } from './scenario-file.js';
import { buildService, listen } from './service.js';
import { rememberState } from './store/sqlite/starting-state.js';
/**
 * Starts a sandbox inside this process, for tests. It installs no signal handlers, logs nothing unless `LOG_LEVEL` says
 * otherwise, and writes nowhere but into its database and a temporary folder, which `close` removes.
 *
 * @throws ConfigError, ScenarioError, DatabaseError, or the system's error when it cannot listen
 */
export async function startSandbox(options = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'stip-sandbox-'));
    const removeFolder = () => { rmSync(folder, { recursive: true, force: true }); };
    try {
        return await start(options, folder, removeFolder);
    }
    catch (error) {
        removeFolder();
        throw error;
    }
}
async function start({ scenario, port = 0, clock = systemClock, database, settings }, folder, ended) {
    const path = database ?? join(folder, 'sandbox.sqlite');
    const config = readConfig({ LOG_LEVEL: 'silent', ...settings, PORT: String(port), DATABASE_PATH: path });
    const content = scenario === undefined ? undefined : readScenario(scenario);
    const { app, store, adminToken } = await buildService(config, { clock, metrics: makeMetrics({ ofProcess: false }) });
    try {
        if (content !== undefined)
            await load(store, content, path);
        const putBack = rememberState(path, join(folder, 'start.sqlite'));
        const reset = async () => {
            await app.flushJournal(); // What waits there would come behind the reset.
            await putBack();
        };
        const url = await listen(app, config);
        let closing;
        return { url, adminToken, reset, close: async () => { await (closing ??= app.close().finally(ended)); } };
    }
    catch (error) {
        await app.close();
        throw error;
    }
}
function readScenario(scenario) {
    return typeof scenario === 'string' ? readScenarioFile(scenario, 'scenario') : readScenarioObject(scenario);
}
async function load(store, scenario, path) {
    const { kind } = await store.loadScenario(scenario, false);
    if (kind === 'loaded')
        return;
    throw new ScenarioError([`${path} is not empty, and the scenario cannot be loaded. Give "database" another path, ` +
            'or leave "scenario" out to go on with what is there']);
}
//# sourceMappingURL=sandbox.js.map