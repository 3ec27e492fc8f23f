/**
 * The store's contract under SERIALIZABLE, with 40001 thrown into changes: `npm run test:serializable`. With
 * `-- --seed N` they are thrown as in an earlier run, and with `-- updates` only that file of the contract is run.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import t from 'tap';
import { conflictsThrown } from '../support/conflict-proxy.js';
import { makeSeed } from '../support/standalone.js';
const FOLDER = new URL('../store/contract/', import.meta.url);
const { values: { seed = String(makeSeed()) }, positionals } = parseArgs({
    options: { seed: { type: 'string' } }, allowPositionals: true
});
const all = readdirSync(FOLDER).filter((file) => file.endsWith('.test.js'));
const files = positionals.length === 0 ? all : positionals.map((name) => `${name}.test.js`);
process.env['STIP_TEST_CONFLICT_SEED'] = seed;
for (const file of files)
    await import(new URL(file, FOLDER).href);
t.test('conflicts were thrown', async (t) => {
    t.ok(conflictsThrown() > 0, `${conflictsThrown()} by seed ${seed}`);
});
//# sourceMappingURL=main.js.map