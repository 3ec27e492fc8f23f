/**
 * The peer with a database server: Fastify with our schemas, pg, and PostgreSQL, which does the same as our
 * update in one statement. Arguments: port, the number of accounts.
 */
import { createHash } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { AJV } from './ajv.js';
import { UpdateBalanceRequest, UpdateBalanceResponse } from '../schemas/paymentology.js';
import { startPostgresServer } from '../test/support/postgres-server.js';
import { accountId, API_KEY, CLIENT_ID, CURRENCY, externalReference, UPDATE_PATH } from './bodies.js';
import { SERVER_SETTINGS } from './postgres-settings.js';
const [port = '', accounts = ''] = process.argv.slice(2);
const SCHEMA = `
  CREATE TABLE operations (operation_id bigserial PRIMARY KEY, client_id int NOT NULL, identifier text NOT NULL,
    fingerprint bytea NOT NULL, answer_body text NOT NULL, user_id text, remarks text, created_at_ms bigint NOT NULL,
    UNIQUE (client_id, identifier));
  CREATE TABLE accounts (account_id bigint PRIMARY KEY, client_id int NOT NULL, currency text NOT NULL,
    external_reference text, actual_balance bigint NOT NULL, blocked_balance bigint NOT NULL,
    updated_at_ms bigint NOT NULL, last_change_id bigint NOT NULL,
    UNIQUE (client_id, external_reference)) WITH (fillfactor = 50);
  CREATE TABLE balance_changes (change_id bigserial PRIMARY KEY, account_id bigint NOT NULL,
    previous_change_id bigint, operation_id bigint NOT NULL, item_index int NOT NULL, previous_actual bigint,
    previous_blocked bigint, actual bigint NOT NULL, blocked bigint NOT NULL,
    sent_actual bigint NOT NULL, sent_blocked bigint NOT NULL, sent_currency text NOT NULL, rate text NOT NULL);
  INSERT INTO accounts SELECT ${accountId(0)} + n, ${CLIENT_ID}, '${CURRENCY}',
    '${externalReference(0).slice(0, 7)}' || (${accountId(0)} + n), 0, 0, 0, 0
    FROM generate_series(0, ${Number(accounts) - 1}) AS n`;
/** Accounts are locked in the order of their numbers, so that two updates never wait for each other. */
const UPDATE = `
  WITH operation AS (
    INSERT INTO operations (client_id, identifier, fingerprint, answer_body, user_id, remarks, created_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING operation_id
  ), items AS (
    SELECT * FROM unnest($8::bigint[], $9::bigint[], $10::bigint[], $11::text[])
      WITH ORDINALITY AS item (account_id, actual, blocked, currency, place)
  ), locked AS (
    SELECT account_id, actual_balance, blocked_balance, last_change_id FROM accounts
    WHERE client_id = $1 AND account_id = ANY ($8::bigint[]) ORDER BY account_id FOR UPDATE
  ), changes AS (
    INSERT INTO balance_changes (account_id, previous_change_id, operation_id, item_index, previous_actual,
      previous_blocked, actual, blocked, sent_actual, sent_blocked, sent_currency, rate)
    SELECT account_id, last_change_id, operation_id, place, actual_balance, blocked_balance, actual, blocked, actual,
      blocked, currency, '1'
    FROM items JOIN locked USING (account_id) CROSS JOIN operation RETURNING change_id, account_id, actual, blocked
  )
  UPDATE accounts SET actual_balance = changes.actual, blocked_balance = changes.blocked, updated_at_ms = $7,
    last_change_id = changes.change_id
  FROM changes WHERE accounts.account_id = changes.account_id`;
const server = await startPostgresServer(SERVER_SETTINGS);
const pool = new pg.Pool({ connectionString: server.url, max: 16 });
await pool.query(SCHEMA);
await pool.query('VACUUM ANALYZE accounts');
const answer = { header: { error_id: 0, error_desc: 'success' }, body: { total_failed: 0, failed_note: '' } };
const answerBody = JSON.stringify(answer);
const app = fastify({ logger: false, ajv: { customOptions: AJV } });
app.post(UPDATE_PATH, {
    schema: { body: UpdateBalanceRequest, response: { 200: UpdateBalanceResponse } }
}, async (request) => {
    if (request.headers['x-api-key'] !== API_KEY)
        throw new Error('the key is unknown');
    const { client_id: clientId, api_call_unique_identifier: identifier, user_id: userId, remarks, balance_list: items } = request.body;
    const cents = (amount) => String(Math.round(Number(amount) * 100));
    await pool.query({
        name: 'update',
        text: UPDATE,
        values: [
            clientId, identifier, createHash('sha256').update(JSON.stringify(items)).digest(), answerBody, userId, remarks,
            Date.now(),
            items.map(({ input_id: id }) => String(id)), items.map(({ act_balance: actual }) => cents(actual)),
            items.map(({ blk_balance: blocked }) => cents(blocked)), items.map(({ bill_ccy: currency }) => currency)
        ]
    });
    return answer;
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', async () => {
    await app.close();
    await pool.end();
    await server.stop();
    process.exit();
});
//# sourceMappingURL=postgres-server.js.map