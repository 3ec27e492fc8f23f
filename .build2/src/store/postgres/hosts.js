/** What pg says of a server without TLS, and what PostgreSQL says of one that asks for it. */
const NO_TLS = /does not support SSL/;
const NEEDS_TLS = /no encryption/;
/** Makes the hosts. With `prefer` and `allow`, a host is reached with TLS or without, as libpq does it. */
export function makeHosts({ hosts, sslMode }, tls) {
    const isPlain = hosts.map(({ host }) => host.startsWith('/') || sslMode === 'allow');
    let search = 0;
    const indexOf = (way) => way.search % hosts.length;
    return {
        count: hosts.length,
        way: () => {
            const index = indexOf({ search });
            return { ...hosts[index], tls: isPlain[index] === true ? undefined : tls, search };
        },
        leave: (way) => { if (way.search === search)
            search += 1; },
        changeTls: (way, reason) => {
            const index = indexOf(way);
            const mayChange = way.tls === undefined
                ? sslMode === 'allow' && NEEDS_TLS.test(reason)
                : sslMode === 'prefer' && NO_TLS.test(reason);
            if (mayChange)
                isPlain[index] = way.tls !== undefined;
            return mayChange;
        }
    };
}
//# sourceMappingURL=hosts.js.map