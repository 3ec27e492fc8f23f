import { join } from 'node:path';
import t from 'tap';
import { readScenario } from '../../../src/domain/scenario.js';
import { openPostgresStore, verifyPostgres } from '../../../src/store/postgres/store.js';
import { UNOBSERVED } from '../../../src/store/port/observer.js';
import { openSqliteStore } from '../../../src/store/sqlite/store.js';
import { verifyDatabase } from '../../../src/store/sqlite/verify.js';
import { allOf } from '../../support/all-of.js';
import { makeConflictProxy } from '../../support/conflict-proxy.js';
import { makeFolder } from '../../support/folder.js';
import { hasSharedPostgres, returnPostgresPlace, takePostgresPlace } from '../../support/postgres-places.js';
import { NOW } from '../../support/service.js';
function makeSqlitePlace(t) {
    const folder = makeFolder(t);
    const paths = new Map();
    let others = 0;
    async function openAt(path, { scenario, clock = () => NOW, observer = UNOBSERVED } = {}) {
        const store = openSqliteStore({ path, pivotCurrency: '840', clock, observer });
        paths.set(store, path);
        if (scenario !== undefined)
            await store.loadScenario(readScenario(scenario), false);
        return store;
    }
    return {
        open: async (options) => {
            const store = await openAt(join(folder, 'test.sqlite'), options);
            t.teardown(async () => { await store.close(); });
            return store;
        },
        openAnother: async (options) => await openAt(join(folder, `other-${others++}.sqlite`), options),
        verify: async (store) => [...verifyDatabase(String(paths.get(store)))]
    };
}
/**
 * Each place is a schema of its own in the server that all tests share.
 *
 * @param conflictSeed when it is given, changes run SERIALIZABLE, and 40001 is thrown into them as the seed decides
 */
function makePostgresPlace(t, conflictSeed) {
    const urls = new Map();
    let own;
    let opened = 0;
    /** The test's own place is given back when it ends. Teardowns run from the last to the first: stores are closed. */
    function takeOwn() {
        if (own === undefined) {
            const taken = own = takePostgresPlace();
            t.teardown(async () => { returnPostgresPlace(await taken); });
        }
        return own;
    }
    async function openAt(url, { scenario, clock = () => NOW, observer = UNOBSERVED } = {}) {
        const reached = conflictSeed === undefined
            ? { url }
            : { url: await makeConflictProxy(t, url, conflictSeed + opened++), isolation: 'SERIALIZABLE' };
        const store = await openPostgresStore({ ...reached, pivotCurrency: '840', clock, observer });
        urls.set(store, url);
        if (scenario !== undefined)
            await store.loadScenario(readScenario(scenario), false);
        return store;
    }
    return {
        open: async (options) => {
            const store = await openAt(await takeOwn(), options);
            t.teardown(async () => { await store.close(); });
            return store;
        },
        openAnother: async (options) => {
            const url = await takePostgresPlace();
            const store = await openAt(url, options);
            const close = async () => {
                await store.close();
                returnPostgresPlace(url);
            };
            const another = { ...store, close };
            urls.set(another, url);
            return another;
        },
        verify: async (store) => await allOf(verifyPostgres(String(urls.get(store))))
    };
}
/** Set by the tests that ask for it: see `test/serializable`. */
const { STIP_TEST_CONFLICT_SEED: conflictSeed } = process.env;
const CONFLICTING = {
    name: `PostgreSQL, SERIALIZABLE, 40001 by seed ${conflictSeed}`,
    makePlace: (t) => makePostgresPlace(t, Number(conflictSeed))
};
function enginesOf(seed) {
    if (seed !== undefined)
        return [CONFLICTING];
    const sqlite = { name: 'SQLite', makePlace: makeSqlitePlace };
    return hasSharedPostgres() ? [sqlite, { name: 'PostgreSQL', makePlace: makePostgresPlace }] : [sqlite];
}
const ENGINES = enginesOf(conflictSeed);
/** Runs a test of the store's behaviour on every engine, each time on an empty database. */
export function contract(title, test) {
    for (const { name, makePlace } of ENGINES) {
        t.test(`${name}: ${title}`, async (t) => { await test(t, makePlace(t)); });
    }
}
//# sourceMappingURL=engines.js.map