-- The processing queue (framewright.queue). Times are milliseconds since 1970.

-- What waits, where the database is the engine. Who takes a message moves its `due` to the end of the lease.
CREATE TABLE queue_message (
    id ${id},
    lane TEXT NOT NULL,
    -- 9 less the message's: the lowest first
    rank BIGINT NOT NULL,
    due BIGINT NOT NULL,
    -- of the delivery; who was overtaken settles nothing
    receipt TEXT NOT NULL,
    deliveries BIGINT NOT NULL,
    created BIGINT NOT NULL,
    name TEXT NOT NULL,
    headers TEXT NOT NULL,
    body ${bytes} NOT NULL
);
CREATE INDEX queue_message_lane ON queue_message (lane, rank, id);

-- What became of an event. The envelope is here as long as the event may run again.
CREATE TABLE queue_event (
    project TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    generation BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    status TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    envelope ${bytes},
    -- SHA-256 of the last answer
    digest TEXT NOT NULL,
    -- the runs that have ended, one a line: none is done twice
    runs TEXT NOT NULL,
    -- of the steps so far, one a line: time in milliseconds, a space, what happened
    path TEXT NOT NULL,
    PRIMARY KEY (project, event)
);
CREATE INDEX queue_event_updated ON queue_event (updated);

-- Answers, one for each generation; `sent` once the engine's readers have it.
CREATE TABLE queue_result (
    -- never given twice: readers go on from the last one that they saw
    id ${growing},
    project TEXT NOT NULL,
    event TEXT NOT NULL,
    generation BIGINT NOT NULL,
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    body ${bytes} NOT NULL,
    UNIQUE (project, event, generation)
);
CREATE INDEX queue_result_at ON queue_result (at);
CREATE INDEX queue_result_unsent ON queue_result (sent, at) WHERE sent = 0;

-- Messages that nobody could work on, with why.
CREATE TABLE queue_dead (
    -- never given twice: readers go on from the last one that they saw
    id ${growing},
    project TEXT NOT NULL,
    event TEXT NOT NULL,
    lane TEXT NOT NULL,
    cause TEXT NOT NULL,
    details TEXT NOT NULL,
    deliveries BIGINT NOT NULL,
    at BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body ${bytes} NOT NULL
);
CREATE INDEX queue_dead_at ON queue_dead (at);

-- What answers lacked, and which events wait for it.
CREATE TABLE queue_missing (
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    cause TEXT NOT NULL,
    events BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (project, kind, id)
);
CREATE INDEX queue_missing_id ON queue_missing (id);
CREATE INDEX queue_missing_seen ON queue_missing (last_seen);

CREATE TABLE queue_waiting (
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (project, kind, id, event)
);
CREATE INDEX queue_waiting_event ON queue_waiting (project, event);
CREATE INDEX queue_waiting_since ON queue_waiting (since);

-- As the library db-scheduler wants it: work that is due at a time, on whichever node.
CREATE TABLE scheduled_tasks (
    task_name TEXT NOT NULL,
    task_instance TEXT NOT NULL,
    task_data ${bytes},
    execution_time ${time} NOT NULL,
    picked BOOLEAN NOT NULL,
    picked_by TEXT,
    last_success ${time},
    last_failure ${time},
    consecutive_failures INT,
    last_heartbeat ${time},
    version BIGINT NOT NULL,
    priority SMALLINT,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
