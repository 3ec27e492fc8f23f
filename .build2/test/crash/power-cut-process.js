import { writeSync } from 'node:fs';
import { readScenario } from '../../src/domain/scenario.js';
import { UNOBSERVED } from '../../src/store/port/observer.js';
import { openDatabase } from '../../src/store/sqlite/database.js';
import { makeSqliteEngine } from '../../src/store/sqlite/engine.js';
import { makeStore } from '../../src/store/store-of.js';
import { NOW, SCENARIO } from '../support/service.js';
import { makeUpdate } from '../support/updates.js';
/** Updates a database, and writes a line for each update that is answered: what follows it was written later. */
const [, , path = '', synchronous = ''] = process.argv;
const LINES = 4;
const UPDATES_A_LINE = 8;
const tell = (line) => { writeSync(1, `${line}\n`); };
const database = openDatabase(path);
database.pragma(`synchronous = ${synchronous}`);
const engine = makeSqliteEngine(database, { pivotCurrency: '840', clock: () => NOW, observer: UNOBSERVED });
const store = makeStore(engine, UNOBSERVED);
await store.loadScenario(readScenario(SCENARIO), false);
tell('begun');
await Promise.all(Array.from({ length: LINES }, async (_, line) => {
    for (let number = 0; number < UPDATES_A_LINE; number += 1) {
        const identifier = `${line}-${number}`;
        await store.updateBalances(makeUpdate(line * 100 + number, {
            identity: { identifier, fingerprint: Buffer.from(identifier) },
            answer: () => ({ body: '{}', preferenceApplied: undefined })
        }));
        tell(`answered ${identifier}`);
        if (line === 0 && number === 3)
            database.pragma('wal_checkpoint(PASSIVE)');
    }
}));
engine.close();
//# sourceMappingURL=power-cut-process.js.map