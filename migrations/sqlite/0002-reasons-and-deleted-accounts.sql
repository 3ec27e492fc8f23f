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

-- The end of the history of each account that was deleted. Its number may be given anew, and even several times.
CREATE TABLE deleted_accounts (
  last_change_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  deleted_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX deleted_accounts_by_number ON deleted_accounts (account_id);
