-- Sessions, plans, rollbacks and the record. Runs on PostgreSQL 15 to 18.

CREATE TABLE session (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),   -- SHA-256 of the random id in the cookie
  issuer text NOT NULL, subject text NOT NULL, name text NOT NULL, email text,
  groups text[] NOT NULL, groups_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  tokens bytea, renewing_until timestamptz,             -- the provider's tokens, encrypted; renewal claimed
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,                      -- fixed at sign-in, never moved
  ended_at timestamptz, revoked_at timestamptz);
CREATE INDEX session_by_person ON session (issuer, subject);

CREATE TABLE plan (
  id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  issuer text NOT NULL, subject text NOT NULL, target text NOT NULL, service_arn text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('copy', 'stop')),
  body text NOT NULL,                                   -- canonical JSON of everything shown, no values
  body_sha256 text NOT NULL CHECK (body_sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex')),
  decision_sha256 text NOT NULL);
CREATE INDEX plan_by_age ON plan (created_at);

CREATE TABLE rollback (
  id text PRIMARY KEY CHECK (id ~ '^rb-[0-9a-z]{6,12}$'),
  plan_id uuid NOT NULL UNIQUE REFERENCES plan,
  kind text NOT NULL CHECK (kind IN ('copy', 'stop')),
  target text NOT NULL, cluster text NOT NULL, service text NOT NULL, service_arn text NOT NULL,
  session_id bytea NOT NULL, by_issuer text NOT NULL, by_subject text NOT NULL, by_name text NOT NULL, by_email text,
  why text, details text, ticked text[] NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'starting',
  reason text, copy_arn text, deployment_id text, intent_at timestamptz,
  lease_owner uuid NOT NULL, lease_until timestamptz NOT NULL,
  reading jsonb, created_at timestamptz NOT NULL DEFAULT clock_timestamp(), ended_at timestamptz,
  CHECK ((state IN ('succeeded','failed','superseded','not-applied','closed')) = (ended_at IS NOT NULL)),
  CHECK (state IN ('starting','sending','watching','unknown') OR ended_at IS NOT NULL),
  CHECK (state NOT IN ('sending','watching','unknown') OR intent_at IS NOT NULL));
CREATE UNIQUE INDEX rollback_one_active ON rollback (service_arn) WHERE ended_at IS NULL;
CREATE INDEX rollback_by_service ON rollback (service_arn, created_at DESC);
CREATE INDEX rollback_by_lease ON rollback (lease_until) WHERE ended_at IS NULL;

CREATE TABLE record_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, hash text NOT NULL);
INSERT INTO record_head VALUES (true, 0, repeat('0', 64));
CREATE TABLE record (
  seq bigint PRIMARY KEY, at timestamptz NOT NULL, kind text NOT NULL, rollback_id text, target text,
  payload text NOT NULL CHECK (octet_length(payload) <= 32768), hash text NOT NULL UNIQUE);
CREATE INDEX record_by_rollback ON record (rollback_id, seq) WHERE rollback_id IS NOT NULL;
CREATE INDEX record_by_kind ON record (kind, seq DESC);

-- Runs with the owner's rights: the application's role may not touch the head by itself.
CREATE FUNCTION record_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE h record_head%ROWTYPE; j jsonb := NEW.payload::jsonb;
BEGIN
  SELECT * INTO h FROM record_head FOR UPDATE;          -- serialises writers: no gap, one order
  NEW.seq := h.seq + 1; NEW.at := clock_timestamp();
  NEW.kind := j->>'kind'; NEW.rollback_id := j->>'rollback'; NEW.target := j->>'target';
  NEW.hash := encode(sha256(convert_to(h.hash || E'\n' || NEW.seq || E'\n'
    || (extract(epoch FROM NEW.at) * 1000000)::bigint || E'\n' || NEW.payload, 'UTF8')), 'hex');
  UPDATE record_head SET seq = NEW.seq, hash = NEW.hash;
  RETURN NEW;
END $$;
CREATE TRIGGER record_chain BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION record_chain();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% never changes', TG_TABLE_NAME; END $$;
CREATE TRIGGER record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_fixed BEFORE UPDATE ON plan EXECUTE FUNCTION refuse_change();

CREATE FUNCTION rollback_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'rollback % has ended', OLD.id; END IF;
  IF (NEW.id, NEW.plan_id, NEW.service_arn, NEW.created_at) <> (OLD.id, OLD.plan_id, OLD.service_arn, OLD.created_at)
    THEN RAISE EXCEPTION 'rollback %: identity is fixed', OLD.id; END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
    'starting>sending', 'starting>not-applied', 'sending>watching', 'sending>unknown', 'sending>not-applied',
    'unknown>watching', 'unknown>not-applied', 'unknown>closed',
    'watching>succeeded', 'watching>failed', 'watching>superseded')
    THEN RAISE EXCEPTION 'rollback %: % to % is no transition', OLD.id, OLD.state, NEW.state; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rollback_guard BEFORE UPDATE ON rollback FOR EACH ROW EXECUTE FUNCTION rollback_guard();

CREATE TABLE revision (arn text PRIMARY KEY, summary jsonb NOT NULL, seen_at timestamptz NOT NULL);  -- no values

-- Written to see whether writes work, and for nothing else.
CREATE TABLE probe (one boolean PRIMARY KEY DEFAULT true CHECK (one), at timestamptz NOT NULL DEFAULT clock_timestamp());
INSERT INTO probe DEFAULT VALUES;
