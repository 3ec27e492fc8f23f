import { Faults } from './faults.js';
import { readAmount, readCurrency, readNumber } from './fields.js';
import { TIMESTAMP_RULE, parseTimestamp } from './timestamp.js';
/** The snapshot that `reset` restores: the balances of the scenario that the database was started from. */
export const SCENARIO_SNAPSHOT = 'scenario';
/**
 * Reads a snapshot's file part by part: checks what a schema cannot. Accounts that this service does not have are no
 * fault; a restore names them.
 */
export class SnapshotReader {
    #faults = new Faults();
    #accountIds = new NumberList();
    /**
     * @param documents the next accounts, which the schema has accepted
     * @returns those that are right
     */
    read(documents) {
        return documents.flatMap((document) => {
            const index = this.#accountIds.length;
            const before = this.#faults.count;
            const account = readSavedAccount(document, `accounts[${index}]`, this.#faults);
            this.#accountIds.push(account?.accountId ?? 0n);
            return account === undefined || this.#faults.count > before ? [] : [{ index, account }];
        });
    }
    /** Notes an account that stands in the file before. */
    refuseRepeated({ index, account: { accountId } }) {
        this.#faults.add(`accounts[${index}].account_id`, () => `is the same as accounts[${this.#accountIds.indexOf(accountId)}].account_id, and must be unique`);
    }
    /** @throws InputError with the places that are wrong, the first 20 of very many */
    finish({ saved_at: savedAt, covers }) {
        const savedAtMs = parseTimestamp(savedAt);
        if (savedAtMs === undefined)
            this.#faults.add('saved_at', TIMESTAMP_RULE);
        this.#faults.refuse();
        return { savedAt: new Date(Number(savedAtMs)), coversAll: covers === 'all' };
    }
}
function readSavedAccount(account, place, faults) {
    const accountId = readNumber(`${place}.account_id`, account.account_id, faults);
    const currency = readCurrency(`${place}.currency`, account.currency, faults);
    if (currency === undefined)
        return undefined;
    const balances = {
        actual: readAmount(`${place}.actual_balance`, account.actual_balance, currency, faults),
        blocked: readAmount(`${place}.blocked_balance`, account.blocked_balance, currency, faults)
    };
    if (balances.blocked < 0n)
        faults.add(`${place}.blocked_balance`, 'must not be negative');
    return { accountId, clientId: account.client_id, currency, balances };
}
/** Numbers of 64 bits in a row. They take eight bytes each: there may be millions. */
class NumberList {
    #numbers = new BigInt64Array(1024);
    #length = 0;
    get length() {
        return this.#length;
    }
    push(number) {
        if (this.#length === this.#numbers.length) {
            const longer = new BigInt64Array(2 * this.#length);
            longer.set(this.#numbers);
            this.#numbers = longer;
        }
        this.#numbers[this.#length] = number;
        this.#length += 1;
    }
    indexOf(number) {
        return this.#numbers.indexOf(number);
    }
}
//# sourceMappingURL=snapshot.js.map