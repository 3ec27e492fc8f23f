-- What ops and QA need of the history: why a balance was set by hand, what one request did, and the past of
-- accounts that are gone.

ALTER TABLE operations ADD COLUMN reason TEXT;

-- The account's currency, in whose minor units the balances are. An account number may come back in another
-- currency after its account was deleted, so that only the row itself can say it. Every row has one.
ALTER TABLE balance_changes ADD COLUMN currency TEXT;

UPDATE balance_changes SET currency = (SELECT currency FROM accounts WHERE accounts.account_id = balance_changes.account_id);

-- Operations are numbered upwards, so that a new row touches only the end of this index.
CREATE INDEX balance_changes_by_operation ON balance_changes (operation_id);

CREATE INDEX accounts_by_client ON accounts (client_id);

-- An account number may be given anew, even several times, and each account that has it is another one: the first,
-- the second and so on. A deleted account leaves behind what is needed to read of it: where its history ends, and
-- the currency that it was kept in.
ALTER TABLE accounts ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 1;

CREATE TABLE deleted_accounts (
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  currency TEXT NOT NULL,
  last_change_id INTEGER NOT NULL,
  deleted_at_ms INTEGER NOT NULL,
  PRIMARY KEY (account_id, incarnation)
) STRICT, WITHOUT ROWID;
