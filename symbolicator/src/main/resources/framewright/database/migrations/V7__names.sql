-- Debug files by the name they were sent with, as debuginfod's clients ask /metadata for builds of a file.
CREATE INDEX debug_file_name ON debug_file (organization_id, name);
