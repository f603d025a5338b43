-- Late symbols (framewright.queue) and jobs that warm caches (framewright.warming). Times are milliseconds since 1970.

-- Files that have come of late and that events may wait for; the newest of each id.
CREATE TABLE queue_arrival (
    -- whose events see it; empty: everybody's
    organization TEXT NOT NULL,
    id TEXT NOT NULL,
    -- what tells the file from others of the same id
    artifact TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization, id)
);
CREATE INDEX queue_arrival_at ON queue_arrival (at);

-- The artifact for which the event was last sent again; empty: for none.
ALTER TABLE queue_waiting ADD COLUMN sent_for TEXT NOT NULL DEFAULT '';
CREATE INDEX queue_waiting_id ON queue_waiting (id);

-- When the sources were last asked again.
ALTER TABLE queue_missing ADD COLUMN asked BIGINT NOT NULL DEFAULT 0;

CREATE TABLE warm_job (
    id ${id},
    -- on whose behalf: organization/project, organization/, or empty for the settings
    project TEXT NOT NULL,
    -- why there is this one: the name of a rule, an event, or who asked
    reason TEXT NOT NULL,
    -- what is to be warmed, as the settings write it
    target TEXT NOT NULL,
    max_bytes BIGINT NOT NULL,
    -- files in a minute; 0: as fast as it goes
    rate BIGINT NOT NULL,
    state TEXT NOT NULL,
    files BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    found BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    details TEXT NOT NULL DEFAULT '',
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX warm_job_updated ON warm_job (updated);

-- Which modules requests and events were about, by day; what is needed to ask for them again.
CREATE TABLE module_use (
    -- days since 1970, in UTC
    day BIGINT NOT NULL,
    type TEXT NOT NULL,
    -- the debug id, or the code id where there is none
    id TEXT NOT NULL,
    debug_id TEXT NOT NULL,
    code_id TEXT NOT NULL,
    code_file TEXT NOT NULL,
    debug_file TEXT NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (day, type, id)
);
CREATE INDEX module_use_id ON module_use (id);
CREATE INDEX module_use_code_id ON module_use (code_id);
