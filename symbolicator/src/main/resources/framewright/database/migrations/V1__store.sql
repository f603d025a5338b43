-- One schema for SQLite and PostgreSQL. Times are milliseconds since 1970, UTC; ids and digests are lower-case text.
-- ${id} is what each of the two calls a key that counts by itself.

-- revision: one more with every file that comes or goes, so that nodes see at once what another has changed.
CREATE TABLE organization (
    id ${id},
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    revision BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE project (
    id ${id},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (organization_id, slug)
);

-- hash: SHA-256 of the token, which has 256 random bits, so that a slow hash would only slow requests down.
CREATE TABLE token (
    id ${id},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    project_id BIGINT REFERENCES project (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    used BIGINT,
    revoked BIGINT
);

-- A row is here before its blob is put, and a blob before anything names it; what nothing names for a while is deleted.
CREATE TABLE blob (
    digest TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    sha1 TEXT NOT NULL,
    touched BIGINT NOT NULL
);
CREATE INDEX blob_sha1 ON blob (sha1);

CREATE TABLE chunk (
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    sha1 TEXT NOT NULL,
    size BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (organization_id, sha1)
);
CREATE INDEX chunk_created ON chunk (created);

-- How putting the parts of an upload together ended, for clients that come back and ask.
CREATE TABLE assembly (
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    subject TEXT NOT NULL,
    sha1 TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT,
    updated BIGINT NOT NULL,
    PRIMARY KEY (organization_id, subject, sha1)
);
CREATE INDEX assembly_updated ON assembly (updated);

CREATE TABLE debug_file (
    id ${id},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    project_id BIGINT NOT NULL REFERENCES project (id),
    digest TEXT NOT NULL REFERENCES blob (digest),
    kind TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    debug_id TEXT NOT NULL,
    code_id TEXT NOT NULL,
    arch TEXT NOT NULL,
    features TEXT NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT NOT NULL,
    UNIQUE (project_id, digest, kind, debug_id, code_id)
);
CREATE INDEX debug_file_debug_id ON debug_file (debug_id);
CREATE INDEX debug_file_code_id ON debug_file (code_id);
CREATE INDEX debug_file_digest ON debug_file (digest);
CREATE INDEX debug_file_project ON debug_file (project_id, id);
CREATE INDEX debug_file_used ON debug_file (used);
CREATE INDEX debug_file_build ON debug_file (project_id, kind, arch, name, created);

CREATE TABLE release (
    id ${id},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    version TEXT NOT NULL,
    created BIGINT NOT NULL,
    released BIGINT,
    UNIQUE (organization_id, version)
);

CREATE TABLE release_project (
    release_id BIGINT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    project_id BIGINT NOT NULL REFERENCES project (id),
    PRIMARY KEY (release_id, project_id)
);

CREATE TABLE deploy (
    id ${id},
    release_id BIGINT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    environment TEXT NOT NULL,
    name TEXT,
    created BIGINT NOT NULL
);

-- bundle_id: what the maker of the bundle calls it, a hash of its content, so that the same bundle comes once.
CREATE TABLE bundle (
    id ${id},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    digest TEXT NOT NULL REFERENCES blob (digest),
    bundle_id TEXT NOT NULL,
    release TEXT NOT NULL,
    dist TEXT NOT NULL,
    files BIGINT NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT NOT NULL,
    UNIQUE (organization_id, bundle_id, release, dist)
);
CREATE INDEX bundle_digest ON bundle (digest);
CREATE INDEX bundle_used ON bundle (used);
CREATE INDEX bundle_release ON bundle (organization_id, release, dist);

CREATE TABLE bundle_project (
    bundle_id BIGINT NOT NULL REFERENCES bundle (id) ON DELETE CASCADE,
    project_id BIGINT NOT NULL REFERENCES project (id),
    PRIMARY KEY (bundle_id, project_id)
);
CREATE INDEX bundle_project_project ON bundle_project (project_id);

-- stem: the address without host, query and extensions, as clients ask for it.
CREATE TABLE bundle_file (
    bundle_id BIGINT NOT NULL REFERENCES bundle (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    url TEXT NOT NULL,
    stem TEXT NOT NULL,
    type TEXT NOT NULL,
    debug_id TEXT,
    PRIMARY KEY (bundle_id, path)
);
CREATE INDEX bundle_file_debug_id ON bundle_file (debug_id);
CREATE INDEX bundle_file_stem ON bundle_file (stem);

-- Single files of a release, as old clients send them.
CREATE TABLE release_file (
    id ${id},
    release_id BIGINT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    project_id BIGINT NOT NULL REFERENCES project (id),
    dist TEXT NOT NULL,
    name TEXT NOT NULL,
    headers TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES blob (digest),
    created BIGINT NOT NULL,
    used BIGINT NOT NULL,
    UNIQUE (release_id, project_id, dist, name)
);
CREATE INDEX release_file_digest ON release_file (digest);
CREATE INDEX release_file_used ON release_file (used);
CREATE INDEX release_file_project ON release_file (project_id);

-- Which mapping an app's release was built with, for traces that do not name it.
CREATE TABLE proguard_release (
    project_id BIGINT NOT NULL REFERENCES project (id),
    release_name TEXT NOT NULL,
    debug_id TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project_id, release_name, debug_id)
);

CREATE TABLE audit (
    id ${id},
    organization_id BIGINT NOT NULL REFERENCES organization (id),
    happened BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX audit_organization ON audit (organization_id, id);
