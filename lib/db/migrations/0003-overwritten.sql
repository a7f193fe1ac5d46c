-- What a deployment did to a rollback in force: the newest finding of each, until somebody or something closes it.

CREATE TABLE overwrite (
  rollback_id text PRIMARY KEY REFERENCES rollback,
  finding text NOT NULL CHECK (finding IN ('returned-to-bad', 'settings-replaced', 'newer')),
  task_definition text NOT NULL, name text NOT NULL, registered_by text,
  deployed_at timestamptz NOT NULL,                     -- when the deployment that did it began
  found_at timestamptz NOT NULL DEFAULT clock_timestamp(), closed_at timestamptz);
CREATE INDEX rollback_by_success ON rollback (ended_at) WHERE state = 'succeeded';
