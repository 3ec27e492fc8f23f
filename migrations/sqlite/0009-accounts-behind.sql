-- While many updates come at once, the history is written first, and the balances in the accounts follow behind: then
-- there is one row here, and the changes after the one that it names may not have reached their accounts yet.
-- Whoever opens the database next makes up for that before anything else. Without a row the accounts are true.

CREATE TABLE accounts_behind (
  after_change_id INTEGER NOT NULL
) STRICT;
