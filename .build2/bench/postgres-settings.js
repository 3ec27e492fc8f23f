/** The server's own defaults: what was answered is on disk. */
export const SERVER_SETTINGS = ['-c', 'listen_addresses=127.0.0.1'];
//# sourceMappingURL=postgres-settings.js.map