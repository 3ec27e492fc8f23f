import { readdirSync, readFileSync } from 'node:fs';
import { packageRoot } from '../../package-root.js';
import { DatabaseError } from './database-error.js';
const MIGRATIONS_FOLDER = new URL('migrations/sqlite/', packageRoot);
/** What the first migration writes into the header of the file: "STBS". */
const APPLICATION_ID = 0x53544253n;
/** What development versions before the first release wrote there: "STIP". Their tables cannot be migrated. */
const UNRELEASED_APPLICATION_ID = 0x53544950n;
/**
 * Reads the migrations in their order.
 *
 * @throws DatabaseError when a number is missing or stands twice
 */
export function readMigrations(folder = MIGRATIONS_FOLDER) {
    const files = readdirSync(folder).filter((file) => file.endsWith('.sql')).sort();
    return files.map((file, index) => {
        const version = Number(/^(\d{4})-/.exec(file)?.[1]);
        if (version !== index + 1) {
            throw new DatabaseError(`migration ${index + 1} is missing: found ${file} in its place. Install the package anew`);
        }
        return { version, file, sql: readFileSync(new URL(file, folder), 'utf8') };
    });
}
/**
 * Applies the migrations that the database does not have yet, each in a transaction of its own.
 *
 * @throws DatabaseError when the database was written by a newer version of this program
 */
export function migrate(database, migrations) {
    for (const { version, sql } of migrations) {
        // The version is read again inside the transaction: another process may be migrating at the same time.
        database.transaction(() => {
            if (schemaVersion(database) >= version)
                return;
            database.exec(sql);
            database.pragma(`user_version = ${version}`);
        }).immediate();
    }
    requireCurrent(database, migrations);
}
/** Throws unless the database has exactly the migrations that this version knows. */
export function requireCurrent(database, migrations) {
    const version = schemaVersion(database);
    if (version > migrations.length) {
        throw new DatabaseError(`${database.name} was written by a newer version of stip-sandbox ` +
            `(schema ${version}, this version knows up to ${migrations.length}). ` +
            'Install that version, or use another DATABASE_PATH');
    }
    if (version < migrations.length) {
        throw new DatabaseError(`${database.name} has schema ${version} and this version needs ${migrations.length}. ` +
            'Start stip-sandbox anew to migrate it');
    }
}
function schemaVersion(database) {
    return Number(database.pragma('user_version', { simple: true }));
}
/**
 * Refuses a file that another program has written, or a development version of this one. Reads only.
 *
 * @throws DatabaseError when there is something in the database and it is not ours
 */
export function refuseForeign(database) {
    const applicationId = database.pragma('application_id', { simple: true });
    if (applicationId === APPLICATION_ID)
        return;
    const { name } = database;
    if (applicationId === UNRELEASED_APPLICATION_ID) {
        throw new DatabaseError(`${name} was written by a development version of stip-sandbox from before the first ` +
            'release. Start that version and export its scenario ("stip-sandbox scenario export"). Then set DATABASE_PATH ' +
            'to a new file, and load the scenario there. The file was not changed');
    }
    const isEmpty = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0n;
    if (!isEmpty) {
        throw new DatabaseError(`${name} is a database of another program. ` +
            'Set DATABASE_PATH to a new file or to one of stip-sandbox');
    }
}
//# sourceMappingURL=migrate.js.map