/**
 * What the process opens beside connections: the database and its log, the modules' files at the start, temporary
 * files.
 */
const OTHER_FILES = 64;
/** A connection, and a file that is sent over it. */
const FILES_A_CONNECTION = 2;
/** A start needs this many, which reads the modules together. Measured: it fails at 160, and not at 192. */
const START_FILES = 256;
/** Gives how many files this process may have open (`ulimit -n`); Infinity where the system sets no limit. */
export function readOpenFilesLimit(report = process.report.getReport()) {
    // Node.js tells it nowhere else. The report is not typed, and has no limits on Windows.
    const { userLimits } = report;
    const limit = userLimits?.open_files.soft;
    return typeof limit === 'number' ? limit : Infinity;
}
/** Gives how many files the process must be allowed to open for this many connections. */
export function openFilesFor(connections) {
    return connections * FILES_A_CONNECTION + OTHER_FILES;
}
/** Lowers the limits of connections to what the open files allow, in proportion. Both stay at 1 at least. */
export function fitToOpenFiles({ inAll, perPeer }, openFiles) {
    const affordable = Math.max(1, Math.floor((openFiles - OTHER_FILES) / FILES_A_CONNECTION));
    if (affordable >= inAll)
        return { inAll, perPeer };
    return { inAll: affordable, perPeer: Math.max(1, Math.floor(affordable * Math.min(1, perPeer / inAll))) };
}
/**
 * Ends the process when its modules cannot be read, and says so where the limit of open files may be the reason: then
 * the error itself names any file.
 *
 * @throws the error where the limit is high enough
 */
export function endWithoutModules(error, openFiles = readOpenFilesLimit(), { stderr, exit } = process) {
    if (openFiles >= START_FILES)
        throw error;
    const message = `only ${openFiles} files may be open. Run "ulimit -n ${START_FILES}" in this shell first, or more`;
    stderr.write(`stip-sandbox cannot start: ${message}\n`);
    return exit(1);
}
//# sourceMappingURL=open-files.js.map