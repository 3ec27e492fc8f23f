/** Makes the transactions of a connection. */
export function makeTransactions(database) {
    const statements = {
        BEGIN: database.prepare('BEGIN'),
        'BEGIN IMMEDIATE': database.prepare('BEGIN IMMEDIATE'),
        COMMIT: database.prepare('COMMIT'),
        ROLLBACK: database.prepare('ROLLBACK')
    };
    function takeBack() {
        // SQLite itself rolls back after some errors, such as a full disk.
        if (database.inTransaction)
            statements.ROLLBACK.run();
    }
    return {
        transact: (begin, work, end) => {
            statements[begin].run();
            try {
                const result = work();
                statements[end].run();
                return result;
            }
            finally {
                takeBack();
            }
        },
        beginToWrite: () => { statements['BEGIN IMMEDIATE'].run(); },
        commit: () => { statements.COMMIT.run(); },
        takeBack
    };
}
//# sourceMappingURL=transactions.js.map