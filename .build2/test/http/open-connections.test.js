import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import t, {} from 'tap';
import { OpenConnections, peerOf } from '../../src/http/open-connections.js';
import { systemClock } from '../../src/clock.js';
import { readTls } from '../../src/tls.js';
import { makeCertificate } from '../support/certificates.js';
import { makeFolder } from '../support/folder.js';
import { limited } from '../support/limits.js';
import { makeService, SCENARIO } from '../support/service.js';
/** Opens a connection from one of the many addresses of the loopback, and waits until the service has it. */
async function open(t, { app }, localAddress = '127.0.0.1') {
    const { port } = app.server.address();
    const accepted = once(app.server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => { }).resume();
    t.teardown(() => { socket.destroy(); });
    const closed = once(socket, 'close');
    await Promise.all([accepted, once(socket, 'connect')]);
    return { socket, closed };
}
/** A service with a route that answers when a test lets it. */
async function makeWaiting(t, maxima) {
    const { options, logged } = limited({ connections: maxima });
    const service = await makeService(t, SCENARIO, options);
    const begun = [];
    service.app.get('/waits', async () => {
        await new Promise((resolve) => { begun.shift()?.(resolve); });
        return '';
    });
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    return {
        service,
        logged,
        begin: async (socket) => {
            const isBegun = new Promise((resolve) => { begun.push(resolve); });
            socket.write('GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n');
            return await isBegun;
        }
    };
}
t.test('a connection too many of one peer takes the place of the one that is idle for longest', async (t) => {
    const { service, logged, begin } = await makeWaiting(t, { inAll: 9, perPeer: 3 });
    const [busy, idle, idleLater] = [await open(t, service), await open(t, service), await open(t, service)];
    const answer = await begin(busy.socket);
    await open(t, service);
    await idle.closed;
    t.equal(idleLater.socket.destroyed, false);
    const answered = once(busy.socket, 'data');
    answer();
    t.match(String(await answered), /^HTTP\/1\.1 200 /);
    await open(t, service);
    await idleLater.closed;
    t.equal(busy.socket.destroyed, false);
    t.same(logged(), ['CONNECTIONS_PER_PEER']);
});
t.test('where every connection of a peer is busy, a new one of it is closed, and one of another peer is not', async (t) => {
    const { service, logged, begin } = await makeWaiting(t, { inAll: 9, perPeer: 2 });
    const greedy = [await open(t, service), await open(t, service)];
    for (const { socket } of greedy)
        await begin(socket);
    await (await open(t, service)).closed;
    const other = await open(t, service, '127.0.0.2');
    other.socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    t.match(String((await once(other.socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
    t.same(logged(), ['CONNECTIONS_PER_PEER']);
});
t.test('a connection too many in all takes the place of an idle one of the peer that has most', async (t) => {
    const { service, logged } = await makeWaiting(t, { inAll: 4, perPeer: 3 });
    const small = await open(t, service, '127.0.0.2');
    const greedy = [await open(t, service), await open(t, service), await open(t, service)];
    await open(t, service, '127.0.0.3');
    await greedy[0]?.closed;
    t.equal(small.socket.destroyed, false);
    t.same(logged(), ['CONNECTIONS']);
});
t.test('connections that were closed make room', async (t) => {
    const { service, logged } = await makeWaiting(t, { inAll: 2, perPeer: 2 });
    for (let time = 0; time < 5; time += 1) {
        const serverSide = once(service.app.server, 'connection');
        const { socket } = await open(t, service);
        const [own] = await serverSide;
        socket.destroy();
        await once(own, 'close');
    }
    t.same(logged(), []);
});
t.test('connections with TLS are counted as well', async (t) => {
    const folder = makeFolder(t);
    const { certFile, keyFile } = await makeCertificate(folder, 'server');
    const { options, logged } = limited({ connections: { inAll: 2, perPeer: 1 } });
    const service = await makeService(t, SCENARIO, {
        ...options,
        tls: readTls({ certFile, keyFile, clientCaFile: undefined }, systemClock)
    });
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    const first = await open(t, service);
    await open(t, service);
    await first.closed;
    t.same(logged(), ['CONNECTIONS_PER_PEER']);
});
for (const [address, peer] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0'],
    ['2001:db8::1:2:3', '2001:db8:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', '']
]) {
    t.test(`the peer at ${address} is ${peer}`, async (t) => {
        t.equal(peerOf(address), peer);
    });
}
/** A connection from an address; undefined for one whose other end has gone already. */
function from(remoteAddress, remotePort) {
    return Object.defineProperties(new Socket(), {
        remoteAddress: { value: remoteAddress },
        remotePort: { value: remotePort }
    });
}
t.test('of all peers the one with the most connections gives one up, whichever came first', async (t) => {
    for (const addresses of [['192.0.2.1', '192.0.2.1', '192.0.2.2'], ['192.0.2.2', '192.0.2.1', '192.0.2.1']]) {
        const open = new OpenConnections({ inAll: 3, perPeer: 9 }, () => { });
        const sockets = addresses.map((address, port) => from(address, port));
        for (const socket of sockets)
            open.add(socket);
        open.add(from('192.0.2.3', 9));
        t.same(sockets.map(({ destroyed }) => destroyed), addresses.map((address, port) => address === '192.0.2.1' && addresses.indexOf(address) === port));
    }
});
t.test('a connection that has ended before it is counted is counted all the same', async (t) => {
    const open = new OpenConnections({ inAll: 1, perPeer: 1 }, () => { });
    const [first, second] = [from(undefined, 1), from(undefined, 2)];
    open.add(first);
    open.add(second);
    t.same([first.destroyed, second.destroyed], [true, false]);
});
//# sourceMappingURL=open-connections.test.js.map