import { fileURLToPath } from 'node:url';
import { startPostgres } from './peers.js';
import { startPinned } from './processes.js';
import { divide } from './results.js';
import { CONNECTIONS, load } from './services.js';
const OURS = fileURLToPath(new URL('postgres-ours.js', import.meta.url));
/** Ours must reach so much of the peer, which keeps no replays and no history that is a chain. */
const GOAL = 0.8;
const AT_CONNECTIONS = [CONNECTIONS, 16, 1];
/** The service and its PostgreSQL, both on the server's core. */
export async function startOursOnPostgres(accounts, environment = {}) {
    return await startPinned((port) => [process.execPath, OURS, String(port), String(accounts)], environment);
}
/** Asks one service at 64, 16 and 1 connections, one after the other. */
async function measure(bench, name, start, accounts, seen) {
    const running = await start();
    try {
        for (const connections of AT_CONNECTIONS) {
            const { requestsPerSecond, p50Ms, p99Ms } = await load(bench, running, connections, { accounts });
            bench.say(`${name.padEnd(44)} ${String(connections).padStart(3)} connections ` +
                `${requestsPerSecond.toFixed(0).padStart(7)} requests/s   p50 ${p50Ms.toFixed(2)} ms   ` +
                `p99 ${p99Ms.toFixed(2)} ms`);
            (seen.requestsPerSecond[connections] ??= []).push(requestsPerSecond);
            (seen.p50Ms[connections] ??= []).push(p50Ms);
        }
    }
    finally {
        await running.stop();
    }
}
/** Ours on PostgreSQL beside the peer with the same server. */
export async function measurePostgres(bench, accounts) {
    const [ours, peer] = [{ requestsPerSecond: {}, p50Ms: {} }, { requestsPerSecond: {}, p50Ms: {} }];
    for (let round = 0; round < bench.rounds; round += 1) {
        const oursName = `stip-sandbox on PostgreSQL, ${accounts}`;
        await measure(bench, oursName, async () => await startOursOnPostgres(accounts), accounts, ours);
        const peerName = `Fastify, pg and PostgreSQL, ${accounts}`;
        await measure(bench, peerName, async () => await startPostgres(accounts), accounts, peer);
    }
    const ratios = AT_CONNECTIONS.map((connections) => ({
        measure: `on PostgreSQL: requests/s, ${connections} connections, ${accounts} accounts ÷ the peer`,
        goal: connections === CONNECTIONS ? { atLeast: GOAL } : undefined,
        values: divide(ours.requestsPerSecond[connections] ?? [], peer.requestsPerSecond[connections] ?? [])
    }));
    const lone = `on PostgreSQL: p50 of a lone client, ms, ${accounts} accounts`;
    return [...ratios, { measure: lone, goal: undefined, values: ours.p50Ms[1] ?? [] }];
}
//# sourceMappingURL=postgres.js.map