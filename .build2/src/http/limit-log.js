/** A line of one setting appears at most so often: what bites a thousand times a second must not fill the log. */
const INTERVAL_MS = 60_000;
/** Makes the log of limits. Each line says how often its limit has bitten since the line before (`times`). */
export function makeLimitLog(log, clock) {
    const lines = new Map();
    return (setting, limit, message) => {
        const nowMs = clock().getTime();
        const { loggedMs, times } = lines.get(setting) ?? { loggedMs: -Infinity, times: 0 };
        const isDue = nowMs - loggedMs >= INTERVAL_MS;
        lines.set(setting, isDue ? { loggedMs: nowMs, times: 0 } : { loggedMs, times: times + 1 });
        if (isDue)
            log.warn({ setting, limit, times: times + 1 }, message);
    };
}
//# sourceMappingURL=limit-log.js.map