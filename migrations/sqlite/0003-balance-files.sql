-- The processor's daily balance files: what became of each, and which records were carried out.

-- A file is known by its name within its client, however often it is sent.
CREATE TABLE balance_file_names (
  file_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  file_name TEXT NOT NULL,
  UNIQUE (client_id, file_name)
) STRICT;

-- One row each time that a file is sent.
CREATE TABLE balance_files (
  job_id INTEGER PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES balance_file_names,
  dry_run INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
  started_at_ms INTEGER NOT NULL,
  -- Null while the file is being carried out, as is the outcome.
  finished_at_ms INTEGER,
  outcome TEXT CHECK (outcome IN ('done', 'broken-off', 'interrupted')),
  -- Why the file was broken off, in words.
  reason TEXT,
  total_records INTEGER NOT NULL DEFAULT 0,
  failed_records INTEGER NOT NULL DEFAULT 0,
  -- Those that passed because an earlier run of the file has carried them out.
  repeated_records INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A record that was carried out is never carried out again. One that failed leaves nothing here and may come again.
CREATE TABLE balance_file_records (
  client_id INTEGER NOT NULL REFERENCES clients,
  record_id TEXT NOT NULL,
  file_id INTEGER NOT NULL REFERENCES balance_file_names,
  fingerprint BLOB NOT NULL,
  PRIMARY KEY (client_id, record_id)
) STRICT, WITHOUT ROWID;

-- What a file has set accounts to, so that none of its rows sets one to anything else.
CREATE TABLE balance_file_accounts (
  file_id INTEGER NOT NULL REFERENCES balance_file_names,
  account_id INTEGER NOT NULL,
  actual INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  -- Where it was set first. There is no reference: the row outlives the job.
  job_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  PRIMARY KEY (file_id, account_id)
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

-- The way from the history back to the file. Of a file's changes, item_index is the line. There is no reference: the
-- history outlives the job.
ALTER TABLE operations ADD COLUMN job_id INTEGER;
ALTER TABLE balance_changes ADD COLUMN record_id TEXT;
