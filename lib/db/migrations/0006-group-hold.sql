-- Holds made with a rollback of several services: one for all of them.

ALTER TABLE hold ADD COLUMN group_id text REFERENCES group_rollback;
CREATE INDEX hold_by_group ON hold (group_id) WHERE ended_at IS NULL;
