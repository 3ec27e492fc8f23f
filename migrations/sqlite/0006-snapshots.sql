-- Balances can be saved under a name and set back.

-- A snapshot never changes after it was saved. Its number is never given anew, so that a reader who comes back
-- for the next page cannot meet another snapshot.
CREATE TABLE snapshots (
  snapshot_id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  saved_at_ms INTEGER NOT NULL,
  -- 1 when every account of its time is in it, so that any other account is new since.
  covers_all INTEGER NOT NULL CHECK (covers_all IN (0, 1)),
  account_count INTEGER NOT NULL
) STRICT;

-- The client and the currency tell whether the account of this number is still the same one. There is no
-- reference to accounts: the balances of one that was deleted stay saved.
CREATE TABLE snapshot_balances (
  snapshot_id INTEGER NOT NULL REFERENCES snapshots,
  account_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  actual_balance INTEGER NOT NULL,
  blocked_balance INTEGER NOT NULL CHECK (blocked_balance >= 0),
  PRIMARY KEY (snapshot_id, account_id)
) STRICT, WITHOUT ROWID;

-- A database that was started from a scenario before this migration can be reset, too: the scenario's
-- operation has the balances that each of its accounts began with.
INSERT INTO snapshots (name, saved_at_ms, covers_all, account_count)
SELECT 'scenario', created_at_ms, 1, (SELECT count(*) FROM balance_changes JOIN accounts USING (account_id) WHERE operation_id = operations.operation_id)
FROM operations WHERE source = 'scenario';

INSERT INTO snapshot_balances (snapshot_id, account_id, client_id, currency, actual_balance, blocked_balance)
SELECT snapshot_id, account_id, accounts.client_id, accounts.currency, actual, blocked
FROM snapshots, operations JOIN balance_changes USING (operation_id) JOIN accounts USING (account_id)
WHERE source = 'scenario';
