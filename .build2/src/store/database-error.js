/** Thrown when a database cannot be used as it is. The message says what to do. */
export class DatabaseError extends Error {
    name = 'DatabaseError';
}
//# sourceMappingURL=database-error.js.map