import { DatabaseError } from '../database-error.js';
export { DatabaseError } from '../database-error.js';
/** For somebody who has a damaged database. */
export const WHAT_TO_DO_ABOUT_DAMAGE = '"stip-sandbox verify" names all that is wrong; "stip-sandbox restore" puts a backup in its place';
/** What the loader says of a module that was never built, and of one that was built for another Node. */
const NOT_BUILT = /^Could not locate the bindings file|NODE_MODULE_VERSION/;
/**
 * Tells an error of the driver that cannot be loaded from one of the database: no other database would help.
 *
 * @returns undefined for any other error
 */
export function driverErrorOf(error) {
    const { message, code } = error;
    if (code !== 'ERR_DLOPEN_FAILED' && !NOT_BUILT.test(message))
        return undefined;
    return new DatabaseError(`better-sqlite3 is not built for this Node (${process.version}): run "npm rebuild ` +
        'better-sqlite3 --ignore-scripts=false" where stip-sandbox is installed. npm 11 and newer, and --ignore-scripts, ' +
        'leave that out', { cause: error });
}
//# sourceMappingURL=database-error.js.map