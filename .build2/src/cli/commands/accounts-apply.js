import { buffer } from 'node:stream/consumers';
import { Faults } from '../../domain/faults.js';
import { differencesOf, readNewAccounts } from '../../domain/new-account.js';
import { readAccountsFile } from '../accounts-file.js';
import { contextOf, describeDryRun } from '../data-command.js';
import { CommandFailure, EXIT } from '../exit.js';
import { openInput } from '../files.js';
import { accountPath, jsonBody } from '../service.js';
/** Kept in the history of each account whose balances are set. */
const REASON = 'accounts apply';
/**
 * Makes the accounts of a file that are missing, and sets the balances of those that have others. Nothing else of an
 * account is changed: one that differs otherwise refuses the file.
 *
 * @param path `-` for the standard input
 * @throws CommandFailure when the file is not right, or an account differs in more than balances: nothing is changed
 *   then; and when the service refuses an account
 */
export async function applyAccounts(terminal, path, options) {
    const context = contextOf(terminal, options);
    const placed = readAccountsFile(path, await buffer((await openInput(path, terminal.input)).content));
    const steps = await plan(context, path, placed);
    const say = (text) => { if (options.json !== true)
        terminal.output.write(text); };
    const done = [];
    say(describeDryRun(options.dryRun));
    try {
        for (const step of steps) {
            const outcome = await apply(context, step, options);
            done.push({ account_id: step.account.account_id, status: step.status });
            say(`${step.place}: account ${step.account.account_id} ${outcome}\n`);
        }
    }
    catch (error) {
        throw brokenOff(error, steps[done.length], done.length > 0 && options.dryRun !== true);
    }
    finally {
        const count = (wanted) => done.filter(({ status }) => status === wanted).length;
        context.print(JSON.stringify(done), () => `Made: ${count('created')}. Set: ${count('set')}. As they were: ${count('unchanged')}\n`);
    }
}
/** Compares all accounts before any is changed. */
async function plan({ call }, path, placed) {
    const conflicts = [];
    const steps = [];
    for (const { place, account } of placed) {
        const answer = await call({ method: 'GET', path: accountPath(account.account_id) }).catch((error) => {
            if (error instanceof CommandFailure && error.status === 404)
                return 'null';
            throw error;
        });
        const differences = compare(account, JSON.parse(answer));
        const others = differences?.filter((field) => field !== 'actual_balance' && field !== 'blocked_balance') ?? [];
        if (others.length > 0) {
            conflicts.push(`${path}: ${place}: account ${account.account_id} has another ${others.join(', ')}`);
        }
        steps.push({ place, account, status: statusOf(differences?.length) });
    }
    if (conflicts.length === 0)
        return steps;
    throw new CommandFailure(EXIT.refused, [...conflicts, 'Only balances are set. Nothing was changed'].join('\n'));
}
function statusOf(differences) {
    if (differences === undefined)
        return 'created';
    return differences === 0 ? 'unchanged' : 'set';
}
/** @returns undefined where there is no such account. A reference and tokens that the file leaves out do not count */
function compare(account, found) {
    if (found === null)
        return undefined;
    const { external_reference: reference, tokens, ...rest } = found;
    const now = { ...rest, tokens, ...reference === null ? {} : { external_reference: reference } };
    const wanted = { tokens, ...reference === null ? {} : { external_reference: reference }, ...account };
    return differencesOf(readAccount(wanted), readAccount(now));
}
function readAccount(document) {
    const faults = new Faults();
    const [account] = readNewAccounts([document], faults);
    faults.refuse();
    return account;
}
/** @returns what was done, in words */
async function apply({ call }, { account, status }, options) {
    const query = { dry_run: options.dryRun && 'true' };
    const { account_id: accountId, actual_balance: actual, blocked_balance: blocked, currency } = account;
    if (status === 'unchanged')
        return 'as it was';
    if (status === 'created') {
        await call({ method: 'POST', path: '/accounts', query, body: jsonBody({ accounts: [account] }) });
        return `made: actual ${actual}, blocked ${blocked}`;
    }
    const body = jsonBody({ actual_balance: actual, blocked_balance: blocked, currency, reason: REASON });
    const answer = await call({ method: 'PUT', path: `${accountPath(accountId)}/balances`, query, body });
    const { before, after } = JSON.parse(answer);
    return `set: actual ${before.actual_balance} → ${after.actual_balance}, ` +
        `blocked ${before.blocked_balance} → ${after.blocked_balance}`;
}
/** @param isPartDone whether accounts before this one were changed, or found to be right */
function brokenOff(failure, step, isPartDone) {
    const exitCode = failure.exitCode === EXIT.refused && isPartDone ? EXIT.partly : failure.exitCode;
    const hint = isPartDone ? 'The accounts above are done. Apply the file again to go on: nothing is done twice\n' : '';
    return new CommandFailure(exitCode, `${hint}${step?.place}: account ${step?.account.account_id}: ${failure.message}`);
}
//# sourceMappingURL=accounts-apply.js.map