import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { run } from '../../src/cli/run.js';
import { ADMIN_TOKEN, makeService } from './service.js';
/**
 * Makes a terminal.
 *
 * @param answers what somebody types; undefined when nobody is there, and input and output are no terminal
 */
export function makeTerminal(environment = {}, answers) {
    const isTTY = answers !== undefined;
    const [output, errors] = [makeMemory(), makeMemory()];
    return {
        environment,
        input: Object.assign(Readable.from(answers === undefined || answers === '' ? [] : [answers]), { isTTY }),
        output: Object.assign(output.stream, { isTTY }),
        errors: Object.assign(errors.stream, { isTTY }),
        signals: new EventEmitter(),
        printed: output.text,
        complained: errors.text
    };
}
function makeMemory() {
    let text = '';
    const stream = new Writable({
        write(chunk, _encoding, done) {
            text += chunk.toString();
            done();
        }
    });
    return { stream, text: () => text };
}
/** Runs a command in this process. */
export async function runHere(args, environment = {}, answers) {
    const terminal = makeTerminal(environment, answers);
    const exitCode = await run(args, terminal);
    return { exitCode, printed: terminal.printed(), complained: terminal.complained() };
}
/** Starts a service that listens, and gives what runs commands against it. */
export async function serveCommands(t, scenario, options) {
    const service = await makeService(t, scenario, options);
    const address = await service.app.listen({ host: '127.0.0.1', port: 0 });
    return {
        ...service,
        cli: async (args, answers) => await runHere(args, { STIP_SANDBOX_URL: address, ADMIN_TOKEN }, answers)
    };
}
//# sourceMappingURL=terminal.js.map