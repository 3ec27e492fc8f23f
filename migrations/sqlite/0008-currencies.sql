-- Stored amounts are minor units, and how many decimals those stand for must not hang on what a later ISO 4217 says.
-- So the database remembers it of every currency that any version of the service, which opened it, has known.
CREATE TABLE currencies (
  numeric_code TEXT PRIMARY KEY CHECK (length(numeric_code) = 3),
  alpha_code TEXT NOT NULL,
  minor_unit_decimals INTEGER NOT NULL CHECK (minor_unit_decimals >= 0)
) STRICT, WITHOUT ROWID;
