-- Stand-in: cards, rules, payments, what the issuer was asked and told, and the holds that stand-in approvals made.

-- A token is a card. Without an expiry it is valid for ever.
ALTER TABLE tokens ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'active'
  CHECK (state IN ('active', 'not_activated', 'lost', 'stolen', 'restricted', 'closed'));
-- The last month in which the card is valid: 2029-11.
ALTER TABLE tokens ADD COLUMN expiry text COLLATE "C" CHECK (length(expiry) = 7);

-- How many open holds of the account its issuer does not know of, or were lost. Set together with the holds, so that
-- who sets balances sees it in the row that is locked anyway.
ALTER TABLE balances ADD COLUMN unaware_holds bigint NOT NULL DEFAULT 0 CHECK (unaware_holds >= 0);
-- The newest message (RID) whose SHADOW has set the balances. That of an older one comes too late.
ALTER TABLE balances ADD COLUMN shadow_rid bigint;

-- The payment whose decision, or whose SHADOW, changed balances.
ALTER TABLE operations ADD COLUMN tid bigint;

-- The payments whose holds this change wiped, with commas between them: the sender did not know of them.
ALTER TABLE balance_changes ADD COLUMN lost_holds text COLLATE "C";

-- How stand-in decides for a client. A client without a row has the defaults of the domain.
CREATE TABLE client_stand_in (
  client_id bigint PRIMARY KEY REFERENCES clients,
  -- The settings as a JSON object.
  settings text COLLATE "C" NOT NULL
);

-- Where a client's issuer is asked. A client without a row has no issuer.
CREATE TABLE client_issuers (
  client_id bigint PRIMARY KEY REFERENCES clients,
  -- The settings as a JSON object.
  settings text COLLATE "C" NOT NULL,
  -- 'off': nobody asks the issuer, by hand.
  state text COLLATE "C" NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off'))
);

-- Who switched an issuer on and off, when and why.
CREATE TABLE issuer_transitions (
  transition_id bigint PRIMARY KEY,
  client_id bigint NOT NULL REFERENCES clients,
  state text COLLATE "C" NOT NULL CHECK (state IN ('on', 'off')),
  user_id text COLLATE "C",
  reason text COLLATE "C",
  at_ms bigint NOT NULL
);

CREATE TABLE stand_in_rules (
  rule_id text COLLATE "C" PRIMARY KEY,
  client_id bigint NOT NULL REFERENCES clients,
  priority bigint NOT NULL,
  -- The rule as a JSON object, as it is sent.
  definition text COLLATE "C" NOT NULL
);

CREATE INDEX stand_in_rules_by_client ON stand_in_rules (client_id, priority, rule_id);

-- A transaction is a thread of messages about one payment. Amounts are minor units.
CREATE TABLE transactions (
  tid bigint PRIMARY KEY,
  -- The request to the issuer, sent or not. Null where nobody has such a token.
  rid bigint,
  -- The payment's card, and what it belonged to at that time. Null where nobody has such a token.
  token bigint NOT NULL,
  client_id bigint REFERENCES clients,
  account_id bigint,
  incarnation bigint,
  idempotency_key text COLLATE "C",
  fingerprint bytea,
  -- All that messages about the payment need, a JSON object. Null where nobody has such a token.
  thread text COLLATE "C",
  message_type text COLLATE "C" NOT NULL,
  spend_type text COLLATE "C" NOT NULL,
  entry_mode text COLLATE "C" NOT NULL,
  merchant_category text COLLATE "C" NOT NULL,
  country text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  currency text COLLATE "C" NOT NULL REFERENCES currencies,
  -- In the account's currency. Null where there is no account, or no rate leads there.
  billing_amount bigint CHECK (billing_amount >= 0),
  billing_currency text COLLATE "C" REFERENCES currencies,
  -- 'received' until it is decided. 'reset': its balances were set back to another time.
  state text COLLATE "C" NOT NULL CHECK (state IN ('received', 'approved', 'declined', 'abandoned', 'reset')),
  decided_by text COLLATE "C" CHECK (decided_by IN ('processor', 'issuer', 'stand_in')),
  de39 text COLLATE "C" CHECK (length(de39) = 2),
  reason_code text COLLATE "C" CHECK (length(reason_code) = 3),
  -- Why it was decided so: a JSON object.
  trace text COLLATE "C",
  -- The answer to the one who sent the payment.
  answer_body text COLLATE "C",
  received_at_ms bigint NOT NULL,
  decided_at_ms bigint,
  -- A payment that is not decided by then is abandoned: its process has ended.
  lease_until_ms bigint
);

CREATE INDEX transactions_by_account ON transactions (account_id, received_at_ms);
CREATE INDEX transactions_by_client ON transactions (client_id, tid);
CREATE UNIQUE INDEX transactions_by_idempotency_key ON transactions (idempotency_key);
CREATE INDEX transactions_undecided ON transactions (lease_until_ms) WHERE state = 'received';

-- The messages to an issuer, each as it is sent.
CREATE TABLE messages (
  rid bigint PRIMARY KEY,
  tid bigint NOT NULL REFERENCES transactions,
  -- The message that this one is about; null for a request.
  original_rid bigint,
  feed text COLLATE "C" NOT NULL CHECK (feed IN ('active', 'passive')),
  message_type text COLLATE "C" NOT NULL,
  body text COLLATE "C" NOT NULL,
  created_at_ms bigint NOT NULL,
  -- What came of it: a JSON object. Null while nothing has.
  outcome text COLLATE "C"
);

CREATE INDEX messages_by_transaction ON messages (tid, rid);

-- The outbox: messages that are sent until the issuer acknowledges them.
CREATE TABLE advices (
  rid bigint PRIMARY KEY REFERENCES messages,
  tid bigint NOT NULL,
  client_id bigint NOT NULL REFERENCES clients,
  original_rid bigint NOT NULL,
  feed text COLLATE "C" NOT NULL CHECK (feed IN ('active', 'passive')),
  state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'retrying', 'acknowledged', 'parked', 'cancelled')),
  attempts bigint NOT NULL DEFAULT 0,
  -- When it is sent next. Null once nothing sends it any more. A process that sends it moves the time on, so that no
  -- other sends it meanwhile, and that another does if the process ends.
  next_at_ms bigint,
  acknowledged_at_ms bigint,
  last_error text COLLATE "C"
);

CREATE INDEX advices_due ON advices (next_at_ms, rid) WHERE next_at_ms IS NOT NULL;
CREATE INDEX advices_by_transaction ON advices (tid, rid);
CREATE INDEX advices_by_client ON advices (client_id, rid);

-- What stand-in approvals keep blocked: one row an approval.
CREATE TABLE holds (
  tid bigint PRIMARY KEY REFERENCES transactions,
  account_id bigint NOT NULL,
  incarnation bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  -- What was neither reversed nor released.
  remaining bigint NOT NULL CHECK (remaining BETWEEN 0 AND amount),
  -- 1 while the account's blocked balance contains it.
  counted bigint NOT NULL CHECK (counted IN (0, 1)),
  -- 1 once the issuer has acknowledged its advice, or has sent balances that contain it.
  known bigint NOT NULL CHECK (known IN (0, 1)),
  -- The message that made it: balances as of this RID or a later one contain it.
  rid bigint NOT NULL
);

CREATE INDEX holds_by_account ON holds (account_id) WHERE remaining > 0;

INSERT INTO sequences (name, last_number) VALUES ('transaction', 0), ('message', 0), ('transition', 0);
