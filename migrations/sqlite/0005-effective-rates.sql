-- Rates hold from a time on.

-- The rate of a pair that counts at a time is the newest that is effective by then. A rate from before this
-- migration holds from the beginning of time, 1970-01-01T00:00:00Z.
CREATE TABLE effective_rates (
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  effective_at_ms INTEGER NOT NULL CHECK (effective_at_ms >= 0),
  rate TEXT NOT NULL,
  PRIMARY KEY (base, quote, effective_at_ms DESC)
) STRICT, WITHOUT ROWID;

INSERT INTO effective_rates (base, quote, effective_at_ms, rate) SELECT base, quote, 0, rate FROM rates;
DROP TABLE rates;
ALTER TABLE effective_rates RENAME TO rates;
