import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
/** Thrown when a file or its folder is not safe: others may have chosen what stands there, or can read it. */
export class UnsafeTokenFileError extends Error {
    name = 'UnsafeTokenFileError';
}
/**
 * Gives the folder for what a running service leaves for the commands of the same user (XDG Base Directory: a relative
 * `XDG_STATE_HOME` is to be ignored).
 */
export function stateFolderOf(environment) {
    const given = environment['XDG_STATE_HOME'];
    return join(given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local', 'state'), 'stip-sandbox');
}
/** Gives the file with the token that the service on this port has made up. */
export function adminTokenFile(stateFolder, port) {
    return join(stateFolder, `admin-token-${port}`);
}
/**
 * Keeps a token that was made up, in a file that only the user can read.
 *
 * @throws UnsafeTokenFileError when others can write the folder, or the system's error
 */
export function keepAdminToken(file, kept) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    requireSafeFolder(file);
    // A file that is left from a service that was killed is replaced, whatever its mode.
    rmSync(file, { force: true });
    writeFileSync(file, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
}
/**
 * Reads a token that was kept; undefined when there is none that can be read. A symbolic link is never followed: it
 * might lead to another secret, which would then be sent away as a token.
 *
 * @throws UnsafeTokenFileError when the file or its folder is not safe
 */
export function readAdminToken(file) {
    const descriptor = openWithoutLinks(file);
    if (descriptor === undefined)
        return undefined;
    try {
        const found = fstatSync(descriptor);
        requireSafeFolder(file);
        if (!found.isFile() || !isOwn(found) || (found.mode & 0o077) !== 0) {
            throw new UnsafeTokenFileError(`${file} must be a plain file of this user that nobody else can read`);
        }
        return parseKept(readFileSync(descriptor, 'utf8'));
    }
    finally {
        closeSync(descriptor);
    }
}
/**
 * Removes a token that was kept, unless another service has put its own there. One that cannot be removed is of no use
 * any more.
 */
export function removeAdminToken(file, token) {
    try {
        if (readAdminToken(file)?.token === token)
            rmSync(file);
    }
    catch { }
}
/** @returns undefined when a service is just writing it */
function parseKept(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function openWithoutLinks(file) {
    try {
        // Without waiting for the other end, should it be a pipe.
        return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    }
    catch (error) {
        if (error.code !== 'ELOOP')
            return undefined;
        throw new UnsafeTokenFileError(`${file} must not be a symbolic link`);
    }
}
function requireSafeFolder(file) {
    const folder = dirname(file);
    const found = statSync(folder);
    if (isOwn(found) && (found.mode & 0o022) === 0)
        return;
    throw new UnsafeTokenFileError(`${folder} must be a folder of this user that nobody else can write`);
}
/** Where the system has no users with numbers, it keeps the home folder of each for that user by itself. */
function isOwn({ uid }) {
    return uid === (process.getuid?.() ?? uid);
}
//# sourceMappingURL=admin-token-file.js.map