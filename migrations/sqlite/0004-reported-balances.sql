-- What clients report to their AML monitor, and the credential that they report with.

-- A key opens one dialect: Paymentology's X-API-KEY, or AMLYZE's bearer token. A client has one key a dialect.
ALTER TABLE api_keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'paymentology' CHECK (kind IN ('paymentology', 'amlyze'));

CREATE UNIQUE INDEX api_keys_by_client ON api_keys (client_id, kind);

-- One row an accepted report. A report is a fact of its own: it outlives the account that it speaks of, stays apart
-- from those of another account that gets the number, and its communication number stays used.
CREATE TABLE reported_balances (
  reported_balance_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  communication_number TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  balance_type TEXT,
  business_unit TEXT,
  -- The two in one, for an index that leads from series to series. No text of a report has a control character in it.
  series TEXT NOT NULL AS (coalesce(balance_type, '') || char(31) || coalesce(business_unit, '')) VIRTUAL,
  requester TEXT NOT NULL,
  -- UTC with nine decimals of a second (2023-09-05T08:07:34.605000000Z): of one width, so that text sorts as time.
  balance_at TEXT NOT NULL CHECK (length(balance_at) = 30),
  -- Numbers in major units as their sender wrote them, in the grammar of JSON.
  value TEXT NOT NULL,
  equivalent_value TEXT,
  reported_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX reported_balances_by_communication_number ON reported_balances (client_id, communication_number);

-- The pages of an account's reports, and the newest report of each of its series.
CREATE INDEX reported_balances_by_time ON reported_balances (account_id, incarnation, balance_at, reported_balance_id);
CREATE INDEX reported_balances_by_series ON reported_balances (account_id, incarnation, series, balance_at DESC, reported_balance_id DESC);
