/** A memory with more than this is left for an empty one. */
const MEMORY_MAX = 100_000;
/** Makes the memories of a connection. `PRAGMA data_version` tells when another connection has written. */
export function makeMemories(database) {
    const dataVersion = database.prepare('PRAGMA data_version').pluck();
    let forgotten = 0;
    return {
        forget: () => { forgotten += 1; },
        remember: (makeMemory) => {
            let [memory, seen] = [makeMemory(), ''];
            return () => {
                const version = `${dataVersion.get()} ${forgotten}`;
                if (version !== seen || memory.size > MEMORY_MAX)
                    [memory, seen] = [makeMemory(), version];
                return memory;
            };
        }
    };
}
//# sourceMappingURL=memories.js.map