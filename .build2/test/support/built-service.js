import { spawn } from 'node:child_process';
import { addressOf, MAIN, watchProcess } from './process.js';
/** Starts a service; its process ends with the test. It is not counted in the coverage. */
export function startBuiltService(t, { environment, fileBlocksMax, uid }) {
    const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `;
    const child = spawn('/bin/sh', ['-c', `${limit}exec "$0" "$@"`, process.execPath, MAIN, 'serve'], {
        env: { PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'], ...uid === undefined ? {} : { uid, gid: uid }
    });
    const service = watchProcess(t, child);
    const address = addressOf(service);
    address.catch(() => { }); // Nobody has to wait for it.
    return { ...service, address };
}
//# sourceMappingURL=built-service.js.map