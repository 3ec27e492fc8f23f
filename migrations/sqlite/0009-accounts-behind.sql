-- While many updates come at once, the history is written first, and the balances in the accounts follow behind: then
-- there is one row here, and the changes after the one that it names may not have reached their accounts yet.
-- Whoever reads or writes accounts next makes up for that first. Without a row the accounts are true.

CREATE TABLE accounts_behind (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  after_change_id INTEGER NOT NULL
) STRICT;
