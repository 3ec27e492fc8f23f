-- What is old can be removed. An operation whose answer is no longer kept may stay for its newest changes: it keeps its
-- identifier for the history, and the client may use that again.
DROP INDEX operations_by_identifier;
CREATE UNIQUE INDEX operations_by_identifier ON operations (client_id, identifier)
  WHERE answer_body IS NOT NULL;
