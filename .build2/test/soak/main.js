import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { backupDatabase } from '../../src/store/sqlite/backup.js';
import { verifyDatabase } from '../../src/store/sqlite/verify.js';
import { startBuiltService } from '../support/built-service.js';
import { makeFolder } from '../support/folder.js';
import { Load, loadEnvironmentIn } from '../support/load.js';
import { makeSeed, runStandalone } from '../support/standalone.js';
const LINES = 16;
/** Each life of the service has so long at most. */
const LIFE_MS_MAX = 15_000;
/**
 * Runs a service under mixed load for minutes, ends it by SIGKILL and SIGTERM, backs it up while it runs, and verifies
 * the database and every backup at the end.
 */
async function soak(t, minutes, seed) {
    const folder = makeFolder(t);
    const environment = loadEnvironmentIn(folder);
    const databasePath = environment.DATABASE_PATH;
    const load = new Load(seed);
    const lives = fc.sample(fc.record({
        ms: fc.noBias(fc.integer({ min: 500, max: LIFE_MS_MAX })),
        signal: fc.constantFrom('SIGKILL', 'SIGTERM')
    }), { seed, numRuns: Math.ceil(minutes * 60_000 / 500) });
    const faults = [];
    const end = performance.now() + minutes * 60_000;
    for (const [index, { ms, signal }] of lives.entries()) {
        if (performance.now() > end || faults.length > 0)
            break;
        const service = startBuiltService(t, { environment });
        const address = await service.address;
        faults.push(...await load.findFaults(address, 100));
        const running = load.run(address, LINES);
        await wait(ms / 2);
        backupDatabase(databasePath, join(folder, `backup-${index}.sqlite`));
        await wait(ms / 2);
        service.child.kill(signal);
        await Promise.all([service.exitCode, running]);
        console.log(`${signal} after ${ms} ms: ${load.answered} answered so far, write-ahead log ` +
            `${sizeOf(`${databasePath}-wal`)} bytes`);
    }
    const service = startBuiltService(t, { environment });
    faults.push(...await load.findFaults(await service.address, Infinity));
    service.child.kill('SIGTERM');
    await service.exitCode;
    const files = readdirSync(folder).filter((file) => /^(backup-\d+|test)\.sqlite$/.test(file));
    for (const file of files)
        faults.push(...[...verifyDatabase(join(folder, file))].map((fault) => `${file}: ${fault}`));
    console.log(`verified: the database of ${sizeOf(databasePath)} bytes, ${files.length - 1} backups, and ` +
        `${load.answered} requests that were sent again`);
    return faults;
}
function sizeOf(path) {
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
await runStandalone('soak', { minutes: 5, seed: makeSeed() }, async (t, { minutes = 0, seed = 0 }) => await soak(t, minutes, seed));
//# sourceMappingURL=main.js.map