import { isDamage, openToRead } from './connection.js';
import { refuseForeign } from './migrate.js';
import { findSchemaFaults } from './schema-check.js';
import { RULES } from './verification-rules.js';
/**
 * Checks a database file against its own rules, as of one moment, and changes nothing in it. A service may be using it.
 *
 * @returns every fault in words, one by one, as they are found; nothing when the database is sound
 * @throws DatabaseError when there is no such file, or it is not ours
 */
export function* verifyDatabase(path) {
    const database = openToRead(path);
    try {
        // The rules go through all rows, in orders that are not the file's.
        database.pragma('cache_size = -65536');
        database.exec('BEGIN');
        yield* verifyOpen(database);
    }
    catch (error) {
        if (!isDamage(error))
            throw error;
        yield `the file is damaged: ${error.message}`;
    }
    finally {
        database.close();
    }
}
function* verifyOpen(database) {
    const faults = [...findFileFaults(database)];
    yield* faults;
    // Other rules would only tell the consequences, and stumble on the damage.
    if (faults.length > 0)
        return;
    refuseForeign(database);
    const schemaFaults = [...findSchemaFaults(database)];
    yield* schemaFaults;
    if (schemaFaults.length > 0)
        return;
    yield* findForeignKeyFaults(database);
    for (const rule of RULES)
        yield* database.prepare(rule).pluck().iterate();
}
/** Finds damage of the file as SQLite has it: of its pages and its indexes. */
export function* findFileFaults(database) {
    for (const fault of database.prepare('PRAGMA integrity_check').pluck().iterate()) {
        if (fault !== 'ok')
            yield `the file is damaged: ${fault}`;
    }
}
function* findForeignKeyFaults(database) {
    for (const { table, rowid, parent } of database.prepare('PRAGMA foreign_key_check').iterate()) {
        yield `${table}: ${rowid === null ? 'a row' : `row ${rowid}`} refers to a row of ${parent} that is not there`;
    }
}
//# sourceMappingURL=verify.js.map