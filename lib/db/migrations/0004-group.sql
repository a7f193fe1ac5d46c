-- Rollbacks of several services that were confirmed by one press. Every one of them is an ordinary rollback.

CREATE TABLE group_rollback (
  id text PRIMARY KEY CHECK (id ~ '^gr-[0-9a-z]{6,12}$'),
  target text NOT NULL,
  image text NOT NULL, to_tag text NOT NULL,            -- repository:tag left, and the tag returned to
  first_id text,                                        -- the rollback that goes before the rest; NULL where all start at once
  undoes text REFERENCES group_rollback,
  left_out text NOT NULL,                               -- JSON: services that were chosen and not started, each with why
  by_issuer text NOT NULL, by_subject text NOT NULL, by_name text NOT NULL, by_email text,
  why text, details text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TRIGGER group_rollback_fixed BEFORE UPDATE OR DELETE ON group_rollback
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Which services could be started is known once their rows stand, so the group's row comes last.
ALTER TABLE rollback ADD COLUMN group_id text REFERENCES group_rollback DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX rollback_by_group ON rollback (group_id) WHERE group_id IS NOT NULL;
CREATE TRIGGER rollback_group_fixed BEFORE UPDATE OF group_id ON rollback
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
