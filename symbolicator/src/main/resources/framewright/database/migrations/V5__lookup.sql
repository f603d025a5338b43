-- Look-ups of debug files. All that one answers is in the row, where it was in two tables: what blob says of the content, which
-- never changes. A use changes nothing that an index has, so that noting it writes one page instead of nine; housekeeping, which
-- asks for what was not used for long, reads the table once an hour where settings let something go.
DROP INDEX debug_file_used;
ALTER TABLE debug_file ADD COLUMN sha1 TEXT NOT NULL DEFAULT '';
ALTER TABLE debug_file ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
UPDATE debug_file SET (sha1, size) = (SELECT b.sha1, b.size FROM blob b WHERE b.digest = debug_file.digest);
