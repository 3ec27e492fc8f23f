import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseError } from '../database-error.js';
/** Where libpq looks for a file that the URL does not name. */
const DEFAULT_FILES = {
    sslrootcert: 'root.crt', sslcert: 'postgresql.crt', sslkey: 'postgresql.key', sslcrl: 'root.crl'
};
/**
 * Reads how connections are encrypted. Like libpq, it checks the server's certificate in each mode as soon as there is
 * a file of roots, and its name with `verify-full`.
 *
 * @param home the folder in which libpq looks for the files that the URL does not name
 * @returns undefined for no TLS at all
 * @throws DatabaseError naming the file that is missing or cannot be read
 */
export function readTlsOptions({ sslMode, files }, home = homedir()) {
    if (sslMode === 'disable')
        return undefined;
    const readFile = (parameter) => readNamedFile(parameter, files[parameter], join(home, '.postgresql', DEFAULT_FILES[parameter]));
    const ca = files.sslrootcert === 'system' ? undefined : readFile('sslrootcert');
    const isChecked = ca !== undefined || files.sslrootcert === 'system';
    if (!isChecked && sslMode.startsWith('verify')) {
        throw new DatabaseError(`DATABASE_URL has sslmode=${sslMode} and no roots to check the server's certificate ` +
            'against: add sslrootcert=FILE, or sslrootcert=system for the public ones');
    }
    return {
        rejectUnauthorized: isChecked,
        ...sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined },
        ...present({
            ca,
            cert: readFile('sslcert'),
            key: readFile('sslkey'),
            crl: readFile('sslcrl')
        })
    };
}
function readNamedFile(parameter, path, fallback) {
    if (path === undefined && !existsSync(fallback))
        return undefined;
    try {
        return readFileSync(path ?? fallback, 'utf8');
    }
    catch (error) {
        const { message } = error;
        throw new DatabaseError(`${parameter} of DATABASE_URL cannot be read: ${message}`, { cause: error });
    }
}
function present(options) {
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
//# sourceMappingURL=tls.js.map