import { readScenario } from '../../../src/domain/scenario.js';
import { openPostgresStore } from '../../../src/store/postgres/store.js';
import { returnPostgresPlace, takePostgresPlace } from '../../support/postgres-places.js';
import { NOW, SCENARIO } from '../../support/service.js';
/** Gives a place of the test's own. */
export async function placeFor(t) {
    const url = await takePostgresPlace();
    t.teardown(() => { returnPostgresPlace(url); });
    return url;
}
/** Opens a store that is closed with the test, with the scenario of the tests in it where there is none yet. */
export async function openAt(t, url, options = {}) {
    const store = await openPostgresStore({ url, pivotCurrency: '840', clock: () => NOW, ...options });
    t.teardown(async () => { await store.close(); });
    await store.loadScenario(readScenario(SCENARIO), false);
    return store;
}
//# sourceMappingURL=places.js.map