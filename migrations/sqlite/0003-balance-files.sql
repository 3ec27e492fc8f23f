-- The processor's daily balance files: what became of each, and which records were carried out.

CREATE TABLE balance_files (
  job_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  file_name TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  -- Null while the file is being read, and for ever when the service stopped in the middle of it.
  finished_at_ms INTEGER,
  total_records INTEGER NOT NULL DEFAULT 0,
  failed_records INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A record that was carried out is never carried out again. One that failed leaves nothing here and may come again.
CREATE TABLE balance_file_records (
  client_id INTEGER NOT NULL REFERENCES clients,
  record_id TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  PRIMARY KEY (client_id, record_id)
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
