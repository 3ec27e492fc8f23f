-- The journal: the newest requests to a dialect, refused ones too, each with its body and its answer as they came. It
-- is written up to a second behind the answers. Nothing else refers to it: balances and history are true without it.
CREATE TABLE requests (
  request_id bigint PRIMARY KEY,
  received_at_ms bigint NOT NULL,
  duration_us bigint NOT NULL CHECK (duration_us >= 0),
  -- The header x-request-id of the answer, by which the log names the request.
  x_request_id text COLLATE "C" NOT NULL,
  dialect text COLLATE "C" NOT NULL,
  -- The client whose key was sent. Null for a request without a key that is known.
  client_id bigint,
  method text COLLATE "C" NOT NULL,
  -- The route's path; "unknown" for a request that reached none.
  route text COLLATE "C" NOT NULL,
  identifier text COLLATE "C",
  preferences text COLLATE "C",
  -- Null where the query was refused: it may have been meant so, or not.
  dry_run bigint CHECK (dry_run IN (0, 1)),
  replayed bigint NOT NULL CHECK (replayed IN (0, 1)),
  -- The request that this one repeats, sent by the sandbox itself.
  resent_from bigint,
  -- The HTTP status. Null where the client hung up before its answer.
  status bigint,
  -- The dialect's own code of the answer: error_id, or errorCode.
  code text COLLATE "C",
  items bigint,
  failed_items bigint,
  -- What was wrong, in the words of the answer, or their beginning.
  note text COLLATE "C",
  -- One line each for the accounts (a:), tokens (t:) and external references (e:) of the body. Null where redacted.
  subjects text COLLATE "C",
  -- 1 where numbers of accounts and tokens are masked.
  redacted bigint NOT NULL CHECK (redacted IN (0, 1)),
  body_bytes bigint NOT NULL,
  -- What the row counts for JOURNAL_BYTES.
  kept_bytes bigint NOT NULL,
  answer text COLLATE "C",
  body bytea
);

INSERT INTO sequences (name, last_number) VALUES ('request', 0);
