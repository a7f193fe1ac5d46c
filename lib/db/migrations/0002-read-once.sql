-- What never changes in AWS and need not be read again after a restart: no values of variables in either.

-- A family's summaries stand together; the primary key's own order depends on the database's collation.
CREATE INDEX revision_by_family ON revision (arn text_pattern_ops);
CREATE INDEX revision_by_age ON revision (seen_at);

CREATE TABLE finished_deployment (arn text PRIMARY KEY, deployment jsonb NOT NULL, seen_at timestamptz NOT NULL);
CREATE INDEX finished_deployment_by_age ON finished_deployment (seen_at);
