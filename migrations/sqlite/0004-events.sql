-- What happened beside changes of balances, for those who listen. Only the newest are kept: it is no history.
CREATE TABLE events (
  event_id INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  -- Null for what concerns every client.
  client_id INTEGER,
  at_ms INTEGER NOT NULL,
  -- A JSON object.
  data TEXT NOT NULL
) STRICT;

INSERT INTO sequences (name, last_number) VALUES ('event', 0);
