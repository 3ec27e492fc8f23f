import { planBalanceUpdate, sameBalances } from './balance-update.js';
/**
 * Decides what becomes of some records of a file, in their order. Each sees those before it. Writes nothing.
 *
 * A record fails or passes for the first of these that holds: its `record_id` stands twice in the run; its `record_id`
 * was applied from another file, or with another content; an earlier run has set the account that it names, and it
 * passes; the update itself fails (see {@link planBalanceUpdate}); the file has set the account to other balances.
 *
 * An account counts by its incarnation. A new account under the number of a deleted one was never set, so that the same
 * file sets it, and nothing is compared with the balances of the deleted one. (Paymentology publishes none of these
 * rules; they are our ruling.)
 */
export function planRecords(lines, planning) {
    const seen = new Set();
    /** What these records set, by the account's number, which is one account's while they are planned. */
    const settings = new Map();
    function findAccount(inputType, inputId) {
        const account = planning.findAccount(inputType, inputId);
        const setting = account && settings.get(account.accountId);
        return account === undefined || setting === undefined ? account : { ...account, balances: setting.balances };
    }
    function planRecord({ line, record: { recordId, item, fingerprint } }) {
        if (seen.has(recordId) || planning.isSeen(recordId))
            return failed({ code: 'record-repeated' });
        seen.add(recordId);
        const account = findAccount(item.inputType, item.inputId);
        const earlier = planning.findEarlier(recordId);
        if (earlier !== undefined) {
            const { fileName, sameFile } = earlier;
            const isSame = sameFile && Buffer.compare(earlier.fingerprint, fingerprint) === 0;
            if (!isSame)
                return failed({ code: 'record-used', fileName, sameFile });
            if (account !== undefined && planning.hasSet(recordId, account))
                return { status: 'repeated' };
        }
        if (account === undefined)
            return failed({ code: 'account-unknown' });
        const [planned] = planBalanceUpdate([item], { ...planning, findAccount: () => account });
        if (planned.status === 'failed')
            return failed(planned.failure);
        const setting = settings.get(account.accountId) ?? planning.findSetting(account);
        if (setting !== undefined && !sameBalances(setting.balances, planned.next)) {
            return failed({ code: 'account-set', line: setting.line, sameRun: setting.sameRun });
        }
        settings.set(account.accountId, setting ?? { balances: planned.next, line, sameRun: true });
        return { status: 'set', account, planned };
    }
    return lines.map(planRecord);
}
function failed(failure) {
    return { status: 'failed', failure };
}
//# sourceMappingURL=balance-file-plan.js.map