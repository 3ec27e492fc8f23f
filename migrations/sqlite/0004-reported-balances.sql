-- What clients report to their AML monitor, and the credential that they report with.

-- A key opens one dialect: Paymentology's X-API-KEY, or AMLYZE's bearer token.
ALTER TABLE api_keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'paymentology' CHECK (kind IN ('paymentology', 'amlyze'));

-- One row an accepted report. A report is a fact of its own: it outlives the account that it speaks of, and a
-- communication number stays used.
CREATE TABLE reported_balances (
  reported_balance_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  communication_number TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  -- The account's when the report came, in whose major units the value is.
  currency TEXT NOT NULL,
  balance_type TEXT,
  business_unit TEXT,
  requester TEXT NOT NULL,
  -- UTC with nine decimals of a second (2023-09-05T08:07:34.605000000Z): of one width, so that text sorts as time.
  balance_at TEXT NOT NULL CHECK (length(balance_at) = 30),
  -- Exact decimals in major units, without an exponent and without needless zeros.
  value TEXT NOT NULL,
  equivalent_value TEXT,
  reported_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX reported_balances_by_communication_number ON reported_balances (client_id, communication_number);

-- The pages of an account's reports, and the newest report of each of its series.
CREATE INDEX reported_balances_by_time ON reported_balances (account_id, client_id, balance_at, reported_balance_id);
CREATE INDEX reported_balances_by_series
  ON reported_balances (account_id, client_id, balance_type, business_unit, balance_at, reported_balance_id);
