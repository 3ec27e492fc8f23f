-- Everything that stip-sandbox keeps, as in migrations/sqlite. Every commit leaves every table true: you may read them
-- with any tool. Only what CockroachDB and YugabyteDB have as well: no triggers, sequences, domains, deferred checks.
--
-- Balances are whole numbers of minor units of the currency that stands beside them or at their account.
-- Times end in _ms: milliseconds since 1970-01-01T00:00:00Z. Currencies are ISO 4217 numeric codes, three digits.

-- The last number drawn for each kind of row. A number is never drawn twice, also after its row was deleted. Numbers
-- are drawn in transactions of their own, so that nobody waits for another's commit.
CREATE TABLE sequences (
  name text COLLATE "C" PRIMARY KEY,
  last_number bigint NOT NULL CHECK (last_number >= 0)
);

INSERT INTO sequences (name, last_number)
VALUES ('operation', 0), ('change', 0), ('snapshot', 0), ('file', 0), ('job', 0), ('report', 0);

-- How many decimals a minor unit stands for. Stored amounts keep their value, whatever a later ISO 4217 says.
CREATE TABLE currencies (
  numeric_code text COLLATE "C" PRIMARY KEY CHECK (length(numeric_code) = 3),
  alpha_code text COLLATE "C" NOT NULL,
  minor_unit_decimals bigint NOT NULL CHECK (minor_unit_decimals >= 0)
);

CREATE TABLE clients (
  client_id bigint PRIMARY KEY CHECK (client_id BETWEEN 1 AND 2147483647),
  name text COLLATE "C" NOT NULL,
  created_at_ms bigint NOT NULL
);

-- A key opens one dialect: Paymentology's X-API-KEY, or AMLYZE's bearer token. Only its SHA-256 is kept.
CREATE TABLE api_keys (
  key_hash bytea PRIMARY KEY,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('paymentology', 'amlyze')),
  client_id bigint NOT NULL REFERENCES clients,
  created_at_ms bigint NOT NULL
);

CREATE UNIQUE INDEX api_keys_by_client ON api_keys (client_id, kind);

-- What hardly ever changes of an account. Account numbers and tokens are the processor's: unique across all clients.
CREATE TABLE accounts (
  account_id bigint PRIMARY KEY CHECK (account_id >= 1),
  -- A number may be given anew after its account was deleted: 1 for the first account under it, 2 for the next.
  incarnation bigint NOT NULL CHECK (incarnation >= 1),
  client_id bigint NOT NULL REFERENCES clients,
  currency text COLLATE "C" NOT NULL REFERENCES currencies,
  external_reference text COLLATE "C"
);

CREATE INDEX accounts_by_client ON accounts (client_id);
CREATE UNIQUE INDEX accounts_by_external_reference ON accounts (client_id, external_reference)
  WHERE external_reference IS NOT NULL;

-- The balances of each account, as its newest change has set them.
CREATE TABLE balances (
  account_id bigint PRIMARY KEY REFERENCES accounts,
  actual bigint NOT NULL,
  blocked bigint NOT NULL CHECK (blocked >= 0),
  -- That change, and its place in the account's history. From there each change leads to the one before it.
  last_change_id bigint NOT NULL,
  position bigint NOT NULL CHECK (position >= 1),
  updated_at_ms bigint NOT NULL
);

CREATE TABLE tokens (
  token bigint PRIMARY KEY CHECK (token >= 1),
  account_id bigint NOT NULL REFERENCES accounts
);

CREATE INDEX tokens_by_account ON tokens (account_id);

-- What is left of a deleted account: where its history ends. It goes when all of that history is pruned.
CREATE TABLE deleted_accounts (
  account_id bigint NOT NULL,
  incarnation bigint NOT NULL,
  client_id bigint NOT NULL REFERENCES clients,
  currency text COLLATE "C" NOT NULL REFERENCES currencies,
  last_change_id bigint NOT NULL,
  position bigint NOT NULL,
  deleted_at_ms bigint NOT NULL,
  PRIMARY KEY (account_id, incarnation)
);

-- The last of the accounts under a number whose past was pruned, so that a later account is never taken for it.
CREATE TABLE pruned_accounts (
  account_id bigint PRIMARY KEY,
  incarnation bigint NOT NULL
);

