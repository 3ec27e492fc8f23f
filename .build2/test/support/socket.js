import { once } from 'node:events';
import { connect } from 'node:net';
/** Connects to an address such as `http://127.0.0.1:3000`, until the test ends. */
export async function openWire(t, address) {
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname);
    t.teardown(() => { socket.destroy(); });
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
    await once(socket, 'connect');
    return { socket, received: once(socket, 'close').then(() => text) };
}
/** Reads the JSON body of the last answer in what came over a wire. */
export function lastBody(received) {
    return JSON.parse(received.slice(received.lastIndexOf('\r\n\r\n')));
}
//# sourceMappingURL=socket.js.map