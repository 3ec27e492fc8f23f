import { ACCOUNTS, resultsOf } from './actions.js';
/**
 * Holds all that clients were told against what the accounts' histories say, as if one process had done one thing after
 * the other.
 *
 * @returns what is wrong
 */
export function findFaults(told, stories) {
    return [
        ...told.filter(({ status }) => status >= 500).map(({ kind, status, answer }) => `${kind}: ${status} ${answer}`),
        ...findReplayFaults(told),
        ...findWrittenFaults(told, stories),
        ...stories.flatMap(findChainFaults),
        ...stories.flatMap((story) => findOrderFaults(told, story)),
        ...stories.flatMap((story) => findLifeFaults(told, story))
    ];
}
/** Puts what has the same key together. */
export function groupBy(items, keyOf) {
    const groups = new Map();
    for (const item of items)
        groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item]);
    return groups;
}
function identifierOf({ identifier }) {
    return String(identifier);
}
function isUpdate({ kind }) {
    return kind === 'update' || kind === 'repeat';
}
/** Each identifier was applied once. All that was answered 200 under it is the same, and all but one is a replay. */
function findReplayFaults(told) {
    const byIdentifier = groupBy(told.filter((one) => isUpdate(one) && one.status === 200), identifierOf);
    return [...byIdentifier].flatMap(([identifier, answers]) => {
        const applied = answers.filter(({ replayed }) => !replayed);
        const isOneAnswer = new Set(answers.map(({ answer }) => answer)).size === 1;
        if (applied.length === 1 && isOneAnswer)
            return [];
        return [`${identifier}: applied ${applied.length} times: ${answers.map(({ answer }) => answer).join(' and ')}`];
    });
}
/** What was answered as done, and only that, stands in the histories. */
function findWrittenFaults(told, stories) {
    const answered = told.filter((one) => isUpdate(one) && one.status === 200 && !one.replayed).flatMap((one) => updatedOf(one).map(({ index, account_id: account, previous_actual: before, actual }) => `${one.identifier}[${index}] ${account} ${before} ${actual}`));
    const written = stories.flatMap(({ account, lives }) => lives.flat().flatMap((change) => {
        const { operation: { source, identifier }, item_index: index, before, after } = change;
        if (source !== 'paymentology')
            return [];
        return [`${identifier}[${index}] ${account} ${before?.actual_balance} ${after.actual_balance}`];
    }));
    const [inAnswers, inHistories] = [new Set(answered), new Set(written)];
    return [
        ...answered.filter((one) => !inHistories.has(one)).map((one) => `answered and not written: ${one}`),
        ...written.filter((one) => !inAnswers.has(one)).map((one) => `written and not answered: ${one}`),
        ...written.length === inHistories.size ? [] : ['a change is written twice']
    ];
}
function updatedOf(told) {
    return resultsOf(told).filter(({ status }) => status === 'updated');
}
/** Each life is one chain from its beginning, and the account is as its newest change has set it. */
function findChainFaults({ account, lives, actual }) {
    const broken = lives.flatMap((changes, life) => changes.flatMap(({ before, after }, index) => {
        const expected = changes[index - 1]?.after.actual_balance;
        if (before?.actual_balance === expected)
            return [];
        return [`account ${account}, life ${life + 1}: ${after.actual_balance} follows ${before?.actual_balance}, ` +
                `and the change before has ${expected}`];
    }));
    const newest = lives.at(-1)?.at(-1)?.after.actual_balance;
    if (actual === undefined || actual === newest)
        return broken;
    return [...broken, `account ${account} has ${actual}, its newest change ${newest}`];
}
/** What was answered before another was sent stands before it in the history. */
function findOrderFaults(told, { account, lives }) {
    const updates = groupBy(told.filter((one) => isUpdate(one) && one.status === 200), identifierOf);
    const sets = new Map(told.filter(({ kind, status }) => kind === 'set' && status === 200).map((one) => [one.body.actual_balance, [one]]));
    let latest = -Infinity;
    return lives.flat().flatMap(({ operation, after }) => {
        const { identifier } = operation;
        const sent = identifier === null ? sets.get(after.actual_balance) : updates.get(identifier);
        if (sent === undefined)
            return [];
        const isInOrder = Math.min(...sent.map(({ answeredMs }) => answeredMs)) >= latest;
        latest = Math.max(latest, Math.min(...sent.map(({ sentMs }) => sentMs)));
        if (isInOrder)
            return [];
        return [`account ${account}: ${after.actual_balance} was answered before one was sent that stands before it`];
    });
}
/** The account was made anew as often as the clients were told, and an item fails only when it may have been gone. */
function findLifeFaults(told, { account, lives, actual }) {
    const deletes = told.filter(({ kind, status, path }) => kind === 'delete' && status === 200 && path.endsWith(`/${account}`));
    const creates = told.filter(({ kind, status, answer }) => kind === 'create' && status === 201 && answer.includes(`"account_id":"${account}"`));
    const faults = [];
    const existing = actual === undefined ? 0 : 1;
    if (lives.length !== creates.length + 1 || existing !== lives.length - deletes.length) {
        faults.push(`account ${account}: ${creates.length} creations, ${deletes.length} deletions, ` +
            `${lives.length} lives, and now ${actual}`);
    }
    // The k-th deletion came after the k-th smallest time of sending, the k-th creation before the k-th answer.
    const gone = deletes.map(({ sentMs }) => sentMs).sort((one, other) => one - other);
    const back = creates.map(({ answeredMs }) => answeredMs).sort((one, other) => one - other);
    for (const one of told.filter((each) => isUpdate(each) && each.status === 200 && !each.replayed)) {
        const hasFailed = resultsOf(one).some(({ status, input_id: id }) => status === 'failed' && Number(id) % 4000 === account);
        const mayBeGone = gone.some((from, index) => from <= one.answeredMs && (back[index] ?? Infinity) >= one.sentMs);
        if (hasFailed && !mayBeGone)
            faults.push(`account ${account}: ${one.identifier} did not find it, and it was there`);
    }
    return faults;
}
/** Reads what became of all accounts. */
export async function readStories(read) {
    return await Promise.all(ACCOUNTS.map(async (account) => {
        const lives = [];
        for (;;) {
            const changes = await readLife(read, account, lives.length + 1);
            if (changes === undefined)
                break;
            lives.push(changes);
        }
        const now = await read(`/accounts/${account}`);
        const { actual_balance: actual } = await now.json();
        return { account, lives, actual };
    }));
}
async function readLife(read, account, incarnation) {
    const changes = [];
    let cursor = '';
    while (cursor !== null) {
        const from = cursor === '' ? '' : `&cursor=${cursor}`;
        const response = await read(`/accounts/${account}/history?incarnation=${incarnation}&limit=1000${from}`);
        if (response.status === 404)
            return undefined;
        const page = await response.json();
        changes.unshift(...page.changes.reverse());
        cursor = page.next_cursor;
    }
    return changes;
}
//# sourceMappingURL=model.js.map