import { findReportFault } from '../../domain/reported-balance.js';
import { change, reading } from '../engine.js';
import { all, draw, eachFirst, eachRun, first, int8, sql, statement, text, together } from '../sql.js';
import { findIncarnation } from './incarnations.js';
import { pageOf } from './page.js';
const FIND_NUMBER = statement `SELECT reported_balance_id FROM reported_balances
  WHERE client_id = ${int8} AND communication_number = ${text}`;
const FIND_ACCOUNT = statement `SELECT account_id, incarnation FROM accounts
  WHERE client_id = ${int8} AND external_reference = ${text}`;
const INSERT_REPORT = statement `INSERT INTO reported_balances (reported_balance_id, client_id, communication_number,
    account_id, incarnation, balance_type, business_unit, series, requester,
    balance_at, value, equivalent_value, reported_at_ms)
  VALUES (${int8}, ${int8}, ${text},
    ${int8}, ${int8}, ${text}, ${text}, ${text}, ${text},
    ${text}, ${text}, ${text}, ${int8})`;
/**
 * Takes what a client reports. Each report sees those before it, so that a number that stands twice is used once.
 *
 * @returns what became of each report, in their order: undefined when it was accepted
 */
export const reportBalances = change(function* ({ nowMs }, { clientId, balances, lists }) {
    const [numbers, accounts] = yield* together(eachFirst(FIND_NUMBER, balances.map(({ communicationNumber }) => [BigInt(clientId), communicationNumber])), eachFirst(FIND_ACCOUNT, balances.map(({ externalReference }) => [BigInt(clientId), externalReference])));
    const taken = new Set();
    const faults = balances.map((balance, index) => {
        const { communicationNumber } = balance;
        const fault = findReportFault(balance, lists, {
            isNumberUsed: numbers[index] !== undefined || taken.has(communicationNumber),
            isAccountKnown: accounts[index] !== undefined
        });
        if (fault === undefined)
            taken.add(communicationNumber);
        return fault;
    });
    const accepted = balances.flatMap((balance, index) => {
        const account = accounts[index];
        return faults[index] === undefined && account !== undefined ? [{ balance, account }] : [];
    });
    if (accepted.length === 0)
        return faults;
    const firstId = yield* draw('report', accepted.length);
    yield* eachRun(INSERT_REPORT, accepted.map(({ balance, account }, index) => {
        const { communicationNumber, balanceType, businessUnit, requester, balanceAt, value, equivalentValue } = balance;
        return [firstId + BigInt(index), BigInt(clientId), communicationNumber,
            account.account_id, account.incarnation, balanceType, businessUnit, seriesOf(balance), requester,
            balanceAt, value, equivalentValue, BigInt(nowMs)];
    }));
    return faults;
}, { leavesAccounts: true });
/** Both in one text that sorts as the two do: none of them has a control character. */
function seriesOf({ balanceType = '', businessUnit = '' }) {
    return `${balanceType}\u001f${businessUnit}`;
}
/** Where a first page begins: `Z` is behind every instant, because digits sort before letters. */
const BEGINNING = { balance_at: 'Z', series: '', reported_balance_id: 0n };
const SELECT_REPORTS = sql `SELECT reported_balances.reported_balance_id, incarnation, communication_number,
    balance_type, business_unit, series, requester, balance_at, value, equivalent_value, reported_at_ms
  FROM reported_balances`;
/** Reads one page of what was reported about an account, and the account as of the same moment. */
export const readReportedBalances = reading(function* (context, { accountId, incarnation: wanted, view, page: { from, limit } }) {
    const newest = yield* findIncarnation(accountId, wanted, context);
    if (newest === undefined)
        return 'account-unknown';
    const begin = from === undefined ? undefined : yield* findReport(from, accountId, wanted);
    if (from !== undefined && begin === undefined)
        return 'page-unknown';
    const account = begin === undefined
        ? newest
        : yield* findIncarnation(accountId, Number(begin.incarnation), context);
    if (account === undefined)
        return 'page-unknown';
    const { incarnation, currency, deletedAt } = account;
    const ofAccount = sql `account_id = ${accountId} AND incarnation = ${BigInt(incarnation)}`;
    const select = view === 'latest' ? selectLatest : selectSeries;
    // One more than wanted, to know whether there is a next page.
    const rows = yield* all(select(ofAccount, begin ?? BEGINNING, BigInt(limit + 1)));
    const held = deletedAt === undefined
        ? yield* first(sql `SELECT actual FROM balances WHERE account_id = ${accountId}`)
        : undefined;
    const page = pageOf(rows, limit, (row) => row.reported_balance_id, recordOf);
    return { incarnation, currency, deletedAt, standInBalance: held?.actual, ...page };
});
/** Finds the report that a page begins with, about one of the accounts that ever had the number. */
function* findReport(id, accountId, wanted) {
    const report = yield* first(sql `${SELECT_REPORTS} WHERE reported_balance_id = ${id} AND account_id = ${accountId}`);
    return report === undefined || (wanted !== undefined && report.incarnation !== BigInt(wanted)) ? undefined : report;
}
/** All reports, the newest balance first. */
function selectSeries(ofAccount, { balance_at: balanceAt, reported_balance_id: id }, count) {
    return sql `${SELECT_REPORTS} WHERE ${ofAccount} AND (balance_at, reported_balance_id) <= (${balanceAt}, ${id})
    ORDER BY balance_at DESC, reported_balance_id DESC LIMIT ${count}`;
}
/** The newest report of each series. Goes from series to series through their index, however many reports each has. */
function selectLatest(ofAccount, { series }, count) {
    const newestWhere = (condition) => sql `(SELECT reported_balance_id FROM reported_balances
    WHERE ${ofAccount} AND ${condition}
    ORDER BY series, balance_at DESC, reported_balance_id DESC LIMIT 1)`;
    return sql `WITH RECURSIVE latest (id, place) AS (
      SELECT ${newestWhere(sql `series >= ${series}`)}, 1
      UNION ALL SELECT ${newestWhere(sql `series > last.series`)}, latest.place + 1
      FROM latest JOIN reported_balances AS last ON last.reported_balance_id = latest.id
      WHERE latest.place < ${count})
    ${SELECT_REPORTS} JOIN latest ON latest.id = reported_balances.reported_balance_id ORDER BY latest.place`;
}
function recordOf(row) {
    return {
        communicationNumber: row.communication_number,
        balanceType: row.balance_type ?? undefined,
        businessUnit: row.business_unit ?? undefined,
        requester: row.requester,
        balanceAt: row.balance_at,
        value: row.value,
        equivalentValue: row.equivalent_value ?? undefined,
        reportedAt: new Date(Number(row.reported_at_ms))
    };
}
//# sourceMappingURL=reported-balances.js.map