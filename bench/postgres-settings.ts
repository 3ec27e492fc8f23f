/** The server's own defaults: what was answered is on disk. */
export const SERVER_SETTINGS: readonly string[] = ['-c', 'listen_addresses=127.0.0.1']
