-- The sender asks for the advices of each client apart: an issuer that is slow keeps no other waiting.
DROP INDEX advices_due;
CREATE INDEX advices_due ON advices (client_id, next_at_ms, rid) WHERE next_at_ms IS NOT NULL;
