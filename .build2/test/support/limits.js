import { LIMITS } from './service.js';
/** Options of a service with other limits of connections, and what it logs of them. */
export function limited(limits) {
    const lines = [];
    const log = { write: (line) => { lines.push(JSON.parse(line)); } };
    return {
        options: { limits: { ...LIMITS, ...limits }, logLevel: 'warn', log },
        logged: () => lines.map(({ setting }) => setting)
    };
}
//# sourceMappingURL=limits.js.map