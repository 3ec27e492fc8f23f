import { join } from 'node:path';
import t from 'tap';
import { readScenario } from '../../../src/domain/scenario.js';
import { openSqliteStore } from '../../../src/store/sqlite/store.js';
import { execute, rowsOf } from '../../support/database.js';
import { makeFolder } from '../../support/folder.js';
import { NOW, SCENARIO } from '../../support/service.js';
const open = (path) => openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW });
/** What a service leaves that is killed while it takes in a snapshot. */
const UNFINISHED = `INSERT INTO snapshots VALUES (77, NULL, 0, 0, 0);
  UPDATE sequences SET last_number = 77 WHERE name = 'snapshot';
  INSERT INTO snapshot_balances SELECT 77, account_id, NULL, client_id, currency, 0, 0 FROM accounts`;
const NAMES = 'SELECT DISTINCT name FROM snapshots JOIN snapshot_balances USING (snapshot_id)';
t.test('a start removes what another has left of a snapshot, and nothing else', async (t) => {
    const path = join(makeFolder(t), 'test.sqlite');
    const first = open(path);
    await first.loadScenario(readScenario(SCENARIO), false);
    await first.close();
    execute(path, UNFINISHED);
    const second = open(path);
    t.teardown(async () => { await second.close(); });
    t.same(rowsOf(path, NAMES), [{ name: 'scenario' }]);
    t.same(rowsOf(path, 'SELECT count(*) AS accounts FROM snapshot_balances'), [{ accounts: 6n }]);
});
t.test('what another process that uses the database is just making is left alone', async (t) => {
    const path = join(makeFolder(t), 'test.sqlite');
    const first = open(path);
    t.teardown(async () => { await first.close(); });
    await first.loadScenario(readScenario(SCENARIO), false);
    execute(path, UNFINISHED);
    const second = open(path);
    t.teardown(async () => { await second.close(); });
    t.same(rowsOf(path, `${NAMES} ORDER BY name`), [{ name: null }, { name: 'scenario' }]);
});
//# sourceMappingURL=unfinished-snapshots.test.js.map