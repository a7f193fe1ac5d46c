-- Holds that pipelines read, who of them asked last about what, and how often each asked within the minute.

CREATE TABLE hold (
  id text PRIMARY KEY CHECK (id ~ '^hold-[0-9a-z]{6,12}$'),
  target text NOT NULL, cluster text, service text,
  repository text,                                      -- what is held where no service is named, else what it ran then
  reason text NOT NULL, by_issuer text NOT NULL, by_subject text NOT NULL, by_name text NOT NULL, by_email text,
  rollback_id text REFERENCES rollback,
  since timestamptz NOT NULL DEFAULT clock_timestamp(), until timestamptz NOT NULL, ended_at timestamptz,
  CHECK ((cluster IS NULL) = (service IS NULL)), CHECK (service IS NOT NULL OR repository IS NOT NULL),
  CHECK (until > since));
CREATE INDEX hold_by_target ON hold (target, until) WHERE ended_at IS NULL;
CREATE INDEX hold_by_rollback ON hold (rollback_id) WHERE ended_at IS NULL;

CREATE TABLE hold_question (
  target text NOT NULL, about text NOT NULL, pipeline text NOT NULL, asked_at timestamptz NOT NULL,
  PRIMARY KEY (target, about, pipeline));
CREATE TABLE hold_caller (
  target text NOT NULL, pipeline text NOT NULL, since timestamptz NOT NULL, asked int NOT NULL,
  PRIMARY KEY (target, pipeline));
