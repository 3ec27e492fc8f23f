import { planRecords } from '../../domain/balance-file-plan.js';
import { eachAll, eachFirst, int8, statement, text, together } from '../sql.js';
import { AccountMemory, loadAccounts } from './account-memory.js';
import { findRatesFor } from './rate-lookup.js';
import { pairsOf } from './update-balances.js';
/** A record of a forgotten file does not count. */
const FIND_RECORD = statement `SELECT file_id, file_name, fingerprint, account_id, incarnation, job_id
  FROM balance_file_records AS record JOIN balance_file_names USING (file_id)
  WHERE record.client_id = ${int8} AND record_id = ${text} AND file_name IS NOT NULL`;
const FIND_SETTING = statement `SELECT actual, blocked, job_id, line FROM balance_file_accounts
  WHERE file_id = ${int8} AND account_id = ${int8} AND incarnation = ${int8}`;
/**
 * Plans rows of a file in their order: reads for all of them at once, and decides in memory. Changes nothing.
 *
 * @param memory empty; has the rows' accounts then
 */
export function* planRows(run, rows, scratch, memory, context) {
    const lines = rows.flatMap(({ line, content }) => 'reason' in content ? [] : [{ line, record: content }]);
    const items = lines.map(({ record }) => record.item);
    const [records] = yield* together(findRecords(run, lines, scratch), loadAccounts(memory, items, context));
    const [findRate, findSetting] = yield* together(findRatesFor(pairsOf(items, memory), context), findSettings(run, lines, scratch, memory));
    const outcomes = planRecords(lines, {
        ...records,
        findAccount: (inputType, inputId) => memory.findOf(run.clientId, inputType, inputId),
        findRate,
        pivotCurrency: context.pivotCurrency,
        findSetting
    });
    return lines.map((line, index) => ({ ...line, outcome: outcomes[index] }));
}
/** Finds what was done with records before. All rows of a record have the same file and fingerprint. */
function* findRecords({ clientId, fileId, jobId }, lines, scratch) {
    const found = yield* eachAll(FIND_RECORD, lines.map(({ record: { recordId } }) => [BigInt(clientId), recordId]));
    const rowsOf = new Map(lines.flatMap(({ record: { recordId } }, index) => {
        const rows = found[index];
        return rows.length === 0 ? [] : [[recordId, rows]];
    }));
    return {
        isSeen: (recordId) => rowsOf.get(recordId)?.some((row) => row.job_id === BigInt(jobId)) === true || scratch.isSeen(recordId),
        findEarlier: (recordId) => {
            const [row] = rowsOf.get(recordId) ?? [];
            return row && { fingerprint: row.fingerprint, fileName: row.file_name, sameFile: row.file_id === fileId };
        },
        hasSet: (recordId, { accountId, incarnation }) => rowsOf.get(recordId)?.some((row) => row.account_id === accountId && row.incarnation === BigInt(incarnation)) === true
    };
}
/** Finds what the file has set accounts to; a dry run, what it would have set them to as well. */
function* findSettings({ clientId, fileId, jobId }, lines, scratch, memory) {
    const accounts = new Set(lines.flatMap(({ record: { item: { inputType, inputId } } }) => memory.findOf(clientId, inputType, inputId) ?? []));
    const rows = yield* eachFirst(FIND_SETTING, [...accounts].map(({ accountId, incarnation }) => [fileId, accountId, BigInt(incarnation)]));
    const settings = new Map([...accounts].map(({ accountId }, index) => [accountId, rows[index]]));
    return (account) => {
        const row = settings.get(account.accountId);
        if (row === undefined)
            return scratch.findSetting(account);
        const { actual, blocked, job_id: setBy, line } = row;
        return { balances: { actual, blocked }, line: Number(line), sameRun: setBy === BigInt(jobId) };
    };
}
//# sourceMappingURL=balance-file-planning.js.map