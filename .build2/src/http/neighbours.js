import fastifyPlugin from 'fastify-plugin';
/** How often the other processes on the same database are counted. */
const LOOK_EVERY_MS = 2000;
/** Logs when another process begins or ceases to use the same database file, which is rarely meant. */
export const neighbours = fastifyPlugin(async (app, { store }) => {
    let known = 0;
    async function look() {
        const found = await store.countOtherProcesses();
        if (found > known)
            app.log.warn({ other_processes: found }, 'another process uses the same database file');
        if (found < known)
            app.log.info({ other_processes: found }, 'a process uses the same database file no more');
        known = found;
    }
    let timer;
    app.addHook('onReady', async () => {
        await look();
        timer = setInterval(look, LOOK_EVERY_MS).unref();
    });
    app.addHook('preClose', async () => { clearInterval(timer); });
}, { name: 'neighbours' });
//# sourceMappingURL=neighbours.js.map