-- One unit of the base currency is worth `rate` units of the quote currency, an exact decimal. The rate of a pair that
-- applies at a time is the newest that is effective by then.
CREATE TABLE rates (
  base text COLLATE "C" NOT NULL,
  quote text COLLATE "C" NOT NULL,
  effective_at_ms bigint NOT NULL CHECK (effective_at_ms >= 0),
  rate text COLLATE "C" NOT NULL,
  PRIMARY KEY (base, quote, effective_at_ms)
);

-- An operation is one request, file or command that changed balances: who asked, when, and the answer to be replayed.
CREATE TABLE operations (
  operation_id bigint PRIMARY KEY,
  source text COLLATE "C" NOT NULL,
  client_id bigint REFERENCES clients,
  -- The three go together: what identifies the request, what it meant, and the answer. A pruned answer leaves the
  -- identifier.
  identifier text COLLATE "C",
  fingerprint bytea,
  answer_body text COLLATE "C",
  answer_preference text COLLATE "C",
  user_id text COLLATE "C",
  remarks text COLLATE "C",
  reason text COLLATE "C",
  -- The run of a balance file. There is no reference: the history outlives the run.
  job_id bigint,
  created_at_ms bigint NOT NULL
);

CREATE UNIQUE INDEX operations_by_identifier ON operations (client_id, identifier) WHERE answer_body IS NOT NULL;

-- The history: one row a change of one account, and one for the balances that it began with. Operations and currencies
-- are not referred to by a constraint: its look-up for each of 25 changes takes as long as all else of an update.
-- `verify` looks for what is missing.
CREATE TABLE balance_changes (
  change_id bigint PRIMARY KEY,
  account_id bigint NOT NULL,
  incarnation bigint NOT NULL,
  -- 1, 2, 3 … within the account's history. Pruning removes the lowest.
  position bigint NOT NULL CHECK (position >= 1),
  -- The account's change before this one, which may have been pruned; null for the first.
  previous_change_id bigint,
  operation_id bigint NOT NULL,
  -- The place in the operation's list, from 0; of a balance file, the line.
  item_index bigint NOT NULL,
  record_id text COLLATE "C",
  currency text COLLATE "C" NOT NULL,
  previous_actual bigint,
  previous_blocked bigint,
  actual bigint NOT NULL,
  blocked bigint NOT NULL CHECK (blocked >= 0),
  -- The amounts as sent, in minor units of sent_currency, and the exact rate from there.
  sent_actual bigint NOT NULL,
  sent_blocked bigint NOT NULL,
  sent_currency text COLLATE "C" NOT NULL,
  rate text COLLATE "C" NOT NULL,
  -- From when on the rate holds; of two, the older. Null without a conversion.
  rate_effective_at_ms bigint
);

CREATE INDEX balance_changes_by_operation ON balance_changes (operation_id);

-- How far the history was pruned: of the operations before this number only the newest change of each account is left.
CREATE TABLE pruning (
  one bigint PRIMARY KEY CHECK (one = 1),
  before_operation_id bigint NOT NULL
);

INSERT INTO pruning (one, before_operation_id) VALUES (1, 0);

-- Balances saved under a name. A snapshot never changes after it was saved.
CREATE TABLE snapshots (
  snapshot_id bigint PRIMARY KEY,
  -- Null while the snapshot is made or removed. A service that starts removes what another has left so.
  name text COLLATE "C" UNIQUE,
  saved_at_ms bigint NOT NULL,
  -- 1 when every account of its time is in it, so that any other account is new since.
  covers_all bigint NOT NULL CHECK (covers_all IN (0, 1)),
  account_count bigint NOT NULL
);

-- There is no reference to accounts: the balances of a deleted account stay saved.
CREATE TABLE snapshot_balances (
  snapshot_id bigint NOT NULL REFERENCES snapshots,
  account_id bigint NOT NULL,
  -- Which account under the number it was; null in a snapshot that was uploaded as a file.
  incarnation bigint,
  client_id bigint NOT NULL,
  currency text COLLATE "C" NOT NULL REFERENCES currencies,
  actual bigint NOT NULL,
  blocked bigint NOT NULL CHECK (blocked >= 0),
  PRIMARY KEY (snapshot_id, account_id)
);

