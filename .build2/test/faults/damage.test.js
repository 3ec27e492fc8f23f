import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { DatabaseError } from '../../src/store/sqlite/database-error.js';
import { openSqliteStore } from '../../src/store/sqlite/store.js';
import { makeFolder } from '../support/folder.js';
import { makeRichDatabase } from '../support/history.js';
import { makeService, NOW, SCENARIO } from '../support/service.js';
const ACCOUNTS = (SCENARIO.accounts ?? []).map(({ account_id: accountId }) => accountId);
/** The balances of all accounts, as far as they are answered. */
async function readBalances(t, path) {
    const { app, read } = await makeService(t, SCENARIO, { databasePath: path });
    const balances = new Map();
    for (const accountId of ACCOUNTS) {
        const response = await read(`/accounts/${accountId}`);
        if (response.statusCode === 200)
            balances.set(accountId, response.json().actual_balance);
    }
    await app.close();
    return balances;
}
async function canBeOpened(path) {
    try {
        await openSqliteStore({ path, pivotCurrency: '840', clock: () => NOW }).close();
        return true;
    }
    catch (error) {
        if (error instanceof DatabaseError)
            return false;
        throw error;
    }
}
t.test('bytes that were flipped on the disk never lead to another balance', async (t) => {
    const sound = await makeRichDatabase(t);
    const wanted = await readBalances(t, sound);
    const bytes = readFileSync(sound);
    const path = join(makeFolder(t), 'flipped.sqlite');
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 997) {
        if (bytes.subarray(at, at + 4).every((byte) => byte === 0))
            continue; // Nothing is there.
        copyFileSync(sound, path);
        const flipped = Buffer.from(bytes);
        for (let index = at; index < at + 4 && index < bytes.length; index += 1) {
            flipped.writeUInt8(flipped.readUInt8(index) ^ 0xff, index);
        }
        writeFileSync(path, flipped);
        if (!await canBeOpened(path)) {
            refused += 1;
            continue;
        }
        for (const [accountId, balance] of await readBalances(t, path)) {
            if (balance !== wanted.get(accountId))
                t.fail(`byte ${at}: account ${accountId} has ${balance}`);
        }
    }
    t.ok(refused > 0, 'some damage is seen at the start');
});
//# sourceMappingURL=damage.test.js.map