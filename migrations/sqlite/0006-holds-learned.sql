-- The newest message when the issuer acknowledged the hold's advice: what it answers to that one, or to an older one,
-- may not contain the hold. Null until then, and where the sender of balances knew of the hold before.
ALTER TABLE holds ADD COLUMN learned_behind_rid INTEGER;
