package framewright.store;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Debug files by id. Several for one id are all kept; the better come first. */
public final class DebugFiles {
    private static final String ALL =
            "SELECT f.*, b.sha1, b.size FROM debug_file f JOIN blob b ON b.digest = f.digest ";

    /** The project's own, then those with more in them, then the newer. */
    private static final String BEST_FIRST = """
             ORDER BY CASE WHEN f.project_id = ? THEN 0 ELSE 1 END,
                CASE WHEN f.features LIKE '%debug%' THEN 0 WHEN f.features LIKE '%symtab%' THEN 1 ELSE 2 END,
                f.created DESC, f.id DESC
            """;

    private final Database database;
    private final Uses uses;
    private final InstantSource clock;

    DebugFiles(Database database, Uses uses, InstantSource clock) {
        this.database = database;
        this.uses = uses;
        this.clock = clock;
    }

    /** Adds what a blob holds; what is there already stays, and counts as used. The blob is one that {@link Store#keep} has given. */
    public void add(Project project, Digest digest, Collection<DebugFile.Entry> entries) {
        long now = clock.millis();
        database.write(sql -> {
            Store.touch(sql, digest, now);
            for (DebugFile.Entry entry : entries) {
                sql.update(
                        "INSERT INTO debug_file (organization_id, project_id, digest, kind, object_kind, name, debug_id,"
                                + " code_id, arch, features, created, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (project_id, digest, kind, debug_id, code_id)"
                                + " DO UPDATE SET used = excluded.used",
                        project.organization(),
                        project.id(),
                        digest.hex(),
                        entry.kind(),
                        entry.objectKind(),
                        entry.name(),
                        text(entry.debugId()),
                        text(entry.codeId()),
                        entry.arch(),
                        String.join(",", new TreeSet<>(entry.features())),
                        now,
                        now);
            }
            return null;
        });
    }

    /** With this debug id; where it is null, with the code id. All of them are used now. */
    public List<DebugFile> find(Tenancy who, @Nullable DebugId debugId, @Nullable CodeId codeId) {
        if (debugId == null && codeId == null) {
            return List.of();
        }
        String column = debugId == null ? "f.code_id" : "f.debug_id";
        return used(database.read(sql -> sql.all(
                ALL + "WHERE " + column + " = ? AND f.organization_id = ?" + BEST_FIRST,
                DebugFiles::file,
                debugId == null ? text(codeId) : text(debugId),
                who.organization(),
                who.preferred())));
    }

    private List<DebugFile> used(List<DebugFile> files) {
        files.forEach(uses::note);
        return files;
    }

    /** One by its key. */
    public @Nullable DebugFile get(Tenancy who, long id) {
        return database.read(sql ->
                sql.first(ALL + "WHERE f.id = ? AND f.organization_id = ?", DebugFiles::file, id, who.organization()));
    }

    /** What a project has of the file with this SHA-1, which whoever sends it again uses. */
    public List<DebugFile> ofFile(Project project, String sha1) {
        return used(database.read(sql -> sql.all(
                ALL + "WHERE b.sha1 = ? AND f.project_id = ? ORDER BY f.id", DebugFiles::file, sha1, project.id())));
    }

    /**
     * A page of what a project has, the newest first.
     *
     * @param text in names and ids; empty: all
     * @param before key of the last one of the page before; {@link Long#MAX_VALUE}: the first page
     */
    public List<DebugFile> list(Project project, String text, long before, int limit) {
        String like = "%" + text.replace("%", "").replace("_", "") + "%";
        return database.read(sql -> sql.all(
                ALL + "WHERE f.project_id = ? AND f.id < ? AND (LOWER(f.name) LIKE LOWER(?) OR f.debug_id LIKE LOWER(?)"
                        + " OR f.code_id LIKE LOWER(?)) ORDER BY f.id DESC LIMIT " + limit,
                DebugFiles::file,
                project.id(),
                before,
                like,
                like,
                like));
    }

    /** Whether it was there. */
    public boolean delete(Project project, long id) {
        return database.write(
                        sql -> sql.update("DELETE FROM debug_file WHERE id = ? AND project_id = ?", id, project.id()))
                == 1;
    }

    private static String text(@Nullable Object id) {
        return id == null ? "" : id.toString();
    }

    private static DebugFile file(ResultSet row) throws SQLException {
        DebugFile.Entry entry = new DebugFile.Entry(
                row.getString("kind"),
                row.getString("object_kind"),
                row.getString("name"),
                DebugId.parse(row.getString("debug_id")),
                CodeId.parse(row.getString("code_id")),
                row.getString("arch"),
                features(row.getString("features")));
        return new DebugFile(
                row.getLong("id"),
                row.getLong("project_id"),
                new Digest(row.getString("digest")),
                row.getString("sha1"),
                row.getLong("size"),
                entry,
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("used")));
    }

    private static Set<String> features(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(",", -1));
    }
}
