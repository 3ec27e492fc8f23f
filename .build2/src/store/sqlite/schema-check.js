import Database from 'better-sqlite3';
import { migrate, readMigrations, requireCurrent } from './migrate.js';
/** Compares the tables, indexes and triggers with those that the migrations make. */
export function* findSchemaFaults(database) {
    const migrations = readMigrations();
    try {
        requireCurrent(database, migrations);
    }
    catch (error) {
        yield error.message;
        return;
    }
    const model = new Database(':memory:');
    migrate(model.defaultSafeIntegers(true), migrations);
    const [wanted, found] = [readSchema(model), readSchema(database)];
    model.close();
    for (const [name, sql] of wanted) {
        if (found.get(name) !== sql)
            yield `${name} is ${found.has(name) ? 'not what the migrations make' : 'missing'}`;
    }
}
function readSchema(database) {
    const objects = database.prepare('SELECT type || \' \' || name AS name, sql FROM sqlite_schema').all();
    return new Map(objects.map(({ name, sql }) => [name, sql]));
}
//# sourceMappingURL=schema-check.js.map