-- The processor's daily balance files. A file is known by its name within its client, however often it is sent.
CREATE TABLE balance_file_names (
  file_id bigint PRIMARY KEY,
  client_id bigint NOT NULL REFERENCES clients,
  -- Null once the file is forgotten: a prune then removes its rows, and no record of it counts any more.
  file_name text COLLATE "C",
  UNIQUE (client_id, file_name)
);

-- One row each time that a file is sent.
CREATE TABLE balance_files (
  job_id bigint PRIMARY KEY,
  file_id bigint NOT NULL REFERENCES balance_file_names,
  dry_run bigint NOT NULL CHECK (dry_run IN (0, 1)),
  started_at_ms bigint NOT NULL,
  -- The process that reads the file moves this time on. When it has passed without an outcome, the run was interrupted.
  lease_until_ms bigint NOT NULL,
  -- Null while the file is read, and of an interrupted run for ever. So is the outcome.
  finished_at_ms bigint,
  outcome text COLLATE "C" CHECK (outcome IN ('done', 'broken-off')),
  -- Why the file was broken off, in words.
  reason text COLLATE "C",
  total_records bigint NOT NULL DEFAULT 0,
  failed_records bigint NOT NULL DEFAULT 0,
  -- Those that passed because an earlier run of the file has set them.
  repeated_records bigint NOT NULL DEFAULT 0
);

-- The records that were applied, each once for every account that it has set: a token may have moved to another
-- account, and a deleted account's number may have been given anew. A failed record leaves nothing here. All rows of a
-- record have the same file and fingerprint.
CREATE TABLE balance_file_records (
  client_id bigint NOT NULL REFERENCES clients,
  record_id text COLLATE "C" NOT NULL,
  file_id bigint NOT NULL REFERENCES balance_file_names,
  fingerprint bytea NOT NULL,
  account_id bigint NOT NULL,
  incarnation bigint NOT NULL,
  -- The run that applied it. There is no reference: the row outlives the run.
  job_id bigint NOT NULL,
  PRIMARY KEY (client_id, record_id, account_id, incarnation)
);

-- What a file has set each account to, so that none of its rows sets one to anything else.
CREATE TABLE balance_file_accounts (
  file_id bigint NOT NULL REFERENCES balance_file_names,
  account_id bigint NOT NULL,
  incarnation bigint NOT NULL,
  actual bigint NOT NULL,
  blocked bigint NOT NULL,
  -- Where it was set first. There is no reference: the row outlives the run.
  job_id bigint NOT NULL,
  line bigint NOT NULL,
  PRIMARY KEY (file_id, account_id, incarnation)
);

-- The feedback: the failed rows as they came.
CREATE TABLE balance_file_failures (
  job_id bigint NOT NULL REFERENCES balance_files,
  line bigint NOT NULL,
  row text COLLATE "C" NOT NULL,
  -- How the administrative message names the row: its account or token, or else its line.
  subject text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  PRIMARY KEY (job_id, line)
);

-- What clients report to their AML monitor: one row an accepted report. It outlives the account that it is about.
CREATE TABLE reported_balances (
  reported_balance_id bigint PRIMARY KEY,
  client_id bigint NOT NULL REFERENCES clients,
  communication_number text COLLATE "C" NOT NULL,
  account_id bigint NOT NULL,
  incarnation bigint NOT NULL,
  balance_type text COLLATE "C",
  business_unit text COLLATE "C",
  -- The two in one, for an index that leads from series to series. No text of a report has a control character in it.
  series text COLLATE "C" NOT NULL,
  requester text COLLATE "C" NOT NULL,
  -- UTC with nine decimals of a second (2023-09-05T08:07:34.605000000Z): of one width, so that text sorts as time.
  balance_at text COLLATE "C" NOT NULL CHECK (length(balance_at) = 30),
  -- Numbers in major units as their sender wrote them, in the grammar of JSON.
  value text COLLATE "C" NOT NULL,
  equivalent_value text COLLATE "C",
  reported_at_ms bigint NOT NULL
);

CREATE UNIQUE INDEX reported_balances_by_communication_number ON reported_balances (client_id, communication_number);
CREATE INDEX reported_balances_by_time ON reported_balances (account_id, incarnation, balance_at, reported_balance_id);
CREATE INDEX reported_balances_by_series
  ON reported_balances (account_id, incarnation, series, balance_at DESC, reported_balance_id DESC);
