/**
 * Counts the open connections, and keeps room for new ones. A new connection without room takes the place of an idle
 * one: of the same peer where that has too many, else of the peer that has most. Only where none is idle it is closed
 * itself.
 */
export class OpenConnections {
    #peers = new Map();
    #byEnd = new Map();
    #maxima;
    #logLimit;
    constructor(maxima, logLimit) {
        this.#maxima = maxima;
        this.#logLimit = logLimit;
    }
    /** Takes a connection that has just been accepted, or closes it. */
    add(socket) {
        const { inAll, perPeer } = this.#maxima;
        const name = peerOf(socket.remoteAddress ?? '');
        const peer = this.#peers.get(name) ?? { open: 0, idle: new Set() };
        let isRoom = true;
        if (peer.open >= perPeer) {
            this.#logLimit('CONNECTIONS_PER_PEER', perPeer, 'a peer has opened more connections than one may have');
            isRoom = closeIdle(peer);
        }
        else if (this.#byEnd.size >= inAll) {
            this.#logLimit('CONNECTIONS', inAll, 'more connections were opened than there may be');
            isRoom = closeIdle([...this.#peers.values()].reduce((most, each) => each.open > most.open ? each : most));
        }
        if (isRoom)
            this.#keep(socket, name, peer);
        else
            socket.destroy();
    }
    #keep(socket, name, peer) {
        const end = endOf(socket);
        const connection = { peer, socket };
        peer.open += 1;
        peer.idle.add(connection);
        this.#peers.set(name, peer);
        this.#byEnd.set(end, connection);
        socket.once('close', () => {
            peer.open -= 1;
            peer.idle.delete(connection);
            if (peer.open === 0)
                this.#peers.delete(name);
            this.#byEnd.delete(end);
        });
    }
    /** Says that a request is worked on. */
    setBusy(socket) {
        const connection = this.#byEnd.get(endOf(socket));
        connection?.peer.idle.delete(connection);
    }
    /** Says that no request is worked on any more. */
    setIdle(socket) {
        const connection = this.#byEnd.get(endOf(socket));
        connection?.peer.idle.add(connection);
    }
}
/** Names a connection by its other end, which is the same for a TLS connection and for the one beneath it. */
function endOf({ remoteAddress, remotePort }) {
    return `${remoteAddress} ${remotePort}`;
}
/** Closes the connection of a peer that is idle for longest. Tells whether there was one. */
function closeIdle({ idle }) {
    const [connection] = idle;
    if (connection === undefined)
        return false;
    idle.delete(connection);
    connection.socket.destroy();
    return true;
}
/** Gives the part of an IP address by which peers are told apart: of IPv6 the first 64 bits, of IPv4 all. */
export function peerOf(address) {
    const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
    if (mapped !== undefined)
        return mapped;
    if (!address.includes(':'))
        return address;
    const [first = [], last = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
    const zeros = Array(8 - first.length - last.length).fill('0');
    return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
//# sourceMappingURL=open-connections.js.map