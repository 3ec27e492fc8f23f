import fastifyPlugin from 'fastify-plugin';
/**
 * Lets the service end as soon as the requests under way are answered: their answers ask for the connection to be
 * closed, because an open one that nobody uses would hold the service up until its time is over.
 */
export const shutdown = fastifyPlugin(async (app) => {
    let isDraining = false;
    app.decorate('drain', () => { isDraining = true; });
    app.decorate('isDraining', () => isDraining);
    app.addHook('preClose', async () => { app.drain(); });
    app.addHook('onSend', (_request, reply, _payload, done) => {
        if (isDraining)
            reply.header('connection', 'close');
        done();
    });
}, { name: 'shutdown' });
//# sourceMappingURL=shutdown.js.map