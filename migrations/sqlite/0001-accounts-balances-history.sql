-- Everything that stip-sandbox keeps. Every commit leaves every table true: you may read this file with any tool.
--
-- Balances are whole numbers of minor units of the currency that stands beside them or at their account.
-- Times end in _ms: milliseconds since 1970-01-01T00:00:00Z. Currencies are ISO 4217 numeric codes, three digits.

-- Marks the file as one of ours ("STBS"), so that another program's database is never touched.
PRAGMA application_id = 0x53544253;

-- The last number drawn for each kind of row. A number is never drawn twice, also after its row was deleted.
CREATE TABLE sequences (
  name TEXT PRIMARY KEY,
  last_number INTEGER NOT NULL CHECK (last_number >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO sequences (name, last_number)
VALUES ('operation', 0), ('change', 0), ('snapshot', 0), ('file', 0), ('job', 0), ('report', 0);

-- How many decimals a minor unit stands for. Stored amounts keep their value, whatever a later ISO 4217 says.
CREATE TABLE currencies (
  numeric_code TEXT PRIMARY KEY CHECK (length(numeric_code) = 3),
  alpha_code TEXT NOT NULL,
  minor_unit_decimals INTEGER NOT NULL CHECK (minor_unit_decimals >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE clients (
  client_id INTEGER PRIMARY KEY CHECK (client_id BETWEEN 1 AND 2147483647),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

-- A key opens one dialect: Paymentology's X-API-KEY, or AMLYZE's bearer token. Only its SHA-256 is kept.
CREATE TABLE api_keys (
  key_hash BLOB PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('paymentology', 'amlyze')),
  client_id INTEGER NOT NULL REFERENCES clients,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_keys_by_client ON api_keys (client_id, kind);

-- What hardly ever changes of an account. Account numbers and tokens are the processor's: unique across all clients.
CREATE TABLE accounts (
  account_id INTEGER PRIMARY KEY CHECK (account_id >= 1),
  -- A number may be given anew after its account was deleted: 1 for the first account under it, 2 for the next.
  incarnation INTEGER NOT NULL CHECK (incarnation >= 1),
  client_id INTEGER NOT NULL REFERENCES clients,
  currency TEXT NOT NULL REFERENCES currencies,
  external_reference TEXT
) STRICT;

CREATE INDEX accounts_by_client ON accounts (client_id);
CREATE UNIQUE INDEX accounts_by_external_reference ON accounts (client_id, external_reference)
  WHERE external_reference IS NOT NULL;

-- The balances of each account, as its newest change has set them.
CREATE TABLE balances (
  account_id INTEGER PRIMARY KEY REFERENCES accounts,
  actual INTEGER NOT NULL,
  blocked INTEGER NOT NULL CHECK (blocked >= 0),
  -- That change, and its place in the account's history. From there each change leads to the one before it.
  last_change_id INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 1),
  updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
  token INTEGER PRIMARY KEY CHECK (token >= 1),
  account_id INTEGER NOT NULL REFERENCES accounts
) STRICT;

CREATE INDEX tokens_by_account ON tokens (account_id);

-- What is left of a deleted account: where its history ends. It goes when all of that history is pruned.
CREATE TABLE deleted_accounts (
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients,
  currency TEXT NOT NULL REFERENCES currencies,
  last_change_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  deleted_at_ms INTEGER NOT NULL,
  PRIMARY KEY (account_id, incarnation)
) STRICT, WITHOUT ROWID;

-- The last of the accounts under a number whose past was pruned, so that a later account is never taken for it.
CREATE TABLE pruned_accounts (
  account_id INTEGER PRIMARY KEY,
  incarnation INTEGER NOT NULL
) STRICT;

-- One unit of the base currency is worth `rate` units of the quote currency, an exact decimal. The rate of a pair that
-- applies at a time is the newest that is effective by then.
CREATE TABLE rates (
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  effective_at_ms INTEGER NOT NULL CHECK (effective_at_ms >= 0),
  rate TEXT NOT NULL,
  PRIMARY KEY (base, quote, effective_at_ms DESC)
) STRICT, WITHOUT ROWID;

-- An operation is one request, file or command that changed balances: who asked, when, and the answer to be replayed.
CREATE TABLE operations (
  operation_id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  client_id INTEGER REFERENCES clients,
  -- The three go together: what identifies the request, what it meant, and the answer. A pruned answer leaves the
  -- identifier.
  identifier TEXT,
  fingerprint BLOB,
  answer_body TEXT,
  answer_preference TEXT,
  user_id TEXT,
  remarks TEXT,
  reason TEXT,
  -- The run of a balance file. There is no reference: the history outlives the run.
  job_id INTEGER,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX operations_by_identifier ON operations (client_id, identifier) WHERE answer_body IS NOT NULL;

-- The history: one row a change of one account, and one for the balances that it began with.
CREATE TABLE balance_changes (
  change_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  -- 1, 2, 3 … within the account's history. Pruning removes the lowest.
  position INTEGER NOT NULL CHECK (position >= 1),
  -- The account's change before this one, which may have been pruned; null for the first.
  previous_change_id INTEGER,
  operation_id INTEGER NOT NULL REFERENCES operations,
  -- The place in the operation's list, from 0; of a balance file, the line.
  item_index INTEGER NOT NULL,
  record_id TEXT,
  currency TEXT NOT NULL REFERENCES currencies,
  previous_actual INTEGER,
  previous_blocked INTEGER,
  actual INTEGER NOT NULL,
  blocked INTEGER NOT NULL CHECK (blocked >= 0),
  -- The amounts as sent, in minor units of sent_currency, and the exact rate from there.
  sent_actual INTEGER NOT NULL,
  sent_blocked INTEGER NOT NULL,
  sent_currency TEXT NOT NULL REFERENCES currencies,
  rate TEXT NOT NULL,
  -- From when on the rate holds; of two, the older. Null without a conversion.
  rate_effective_at_ms INTEGER
) STRICT;

CREATE INDEX balance_changes_by_operation ON balance_changes (operation_id);

-- How far the history was pruned: of the operations before this number only the newest change of each account is left.
CREATE TABLE pruning (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  before_operation_id INTEGER NOT NULL
) STRICT;

INSERT INTO pruning (one, before_operation_id) VALUES (1, 0);

-- Balances saved under a name. A snapshot never changes after it was saved.
CREATE TABLE snapshots (
  snapshot_id INTEGER PRIMARY KEY,
  -- Null while the snapshot is made or removed. A service that starts removes what another has left so.
  name TEXT UNIQUE,
  saved_at_ms INTEGER NOT NULL,
  -- 1 when every account of its time is in it, so that any other account is new since.
  covers_all INTEGER NOT NULL CHECK (covers_all IN (0, 1)),
  account_count INTEGER NOT NULL
) STRICT;

-- There is no reference to accounts: the balances of a deleted account stay saved.
CREATE TABLE snapshot_balances (
  snapshot_id INTEGER NOT NULL REFERENCES snapshots,
  account_id INTEGER NOT NULL,
  -- Which account under the number it was; null in a snapshot that was uploaded as a file.
  incarnation INTEGER,
  client_id INTEGER NOT NULL,
  currency TEXT NOT NULL REFERENCES currencies,
  actual INTEGER NOT NULL,
  blocked INTEGER NOT NULL CHECK (blocked >= 0),
  PRIMARY KEY (snapshot_id, account_id)
) STRICT, WITHOUT ROWID;

-- The processor's daily balance files. A file is known by its name within its client, however often it is sent.
CREATE TABLE balance_file_names (
  file_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  -- Null once the file is forgotten: a prune then removes its rows, and no record of it counts any more.
  file_name TEXT,
  UNIQUE (client_id, file_name)
) STRICT;

-- One row each time that a file is sent.
CREATE TABLE balance_files (
  job_id INTEGER PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES balance_file_names,
  dry_run INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
  started_at_ms INTEGER NOT NULL,
  -- The process that reads the file moves this time on. When it has passed without an outcome, the run was interrupted.
  lease_until_ms INTEGER NOT NULL,
  -- Null while the file is read, and of an interrupted run for ever. So is the outcome.
  finished_at_ms INTEGER,
  outcome TEXT CHECK (outcome IN ('done', 'broken-off')),
  -- Why the file was broken off, in words.
  reason TEXT,
  total_records INTEGER NOT NULL DEFAULT 0,
  failed_records INTEGER NOT NULL DEFAULT 0,
  -- Those that passed because an earlier run of the file has set them.
  repeated_records INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The records that were applied, each once for every account that it has set: a token may have moved to another
-- account, and a deleted account's number may have been given anew. A failed record leaves nothing here. All rows of a
-- record have the same file and fingerprint.
CREATE TABLE balance_file_records (
  client_id INTEGER NOT NULL REFERENCES clients,
  record_id TEXT NOT NULL,
  file_id INTEGER NOT NULL REFERENCES balance_file_names,
  fingerprint BLOB NOT NULL,
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  -- The run that applied it. There is no reference: the row outlives the run.
  job_id INTEGER NOT NULL,
  PRIMARY KEY (client_id, record_id, account_id, incarnation)
) STRICT, WITHOUT ROWID;

-- What a file has set each account to, so that none of its rows sets one to anything else.
CREATE TABLE balance_file_accounts (
  file_id INTEGER NOT NULL REFERENCES balance_file_names,
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  actual INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  -- Where it was set first. There is no reference: the row outlives the run.
  job_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  PRIMARY KEY (file_id, account_id, incarnation)
) STRICT, WITHOUT ROWID;

-- The feedback: the failed rows as they came.
CREATE TABLE balance_file_failures (
  job_id INTEGER NOT NULL REFERENCES balance_files,
  line INTEGER NOT NULL,
  row TEXT NOT NULL,
  -- How the administrative message names the row: its account or token, or else its line.
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (job_id, line)
) STRICT, WITHOUT ROWID;

-- What clients report to their AML monitor: one row an accepted report. It outlives the account that it is about.
CREATE TABLE reported_balances (
  reported_balance_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  communication_number TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  balance_type TEXT,
  business_unit TEXT,
  -- The two in one, for an index that leads from series to series. No text of a report has a control character in it.
  series TEXT NOT NULL,
  requester TEXT NOT NULL,
  -- UTC with nine decimals of a second (2023-09-05T08:07:34.605000000Z): of one width, so that text sorts as time.
  balance_at TEXT NOT NULL CHECK (length(balance_at) = 30),
  -- Numbers in major units as their sender wrote them, in the grammar of JSON.
  value TEXT NOT NULL,
  equivalent_value TEXT,
  reported_at_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX reported_balances_by_communication_number ON reported_balances (client_id, communication_number);
CREATE INDEX reported_balances_by_time ON reported_balances (account_id, incarnation, balance_at, reported_balance_id);
CREATE INDEX reported_balances_by_series
  ON reported_balances (account_id, incarnation, series, balance_at DESC, reported_balance_id DESC);
