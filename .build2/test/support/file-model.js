/**
 * A second telling of the rules of balance files, with objects for accounts: nothing in it has a number that could be
 * taken for another account's. All accounts have one currency.
 */
export class FileModel {
    accounts = new Map();
    tokens = new Map();
    /** The file and the content of each record that was applied. */
    #applied = new Map();
    create(number) {
        this.accounts.set(number, { actual: 0, setTo: new Map(), setBy: new Set() });
    }
    delete(number) {
        const account = this.accounts.get(number);
        this.accounts.delete(number);
        for (const [token, holder] of this.tokens)
            if (holder === account)
                this.tokens.delete(token);
    }
    run({ file, byToken, rows, dryRun }) {
        const seen = new Set();
        const rehearsed = new Map();
        return rows.map(({ record, number, actual }) => {
            const meaning = [file, byToken, number, actual].join();
            const account = (byToken ? this.tokens : this.accounts).get(number);
            if (seen.has(record))
                return 'failed';
            seen.add(record);
            const applied = this.#applied.get(record);
            if (applied !== undefined && applied !== meaning)
                return 'failed';
            if (account === undefined)
                return 'failed';
            if (account.setBy.has(record))
                return 'repeated';
            const setTo = account.setTo.get(file) ?? rehearsed.get(account);
            if (setTo !== undefined && setTo !== actual)
                return 'failed';
            if (dryRun)
                rehearsed.set(account, actual);
            else {
                account.actual = actual;
                account.setTo.set(file, actual);
                account.setBy.add(record);
                this.#applied.set(record, meaning);
            }
            return 'set';
        });
    }
}
//# sourceMappingURL=file-model.js.map