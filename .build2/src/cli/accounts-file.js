import { AccountsFile } from '../../schemas/account.js';
import { Faults } from '../domain/faults.js';
import { readNewAccounts } from '../domain/new-account.js';
import { ScenarioError } from '../domain/scenario.js';
import { compileExact } from '../exact-json/validator.js';
import { readDocument } from '../scenario-file.js';
import { readCsvRows } from './csv-rows.js';
import { CommandFailure, EXIT } from './exit.js';
const KIND = { validate: compileExact(AccountsFile), whole: 'the file' };
/** The first line of CSV. JSON has a brace before the name, and YAML a colon. */
const CSV_BEGINNING = /^[^:{\n]*\baccount_id\b/;
/**
 * Reads a file of accounts: CSV, JSON or YAML. The name tells which; without an ending of these, the beginning does.
 *
 * @throws CommandFailure with the place of each fault
 */
export function readAccountsFile(path, bytes) {
    const beginning = bytes.toString('utf8', 0, 1000).trimStart();
    const isDocument = /\.(json|ya?ml)$/i.test(path);
    const rows = /\.csv$/i.test(path) || (!isDocument && CSV_BEGINNING.test(beginning))
        ? readCsvRows(path, bytes)
        : undefined;
    const isYaml = rows === undefined && (/\.ya?ml$/i.test(path) || !beginning.startsWith('{'));
    try {
        const { accounts } = readDocument(rows === undefined ? bytes : documentOf(rows), isYaml, KIND);
        const faults = new Faults(ScenarioError);
        readNewAccounts(accounts, faults);
        faults.refuse();
        return accounts.map((account, index) => ({ place: rows === undefined ? `accounts[${index}]` : `line ${rows[index]?.line}`, account }));
    }
    catch (error) {
        const faults = error instanceof ScenarioError
            ? error.faults.map((fault) => `${path}: ${withLines(fault, rows)}`)
            : [`${path} ${error.message}`];
        throw new CommandFailure(EXIT.usage, faults.join('\n'));
    }
}
/** Names lines in place of the accounts' numbers, for example `line 2, currency is required`. */
function withLines(fault, rows) {
    if (rows === undefined)
        return fault;
    return fault.replaceAll(/accounts\[(\d+)\]\.?/g, (_place, index) => `line ${rows[Number(index)]?.line}, `);
}
/** Writes rows as the document that they stand for. An empty cell says nothing. */
function documentOf(rows) {
    const accounts = rows.map(({ record }) => Object.fromEntries(Object.entries(record).filter(([, text]) => text !== '').map(([name, text]) => [name, valueOf(name, text)])));
    return Buffer.from(JSON.stringify({ accounts }));
}
function valueOf(name, text) {
    if (name === 'tokens')
        return text.split(/\s+/);
    return name === 'client_id' && /^\d{1,10}$/.test(text) ? Number(text) : text;
}
//# sourceMappingURL=accounts-file.js.map