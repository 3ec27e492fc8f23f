import { ADMIN_TOKEN } from './service.js';
/** The first line of every balance file. */
export const HEADER = 'record_id,account_id,bill_ccy,act_balance,blk_balance,token';
/** Makes a file of rows, or sends a stream as it is. */
export async function sendFile({ app }, rows, query = 'client_id=123&file_name=daily.csv', headers = {}) {
    return await app.inject({
        method: 'POST',
        url: `/sandbox/v1/balance-files?${query}`,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'text/csv', ...headers },
        payload: 'pipe' in rows ? rows : [HEADER, ...rows, ''].join('\n')
    });
}
export function summaryOf(response) {
    return response.json().SUMMARY;
}
//# sourceMappingURL=balance-files.js.map