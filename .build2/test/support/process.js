import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
/** The command line, compiled as this file is. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
/** Where a service says that it listens. */
const LISTENING = /listening on (http:\/\/[\w.:]+)/;
/**
 * Runs `stip-sandbox` with these arguments, in a folder and an environment of the test's own, and ends it with the
 * test.
 *
 * @param stdout a descriptor of the test's own for standard output, of which this then sees nothing
 */
export function runCommand(t, folder, args, environment = {}, nodeOptions = [], stdout = 'pipe') {
    const child = spawn(process.execPath, [...nodeOptions, MAIN, ...args], {
        cwd: folder,
        env: { ...process.env, XDG_STATE_HOME: folder, ...environment },
        stdio: ['ignore', stdout, 'pipe']
    });
    return watchProcess(t, child);
}
/** Ends a process with the test, and keeps what it writes. */
export function watchProcess(t, child) {
    t.teardown(async () => {
        if (child.exitCode === null && child.signalCode === null) {
            child.kill('SIGKILL');
            await once(child, 'exit');
        }
    });
    let output = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => { output += chunk; });
    child.stderr?.setEncoding('utf8').on('data', (chunk) => { errors += chunk; });
    const ended = once(child, 'close');
    async function find(pattern, stream, text) {
        for (;;) {
            const match = pattern.exec(text());
            if (match !== null)
                return match;
            const more = stream === null ? ended : once(stream, 'data');
            await Promise.race([more, ended.then(() => { throw new Error(`ended without ${pattern}: ${output}${errors}`); })]);
        }
    }
    return {
        child,
        output: () => output,
        errors: () => errors,
        exitCode: ended.then(() => child.exitCode),
        waitFor: async (pattern) => await find(pattern, child.stdout, () => output),
        waitForError: async (pattern) => await find(pattern, child.stderr, () => errors)
    };
}
/** Waits until a service listens. @returns its address */
export async function addressOf(server) {
    const [, address = ''] = await server.waitFor(LISTENING);
    return address;
}
//# sourceMappingURL=process.js.map