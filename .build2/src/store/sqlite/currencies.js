import * as operations from '../operations/currencies.js';
import { DatabaseError } from './database-error.js';
import { makePerform } from './statements.js';
/**
 * Lets the database remember the decimals of each currency. To be called when the database is opened.
 *
 * @throws DatabaseError when a currency that amounts are stored in has other decimals now
 */
export function rememberCurrencies(database) {
    const perform = makePerform(database);
    const changed = database.transaction(() => perform(operations.rememberCurrencies())).immediate();
    if (changed !== undefined) {
        throw new DatabaseError(operations.describeChanged(changed, database.name, 'DATABASE_PATH'));
    }
}
export function readCurrencies(database) {
    return makePerform(database)(operations.readCurrencies());
}
//# sourceMappingURL=currencies.js.map