-- What happened beside changes of balances, for those who listen. Only the newest are kept: it is no history.
CREATE TABLE events (
  event_id bigint PRIMARY KEY,
  type text COLLATE "C" NOT NULL,
  -- Null for what concerns every client.
  client_id bigint,
  at_ms bigint NOT NULL,
  -- A JSON object.
  data text COLLATE "C" NOT NULL
);

INSERT INTO sequences (name, last_number) VALUES ('event', 0);
