import Database from 'better-sqlite3';
/** Reads rows past the service, as plain objects with bigints. */
export function rowsOf(path, sql) {
    const database = new Database(path, { readonly: true });
    try {
        return database.defaultSafeIntegers(true).prepare(sql).all();
    }
    finally {
        database.close();
    }
}
/** Writes past the service, what no call of it would do. */
export function execute(path, sql) {
    const database = new Database(path);
    try {
        database.exec(sql);
    }
    finally {
        database.close();
    }
}
/** Everything that is in the database, so that a test can tell whether anything was written. */
export function everythingIn(path) {
    const tables = rowsOf(path, 'SELECT name FROM sqlite_schema WHERE type = \'table\' ORDER BY name');
    return tables.map(({ name }) => [name, rowsOf(path, `SELECT * FROM ${name}`)]);
}
/** The whole database as it stands in a file. */
export function bytesOf(path) {
    const database = new Database(path, { readonly: true });
    try {
        return database.serialize();
    }
    finally {
        database.close();
    }
}
//# sourceMappingURL=database.js.map