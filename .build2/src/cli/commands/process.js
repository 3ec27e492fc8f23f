import { readFileSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { stateFolderOf } from '../../admin-token-file.js';
import { urlOf } from '../connection.js';
import { addCommand, urlOption } from '../data-command.js';
import { detachedFile, isServiceRunning } from '../detach.js';
import { CommandFailure, EXIT } from '../exit.js';
/** How long to wait without --timeout. */
const TIMEOUT_SECONDS = '30';
const POLL_MS = 100;
/** How long one look may take: a service may accept a connection and say nothing. */
const [SHORTEST_LOOK_MS, LONGEST_LOOK_MS] = [500, 5000];
/** Adds the commands by which a shell starts a service, waits for it and ends it. */
export function addProcessCommands(program, { environment, output }) {
    const add = (name, description) => addCommand(program, name, description, name)
        .addOption(urlOption());
    add('status', 'Tell whether the service is ready: exit code 0 when it is, 3 when it is not')
        .action(async (options) => {
        const url = urlOf(options, environment);
        const reason = await whyNotReady(url, LONGEST_LOOK_MS);
        if (reason !== undefined)
            throw new CommandFailure(EXIT.unavailable, `${url.origin} is not ready: ${reason}`);
        output.write(`${url.origin} is ready\n`);
    });
    add('wait', 'Wait until the service is ready')
        .option('--timeout <seconds>', 'how long at most', TIMEOUT_SECONDS)
        .action(async (options) => {
        const url = urlOf(options, environment);
        let reason;
        const isReady = await waitUntil(options, async (rest) => (reason = await whyNotReady(url, rest)) === undefined);
        if (!isReady)
            throw new CommandFailure(EXIT.unavailable, `${url.origin} is not ready in time: ${reason}`);
        output.write(`${url.origin} is ready\n`);
    });
    add('stop', 'Stop a service that "serve --detach" has started, and wait for its end')
        .option('--timeout <seconds>', 'how long to wait at most', TIMEOUT_SECONDS)
        .action(async (options) => {
        const { port, origin } = urlOf(options, environment);
        const file = detachedFile(stateFolderOf(environment), port);
        const service = readDetached(file, origin);
        const { pid } = service;
        const timeout = readTimeout(options);
        const look = async () => await lookAt(new URL('/health/live', origin), timeout);
        if (!isServiceRunning(service)) {
            rmSync(file, { force: true });
            output.write(describeGone(origin, pid, await look()));
            return;
        }
        // Only where the system does not tell when a process began, another program may have its number after a crash.
        const fault = service.begin === undefined ? (await look()).fault : undefined;
        if (fault !== undefined)
            throw new CommandFailure(EXIT.unavailable, describeDoubt(origin, pid, fault));
        process.kill(pid, 'SIGTERM');
        if (!await waitUntil(options, async () => !isServiceRunning(service))) {
            throw new CommandFailure(EXIT.unavailable, `Process ${pid} still runs. Wait longer with --timeout`);
        }
        rmSync(file, { force: true });
        output.write(`${origin} is stopped\n`);
    });
}
/** @throws CommandFailure when another program answers, which somebody may take for the service */
function describeGone(origin, pid, { isAnswered }) {
    const gone = `The detached service at ${origin} (process ${pid}) had ended already`;
    if (!isAnswered)
        return `${gone}\n`;
    throw new CommandFailure(EXIT.refused, `${gone}. Another program answers there, and is not stopped: stop it where ` +
        'it was started');
}
function describeDoubt(origin, pid, reason) {
    return `Process ${pid} is not stopped, because it may be another one: at ${origin} ${reason}. Look with ` +
        `"ps -p ${pid}", and end it with "kill ${pid}" if it is the service`;
}
async function whyNotReady(url, rest) {
    return (await lookAt(new URL('/health/ready', url), rest)).fault;
}
/** @param rest milliseconds that are left */
async function lookAt(url, rest) {
    const limit = Math.min(Math.max(rest, SHORTEST_LOOK_MS), LONGEST_LOOK_MS);
    try {
        const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(limit), redirect: 'manual' });
        return { fault: ok ? undefined : `the service answers ${status}`, isAnswered: true };
    }
    catch (error) {
        const { name, message, cause } = error;
        // Something has the port, when it takes the connection and says nothing.
        if (name === 'TimeoutError')
            return { fault: `no answer in ${limit} ms`, isAnswered: true };
        return { fault: `nobody answers (${cause?.code ?? cause?.message ?? message})`, isAnswered: false };
    }
}
/**
 * @param isDone gets the milliseconds that are left
 * @returns false when the time is over before
 */
async function waitUntil(options, isDone) {
    const deadline = performance.now() + readTimeout(options);
    while (!await isDone(Math.ceil(deadline - performance.now()))) {
        if (performance.now() >= deadline)
            return false;
        await setTimeout(POLL_MS);
    }
    return true;
}
/** @returns milliseconds. @throws CommandFailure when it is no number of seconds */
function readTimeout({ timeout }) {
    if (/^\d{1,4}$/.test(String(timeout)))
        return Number(timeout) * 1000;
    throw new CommandFailure(EXIT.usage, `--timeout must be a whole number of seconds up to 9999, and not ${timeout}`);
}
/** @throws CommandFailure when there is none */
function readDetached(file, origin) {
    try {
        return JSON.parse(readFileSync(file, 'utf8'));
    }
    catch {
        throw new CommandFailure(EXIT.refused, `No service of this user at ${origin} was started with "serve --detach". ` +
            'Another one is stopped where it was started, with Ctrl+C or SIGTERM');
    }
}
//# sourceMappingURL=process.js.map