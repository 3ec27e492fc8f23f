-- Most changes come with an update of many accounts, and a row for each of them costs several times what one row for all
-- of them costs. So the changes of an update that converts nothing stand packed in one row. All others have rows of their
-- own, as every change had before. `balance_changes` is a view of both, and gives what the table of that name gave.

ALTER TABLE balance_changes RENAME TO single_changes;
DROP INDEX balance_changes_by_operation;
CREATE INDEX single_changes_by_operation ON single_changes (operation_id);

CREATE TABLE packed_changes (
  -- The number of the first change. Each of the others has the number behind that of the one before it.
  first_change_id INTEGER PRIMARY KEY,
  operation_id INTEGER NOT NULL REFERENCES operations,
  -- 52 bytes a change: account_id, actual and blocked, of 8 bytes each; currency and item_index, of 2 bytes each;
  -- previous_change_id (0 for none), previous_actual and previous_blocked, of 8 bytes each. All of them are whole numbers
  -- with the high byte first; those of 8 bytes have a sign (two's complement). What was sent is what was set.
  changes BLOB NOT NULL CHECK (length(changes) % 52 = 0 AND length(changes) BETWEEN 52 AND 256 * 52)
) STRICT;

-- Operations are numbered upwards, so that a new row touches only the end of this index.
CREATE INDEX packed_changes_by_operation ON packed_changes (operation_id);

-- The places that a change can have among those that are packed together.
CREATE TABLE places (place INTEGER PRIMARY KEY) STRICT;

INSERT INTO places WITH RECURSIVE counted (place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM counted WHERE place < 255) SELECT place FROM counted;

-- SQLite has no function that reads a number from bytes, but reads hexadecimal ones from JSON (JSON5), up to 32 bits exactly.
CREATE VIEW unpacked_changes AS SELECT
  first_change_id,
  first_change_id + place AS change_id,
  ('0x' || hex(substr(changes, place * 52 + 1, 4)) ->> '$') << 32 | ('0x' || hex(substr(changes, place * 52 + 5, 4)) ->> '$') AS account_id,
  printf('%03d', '0x' || hex(substr(changes, place * 52 + 25, 2)) ->> '$') AS currency,
  nullif(('0x' || hex(substr(changes, place * 52 + 29, 4)) ->> '$') << 32 | ('0x' || hex(substr(changes, place * 52 + 33, 4)) ->> '$'), 0) AS previous_change_id,
  operation_id,
  '0x' || hex(substr(changes, place * 52 + 27, 2)) ->> '$' AS item_index,
  ('0x' || hex(substr(changes, place * 52 + 37, 4)) ->> '$') << 32 | ('0x' || hex(substr(changes, place * 52 + 41, 4)) ->> '$') AS previous_actual,
  ('0x' || hex(substr(changes, place * 52 + 45, 4)) ->> '$') << 32 | ('0x' || hex(substr(changes, place * 52 + 49, 4)) ->> '$') AS previous_blocked,
  ('0x' || hex(substr(changes, place * 52 + 9, 4)) ->> '$') << 32 | ('0x' || hex(substr(changes, place * 52 + 13, 4)) ->> '$') AS actual,
  ('0x' || hex(substr(changes, place * 52 + 17, 4)) ->> '$') << 32 | ('0x' || hex(substr(changes, place * 52 + 21, 4)) ->> '$') AS blocked
FROM packed_changes JOIN places ON place < length(changes) / 52;

CREATE VIEW balance_changes AS
SELECT change_id, account_id, currency, previous_change_id, operation_id, item_index, record_id, previous_actual, previous_blocked,
  actual, blocked, sent_actual, sent_blocked, sent_currency, rate
FROM single_changes
UNION ALL
SELECT change_id, account_id, currency, previous_change_id, operation_id, item_index, NULL, previous_actual, previous_blocked,
  actual, blocked, actual, blocked, currency, '1'
FROM unpacked_changes;
