-- Rights to send one file each, which Breakpad's clients are given by one request and use in the next ones.
-- hash: SHA-256 of the key. kept: 1 once its file is there.
CREATE TABLE upload_key (
    hash TEXT PRIMARY KEY,
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    project_id BIGINT NOT NULL REFERENCES project (id),
    kept BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX upload_key_created ON upload_key (created);
