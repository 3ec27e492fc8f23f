import { COMMON_PROBLEMS } from '../../../schemas/problem.js';
import { AccountParameters } from '../../../schemas/sandbox/accounts.js';
import { ReportedBalances, ReportedBalancesQuery } from '../../../schemas/sandbox/reported-balances.js';
import { formatDecimal } from '../../domain/decimal.js';
import { formatInstant } from '../../domain/instant.js';
import { formatAmount } from '../../domain/money.js';
import { driftOf } from '../../domain/reported-balance.js';
import { sendProblem } from '../../http/problem.js';
import { NEVER_AN_ACCOUNT, sendNeverAnAccount } from './incarnations.js';
import { CURSOR_FAULT, readSoughtNumber, readPage, writeCursor } from './parameters.js';
/** Reading what was reported about an account, beside what stand-in processing holds. */
export const reportedBalances = async (app, { store }) => {
    app.get('/accounts/:account_id/reported-balances', {
        schema: {
            operationId: 'readReportedBalances',
            tags: ['Accounts'],
            summary: 'Read the reported balances of an account',
            description: 'What the account\'s client has reported to its AML monitor, beside the stand-in balance, so that ' +
                'one sees the two drift apart. The reports of a deleted account stay readable, apart from those of an ' +
                'account that has its number later.',
            params: AccountParameters,
            querystring: ReportedBalancesQuery,
            response: { 200: ReportedBalances, ...COMMON_PROBLEMS, ...NEVER_AN_ACCOUNT }
        }
    }, async (request, reply) => {
        const page = readPage(request.query);
        if (page === undefined)
            return sendProblem(reply, 400, CURSOR_FAULT);
        const accountId = readSoughtNumber(request.params.account_id);
        const { view = 'latest', incarnation } = request.query;
        const wanted = incarnation === undefined ? undefined : Number(incarnation);
        const outcome = await store.readReportedBalances({ accountId, incarnation: wanted, view, page });
        if (outcome === 'account-unknown')
            return sendNeverAnAccount(reply, request.params.account_id, incarnation);
        if (outcome === 'page-unknown')
            return sendProblem(reply, 400, CURSOR_FAULT);
        const { currency, standInBalance } = outcome;
        return {
            account_id: request.params.account_id,
            incarnation: outcome.incarnation,
            deleted_at: outcome.deletedAt?.toISOString() ?? null,
            currency: currency.numericCode,
            stand_in_balance: standInBalance === undefined ? null : formatAmount(standInBalance, currency),
            reported_balances: outcome.items.map((balance) => view === 'series'
                ? presentBalance(balance)
                : { ...presentBalance(balance), difference: describeDrift(balance, outcome) }),
            next_cursor: writeCursor(outcome.next)
        };
    });
};
function presentBalance(balance) {
    return {
        communication_number: balance.communicationNumber,
        requester: balance.requester,
        balance_type: balance.balanceType ?? null,
        business_unit: balance.businessUnit ?? null,
        balance_at: formatInstant(balance.balanceAt),
        value: balance.value,
        equivalent_value: balance.equivalentValue ?? null,
        reported_at: balance.reportedAt.toISOString()
    };
}
/** Beside an account that is gone, nothing is held that a report could differ from. */
function describeDrift({ value }, { standInBalance, currency }) {
    return standInBalance === undefined ? null : formatDecimal(driftOf(value, standInBalance, currency));
}
//# sourceMappingURL=reported-balances.js.map