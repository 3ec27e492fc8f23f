-- Clients, their keys, accounts with their balances, exchange rates, and the history of every balance.
-- All balances are whole numbers of minor units of the currency that stands beside them.
-- All times are milliseconds since 1970-01-01T00:00:00Z.

-- Marks the file as one of ours ("STIP"), so that another program's database is never migrated.
PRAGMA application_id = 0x53544950;

CREATE TABLE clients (
  client_id INTEGER PRIMARY KEY CHECK (client_id BETWEEN 1 AND 2147483647),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

-- Only the SHA-256 of a key is kept.
CREATE TABLE api_keys (
  key_hash BLOB PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Account numbers and tokens are the processor's, so each is unique across all clients.
CREATE TABLE accounts (
  account_id INTEGER PRIMARY KEY CHECK (account_id >= 1),
  client_id INTEGER NOT NULL REFERENCES clients,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  external_reference TEXT,
  actual_balance INTEGER NOT NULL,
  blocked_balance INTEGER NOT NULL CHECK (blocked_balance >= 0),
  updated_at_ms INTEGER NOT NULL,
  -- The newest row of the account's history. From there each row points to the one before it.
  last_change_id INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX accounts_by_external_reference ON accounts (client_id, external_reference)
  WHERE external_reference IS NOT NULL;

CREATE TABLE tokens (
  token INTEGER PRIMARY KEY CHECK (token >= 1),
  account_id INTEGER NOT NULL REFERENCES accounts
) STRICT;

CREATE INDEX tokens_by_account ON tokens (account_id);

-- One unit of the base currency is worth so many of the quote currency, as an exact decimal.
CREATE TABLE rates (
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  rate TEXT NOT NULL,
  PRIMARY KEY (base, quote)
) STRICT, WITHOUT ROWID;

-- Whatever changes balances is an operation: who asked, when, and the answer to be replayed.
CREATE TABLE operations (
  operation_id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  client_id INTEGER REFERENCES clients,
  identifier TEXT,
  fingerprint BLOB,
  answer_body TEXT,
  answer_preference TEXT,
  user_id TEXT,
  remarks TEXT,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX operations_by_identifier ON operations (client_id, identifier)
  WHERE identifier IS NOT NULL;

-- One row a written item, and one for the balances that an account began with. There is no index on the
-- account: previous_change_id leads from row to row, and a new row touches only the end of the table.
CREATE TABLE balance_changes (
  change_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  previous_change_id INTEGER,
  operation_id INTEGER NOT NULL REFERENCES operations,
  -- The place in the operation's list, from 0.
  item_index INTEGER NOT NULL,
  previous_actual INTEGER,
  previous_blocked INTEGER,
  actual INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  -- The amounts as sent, in minor units of sent_currency, and the exact rate from there.
  sent_actual INTEGER NOT NULL,
  sent_blocked INTEGER NOT NULL,
  sent_currency TEXT NOT NULL,
  rate TEXT NOT NULL
) STRICT;
