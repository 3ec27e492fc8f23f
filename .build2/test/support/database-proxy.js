import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
/** Makes a proxy, which ends with the test. */
export async function makeDatabaseProxy(t, databaseUrl) {
    const target = new URL(databaseUrl);
    const sockets = new Set();
    const events = new EventEmitter();
    const words = new Map();
    let trips = 0;
    let trap;
    let [isRefusing, isFrozen] = [false, false];
    function rewritten(data) {
        let text = data.toString('latin1');
        for (const [from, to] of words)
            text = text.replaceAll(from, to);
        return Buffer.from(text, 'latin1');
    }
    function spring(kind, data, client, server) {
        switch (kind) {
            case 'reaches':
                // The server has answered, so that it has done what it was sent; the client never learns of it.
                server.removeAllListeners('data').once('data', () => { client.destroy(); });
                server.write(data);
                return;
            case 'lost':
                client.destroy();
                return;
            case 'freezes':
                isFrozen = true;
                return;
            case 'waits':
                events.once('release', () => { server.write(data); });
        }
    }
    function join(client) {
        if (isRefusing || isFrozen) {
            client.destroy();
            return;
        }
        events.emit('connected');
        const server = connect(Number(target.port), target.hostname);
        let isServersWord = true;
        for (const socket of [client, server]) {
            sockets.add(socket);
            socket.on('error', () => { }).on('close', () => {
                sockets.delete(socket);
                client.destroy();
                if (socket === server)
                    server.destroy();
                else
                    server.end();
            });
        }
        client.on('data', (sent) => {
            if (isFrozen)
                return;
            const data = rewritten(sent);
            if (isServersWord)
                trips += 1;
            isServersWord = false;
            if (trap === undefined || !data.includes(trap.text)) {
                server.write(data);
                return;
            }
            const { kind } = trap;
            trap = undefined;
            spring(kind, data, client, server);
        });
        server.on('data', (data) => {
            if (isFrozen)
                return;
            isServersWord = true;
            client.write(rewritten(data));
        });
    }
    const proxy = createServer(join).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    t.teardown(() => {
        proxy.close();
        for (const socket of sockets)
            socket.destroy();
    });
    const url = new URL(databaseUrl);
    url.port = String(proxy.address().port);
    return {
        url: url.href,
        roundTrips: () => trips,
        breakAt: (text, reaches) => { trap = { text, kind: reaches ? 'reaches' : 'lost' }; },
        rewrite: (from, to) => { words.set(from, to.padEnd(from.length)); },
        freezeAt: (text) => { trap = { text, kind: 'freezes' }; },
        holdAt: (text) => {
            trap = { text, kind: 'waits' };
            return () => { events.emit('release'); };
        },
        connected: async (count) => {
            for (let made = 0; made < count; made += 1)
                await once(events, 'connected');
        },
        refuse: (refusing) => {
            isRefusing = refusing;
            if (refusing)
                for (const socket of sockets)
                    socket.destroy();
        }
    };
}
//# sourceMappingURL=database-proxy.js.map