package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Debug files by id. Several for one id are all kept; the better come first. */
public final class DebugFiles {
    private static final String ALL = "SELECT f.* FROM debug_file f ";

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
                        "INSERT INTO debug_file (organization_id, project_id, digest, sha1, size, kind, object_kind, name,"
                                + " debug_id, code_id, arch, features, created, used)"
                                + " SELECT ?, ?, digest, sha1, size, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM blob WHERE digest = ?"
                                + " ON CONFLICT (project_id, digest, kind, debug_id, code_id)"
                                + " DO UPDATE SET used = excluded.used",
                        project.organization(),
                        project.id(),
                        entry.kind().wireName(),
                        entry.objectKind(),
                        entry.name(),
                        text(entry.debugId()),
                        text(entry.codeId()),
                        entry.arch(),
                        String.join(",", new TreeSet<>(entry.features())),
                        now,
                        now,
                        digest.hex());
            }
            Tenants.changed(sql, project.organization());
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

    /** With this debug id, whatever its appendix: some clients do not know that of a portable PDB. */
    public List<DebugFile> ofAnyAge(Tenancy who, UUID uuid) {
        return database.read(sql -> sql.all(
                ALL + "WHERE f.debug_id BETWEEN ? AND ? AND f.organization_id = ?" + BEST_FIRST,
                DebugFiles::file,
                text(new DebugId(uuid, 0)),
                text(new DebugId(uuid, -1)),
                who.organization(),
                who.preferred()));
    }

    /** One by its key. */
    public @Nullable DebugFile get(Tenancy who, long id) {
        return database.read(sql ->
                sql.first(ALL + "WHERE f.id = ? AND f.organization_id = ?", DebugFiles::file, id, who.organization()));
    }

    /** What a project has of the files with these SHA-1s, by them; whoever sends one again uses it. */
    public Map<String, List<DebugFile>> ofFiles(Project project, Collection<String> sha1s) {
        Map<String, List<DebugFile>> found = new HashMap<>();
        for (List<String> some : Sql.portions(List.copyOf(sha1s))) {
            used(database.read(sql -> sql.all(
                            ALL + "JOIN blob b ON b.digest = f.digest WHERE f.project_id = ? AND b.sha1 IN ("
                                    + Sql.marks(some.size()) + ") ORDER BY f.id",
                            DebugFiles::file,
                            Sql.with(some, project.id()))))
                    .forEach(file -> found.computeIfAbsent(file.sha1(), _ -> new ArrayList<>())
                            .add(file));
        }
        return found;
    }

    /**
     * A page of what a project has, the newest first.
     *
     * @param text in names and ids; empty: all
     * @param before key of the last one of the page before; {@link Long#MAX_VALUE}: the first page
     */
    public List<DebugFile> list(Project project, String text, long before, int limit) {
        String like = Sql.containing(text);
        return database.read(sql -> sql.all(
                ALL + "WHERE f.project_id = ? AND f.id < ? AND (LOWER(f.name) LIKE LOWER(?) ESCAPE '\\'"
                        + " OR f.debug_id LIKE LOWER(?) ESCAPE '\\' OR f.code_id LIKE LOWER(?) ESCAPE '\\') ORDER BY f.id DESC LIMIT "
                        + limit,
                DebugFiles::file,
                project.id(),
                before,
                like,
                like,
                like));
    }

    /**
     * Those that were sent last, the newest first.
     *
     * @param before as for {@link #list}
     */
    public List<DebugFile> newest(Tenancy who, long before, int most) {
        return database.read(sql -> sql.all(
                ALL + "WHERE f.organization_id = ? AND f.id < ? ORDER BY f.id DESC LIMIT " + most,
                DebugFiles::file,
                who.organization(),
                before));
    }

    /** Those that were sent with exactly this name, the newest first. */
    public List<DebugFile> named(Tenancy who, String name, int most) {
        return database.read(sql -> sql.all(
                ALL + "WHERE f.organization_id = ? AND f.name = ? ORDER BY f.id DESC LIMIT " + most,
                DebugFiles::file,
                who.organization(),
                name));
    }

    /** Whether it was there. */
    public boolean delete(Project project, long id) {
        return database.write(sql -> {
            int deleted = sql.update("DELETE FROM debug_file WHERE id = ? AND project_id = ?", id, project.id());
            Tenants.changed(sql, project.organization());
            return deleted == 1;
        });
    }

    private static String text(@Nullable Object id) {
        return id == null ? "" : id.toString();
    }

    private static DebugFile file(ResultSet row) throws SQLException {
        DebugFile.Entry entry = new DebugFile.Entry(
                DebugFileKind.of(row.getString("kind")),
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
