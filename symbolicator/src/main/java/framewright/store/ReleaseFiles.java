package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Single files of releases, each project's own. */
public final class ReleaseFiles {
    private static final String ALL = "SELECT f.*, b.sha1, b.size FROM release_file f"
            + " JOIN blob b ON b.digest = f.digest JOIN release r ON r.id = f.release_id ";

    private final Database database;
    private final Uses uses;
    private final InstantSource clock;

    ReleaseFiles(Database database, Uses uses, InstantSource clock) {
        this.database = database;
        this.uses = uses;
        this.clock = clock;
    }

    /**
     * Adds a file, in place of one of the same name and dist.
     *
     * @param digest of a blob that {@link Store#keep} has given
     * @param headers without line breaks
     */
    public ReleaseFile put(
            Release release, Project project, String dist, String name, Map<String, String> headers, Digest digest) {
        long now = clock.millis();
        return database.write(sql -> {
            Store.touch(sql, digest, now);
            sql.update(
                    "INSERT INTO release_file (release_id, project_id, dist, name, headers, digest, created, used)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release_id, project_id, dist, name)"
                            + " DO UPDATE SET headers = excluded.headers, digest = excluded.digest,"
                            + " created = excluded.created, used = excluded.used",
                    release.id(),
                    project.id(),
                    dist,
                    name,
                    text(headers),
                    digest.hex(),
                    now,
                    now);
            Tenants.changed(sql, release.organization());
            ReleaseFile kept = sql.first(
                    ALL + "WHERE f.release_id = ? AND f.project_id = ? AND f.dist = ? AND f.name = ?",
                    ReleaseFiles::file,
                    release.id(),
                    project.id(),
                    dist,
                    name);
            if (kept == null) {
                throw new IllegalStateException("what was inserted is not there");
            }
            return kept;
        });
    }

    /** Of a project, by their keys. */
    public List<ReleaseFile> list(Release release, Project project, long after, int limit) {
        return database.read(sql -> sql.all(
                ALL + "WHERE f.release_id = ? AND f.project_id = ? AND f.id > ? ORDER BY f.id LIMIT " + limit,
                ReleaseFiles::file,
                release.id(),
                project.id(),
                after));
    }

    /**
     * Those of a release with such addresses, the project's own first, then the newer.
     *
     * @param stems of the addresses, each a part of the name of a file
     */
    public List<ReleaseFile> find(Tenancy who, String release, String dist, Collection<String> stems, int limit) {
        Map<Long, ReleaseFile> found = new LinkedHashMap<>();
        for (String stem : stems) {
            database.read(sql -> sql.all(
                            ALL + "WHERE r.organization_id = ? AND r.version = ? AND f.dist = ?"
                                    + " AND f.name LIKE ? ESCAPE '\\'"
                                    + " ORDER BY CASE WHEN f.project_id = ? THEN 0 ELSE 1 END, f.id DESC LIMIT "
                                    + limit,
                            ReleaseFiles::file,
                            who.organization(),
                            release,
                            dist,
                            Sql.containing(stem),
                            who.preferred()))
                    .forEach(file -> found.putIfAbsent(file.id(), file));
        }
        return found.values().stream().limit(limit).map(this::used).toList();
    }

    public @Nullable ReleaseFile get(Tenancy who, long id) {
        ReleaseFile file = database.read(sql -> sql.first(
                ALL + "WHERE f.id = ? AND r.organization_id = ?", ReleaseFiles::file, id, who.organization()));
        return file == null ? null : used(file);
    }

    private ReleaseFile used(ReleaseFile file) {
        uses.note(file);
        return file;
    }

    /** Whether it was there. */
    public boolean delete(Release release, Project project, long id) {
        return database.write(sql -> {
            Tenants.changed(sql, release.organization());
            return sql.update(
                            "DELETE FROM release_file WHERE id = ? AND release_id = ? AND project_id = ?",
                            id,
                            release.id(),
                            project.id())
                    == 1;
        });
    }

    private static String text(Map<String, String> headers) {
        return headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            String[] parts = line.split(":", 2);
            headers.put(parts[0], parts[1]);
        });
        return headers;
    }

    private static ReleaseFile file(ResultSet row) throws SQLException {
        return new ReleaseFile(
                row.getLong("id"),
                row.getString("dist"),
                row.getString("name"),
                headers(row.getString("headers")),
                new Digest(row.getString("digest")),
                row.getString("sha1"),
                row.getLong("size"),
                Instant.ofEpochMilli(row.getLong("created")));
    }
}
