-- Stand-in: cards, rules, payments, what the issuer was asked and told, and the holds that stand-in approvals made.

-- A token is a card. Without an expiry it is valid for ever.
ALTER TABLE tokens ADD COLUMN state TEXT NOT NULL DEFAULT 'active'
  CHECK (state IN ('active', 'not_activated', 'lost', 'stolen', 'restricted', 'closed'));
-- The last month in which the card is valid: 2029-11.
ALTER TABLE tokens ADD COLUMN expiry TEXT CHECK (length(expiry) = 7);

-- How many open holds of the account its issuer does not know of, or were lost. Set together with the holds, so that
-- who sets balances sees it in the row that is locked anyway.
ALTER TABLE balances ADD COLUMN unaware_holds INTEGER NOT NULL DEFAULT 0 CHECK (unaware_holds >= 0);
-- The newest message (RID) whose SHADOW has set the balances. That of an older one comes too late.
ALTER TABLE balances ADD COLUMN shadow_rid INTEGER;

-- The payment whose decision, or whose SHADOW, changed balances.
ALTER TABLE operations ADD COLUMN tid INTEGER;

-- The payments whose holds this change wiped, with commas between them: the sender did not know of them.
ALTER TABLE balance_changes ADD COLUMN lost_holds TEXT;

-- How stand-in decides for a client. A client without a row has the defaults of the domain.
CREATE TABLE client_stand_in (
  client_id INTEGER PRIMARY KEY REFERENCES clients,
  -- The settings as a JSON object.
  settings TEXT NOT NULL
) STRICT;

-- Where a client's issuer is asked. A client without a row has no issuer.
CREATE TABLE client_issuers (
  client_id INTEGER PRIMARY KEY REFERENCES clients,
  -- The settings as a JSON object.
  settings TEXT NOT NULL,
  -- 'off': nobody asks the issuer, by hand.
  state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off'))
) STRICT;

-- Who switched an issuer on and off, when and why.
CREATE TABLE issuer_transitions (
  transition_id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  state TEXT NOT NULL CHECK (state IN ('on', 'off')),
  user_id TEXT,
  reason TEXT,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE stand_in_rules (
  rule_id TEXT PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES clients,
  priority INTEGER NOT NULL,
  -- The rule as a JSON object, as it is sent.
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX stand_in_rules_by_client ON stand_in_rules (client_id, priority, rule_id);

-- A transaction is a thread of messages about one payment. Amounts are minor units.
CREATE TABLE transactions (
  tid INTEGER PRIMARY KEY,
  -- The request to the issuer, sent or not. Null where nobody has such a token.
  rid INTEGER,
  -- The payment's card, and what it belonged to at that time. Null where nobody has such a token.
  token INTEGER NOT NULL,
  client_id INTEGER REFERENCES clients,
  account_id INTEGER,
  incarnation INTEGER,
  idempotency_key TEXT,
  fingerprint BLOB,
  -- All that messages about the payment need, a JSON object. Null where nobody has such a token.
  thread TEXT,
  message_type TEXT NOT NULL,
  spend_type TEXT NOT NULL,
  entry_mode TEXT NOT NULL,
  merchant_category TEXT NOT NULL,
  country TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  currency TEXT NOT NULL REFERENCES currencies,
  -- In the account's currency. Null where there is no account, or no rate leads there.
  billing_amount INTEGER CHECK (billing_amount >= 0),
  billing_currency TEXT REFERENCES currencies,
  -- 'received' until it is decided. 'reset': its balances were set back to another time.
  state TEXT NOT NULL CHECK (state IN ('received', 'approved', 'declined', 'abandoned', 'reset')),
  decided_by TEXT CHECK (decided_by IN ('processor', 'issuer', 'stand_in')),
  de39 TEXT CHECK (length(de39) = 2),
  reason_code TEXT CHECK (length(reason_code) = 3),
  -- Why it was decided so: a JSON object.
  trace TEXT,
  -- The answer to the one who sent the payment.
  answer_body TEXT,
  received_at_ms INTEGER NOT NULL,
  decided_at_ms INTEGER,
  -- A payment that is not decided by then is abandoned: its process has ended.
  lease_until_ms INTEGER
) STRICT;

CREATE INDEX transactions_by_account ON transactions (account_id, received_at_ms);
CREATE INDEX transactions_by_client ON transactions (client_id, tid);
CREATE UNIQUE INDEX transactions_by_idempotency_key ON transactions (idempotency_key);
CREATE INDEX transactions_undecided ON transactions (lease_until_ms) WHERE state = 'received';

-- The messages to an issuer, each as it is sent.
CREATE TABLE messages (
  rid INTEGER PRIMARY KEY,
  tid INTEGER NOT NULL REFERENCES transactions,
  -- The message that this one is about; null for a request.
  original_rid INTEGER,
  feed TEXT NOT NULL CHECK (feed IN ('active', 'passive')),
  message_type TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- What came of it: a JSON object. Null while nothing has.
  outcome TEXT
) STRICT;

CREATE INDEX messages_by_transaction ON messages (tid, rid);

-- The outbox: messages that are sent until the issuer acknowledges them.
CREATE TABLE advices (
  rid INTEGER PRIMARY KEY REFERENCES messages,
  tid INTEGER NOT NULL,
  client_id INTEGER NOT NULL REFERENCES clients,
  original_rid INTEGER NOT NULL,
  feed TEXT NOT NULL CHECK (feed IN ('active', 'passive')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'retrying', 'acknowledged', 'parked', 'cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When it is sent next. Null once nothing sends it any more. A process that sends it moves the time on, so that no
  -- other sends it meanwhile, and that another does if the process ends.
  next_at_ms INTEGER,
  acknowledged_at_ms INTEGER,
  last_error TEXT
) STRICT;

CREATE INDEX advices_due ON advices (next_at_ms, rid) WHERE next_at_ms IS NOT NULL;
CREATE INDEX advices_by_transaction ON advices (tid, rid);
CREATE INDEX advices_by_client ON advices (client_id, rid);

-- What stand-in approvals keep blocked: one row an approval.
CREATE TABLE holds (
  tid INTEGER PRIMARY KEY REFERENCES transactions,
  account_id INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  -- What was neither reversed nor released.
  remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND amount),
  -- 1 while the account's blocked balance contains it.
  counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
  -- 1 once the issuer has acknowledged its advice, or has sent balances that contain it.
  known INTEGER NOT NULL CHECK (known IN (0, 1)),
  -- The message that made it: balances as of this RID or a later one contain it.
  rid INTEGER NOT NULL
) STRICT;

CREATE INDEX holds_by_account ON holds (account_id) WHERE remaining > 0;

INSERT INTO sequences (name, last_number) VALUES ('transaction', 0), ('message', 0), ('transition', 0);
