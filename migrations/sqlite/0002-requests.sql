-- The journal: the newest requests to a dialect, refused ones too, each with its body and its answer as they came. It
-- is written up to a second behind the answers. Nothing else refers to it: balances and history are true without it.
CREATE TABLE requests (
  request_id INTEGER PRIMARY KEY,
  received_at_ms INTEGER NOT NULL,
  duration_us INTEGER NOT NULL CHECK (duration_us >= 0),
  -- The header x-request-id of the answer, by which the log names the request.
  x_request_id TEXT NOT NULL,
  dialect TEXT NOT NULL,
  -- The client whose key was sent. Null for a request without a key that is known.
  client_id INTEGER,
  method TEXT NOT NULL,
  -- The route's path; "unknown" for a request that reached none.
  route TEXT NOT NULL,
  identifier TEXT,
  preferences TEXT,
  -- Null where the query was refused: it may have been meant so, or not.
  dry_run INTEGER CHECK (dry_run IN (0, 1)),
  replayed INTEGER NOT NULL CHECK (replayed IN (0, 1)),
  -- The request that this one repeats, sent by the sandbox itself.
  resent_from INTEGER,
  -- The HTTP status. Null where the client hung up before its answer.
  status INTEGER,
  -- The dialect's own code of the answer: error_id, or errorCode.
  code TEXT,
  items INTEGER,
  failed_items INTEGER,
  -- What was wrong, in the words of the answer, or their beginning.
  note TEXT,
  -- One line each for the accounts (a:), tokens (t:) and external references (e:) of the body. Null where redacted.
  subjects TEXT,
  -- 1 where numbers of accounts and tokens are masked.
  redacted INTEGER NOT NULL CHECK (redacted IN (0, 1)),
  body_bytes INTEGER NOT NULL,
  -- What the row counts for JOURNAL_BYTES.
  kept_bytes INTEGER NOT NULL,
  answer TEXT,
  body BLOB
) STRICT;

INSERT INTO sequences (name, last_number) VALUES ('request', 0);
