-- How often work on the event was begun, since a run of it has ended, where somebody else may have begun it before.
ALTER TABLE queue_event ADD COLUMN begun BIGINT NOT NULL DEFAULT 0;
