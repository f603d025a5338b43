package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.debugfiles.DebugId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Artifact bundles by the debug ids and the addresses of their files. */
public final class ArtifactBundles {
    private static final String ALL = "SELECT u.*, b.size FROM bundle u JOIN blob b ON b.digest = u.digest ";

    private static final String BEST_FIRST = """
             ORDER BY CASE WHEN EXISTS (SELECT 1 FROM bundle_project p WHERE p.bundle_id = u.id AND p.project_id = ?)
                THEN 0 ELSE 1 END, u.created DESC, u.id DESC
            """;

    private final Database database;
    private final Uses uses;
    private final InstantSource clock;

    ArtifactBundles(Database database, Uses uses, InstantSource clock) {
        this.database = database;
        this.uses = uses;
        this.clock = clock;
    }

    /** Adds a bundle for these projects; the same one again is only newer. Its release comes into being. */
    public void add(
            Organization organization,
            Collection<Project> projects,
            Digest digest,
            ArtifactBundle.Description description) {
        long now = clock.millis();
        database.write(sql -> {
            Store.touch(sql, digest, now);
            if (!description.release().isEmpty()) {
                Releases.put(sql, organization, description.release(), projects, now);
            }
            sql.update(
                    "INSERT INTO bundle (organization_id, digest, bundle_id, release, dist, files, created, used)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (organization_id, bundle_id, release, dist) DO UPDATE SET"
                            + " digest = excluded.digest, files = excluded.files, created = excluded.created,"
                            + " used = excluded.used",
                    organization.id(),
                    digest.hex(),
                    description.bundleId(),
                    description.release(),
                    description.dist(),
                    (long) description.files().size(),
                    now,
                    now);
            Long id = sql.first(
                    "SELECT id FROM bundle WHERE organization_id = ? AND bundle_id = ? AND release = ? AND dist = ?",
                    row -> row.getLong(1),
                    organization.id(),
                    description.bundleId(),
                    description.release(),
                    description.dist());
            for (Project project : projects) {
                sql.update(
                        "INSERT INTO bundle_project (bundle_id, project_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        id,
                        project.id());
            }
            sql.update("DELETE FROM bundle_file WHERE bundle_id = ?", id);
            List<@Nullable Object[]> files = new ArrayList<>();
            for (ArtifactBundle.File file : description.files()) {
                DebugId debugId = file.debugId();
                files.add(new @Nullable Object[] {
                    id, file.path(), file.url(), file.stem(), file.type(), debugId == null ? null : debugId.toString()
                });
            }
            sql.batch(
                    "INSERT INTO bundle_file (bundle_id, path, url, stem, type, debug_id) VALUES (?, ?, ?, ?, ?, ?)",
                    files);
            Tenants.changed(sql, organization.id());
            return null;
        });
    }

    /** @param byDebugId whether it was found so; else by the address of a file */
    public record Match(ArtifactBundle bundle, boolean byDebugId) {}

    /**
     * Those that may hold files of these debug ids; where there are none, of these addresses.
     *
     * @param release null: none was named, and addresses say nothing
     */
    public List<Match> find(
            Tenancy who,
            Collection<DebugId> ids,
            @Nullable String release,
            String dist,
            Collection<String> stems,
            int limit) {
        Map<Long, Match> found = new LinkedHashMap<>();
        for (DebugId id : ids) {
            byDebugId(who, id, limit).forEach(bundle -> found.putIfAbsent(bundle.id(), new Match(bundle, true)));
        }
        if (found.isEmpty() && release != null) {
            byAddress(who, release, dist, stems, limit)
                    .forEach(bundle -> found.put(bundle.id(), new Match(bundle, false)));
        }
        return found.values().stream().limit(limit).toList();
    }

    /** Those with a file of this debug id, the project's own first, then the newer. */
    public List<ArtifactBundle> byDebugId(Tenancy who, DebugId debugId, int limit) {
        return used(database.read(sql -> sql.all(
                ALL + "WHERE u.organization_id = ? AND u.id IN (SELECT bundle_id FROM bundle_file WHERE debug_id = ?)"
                        + BEST_FIRST + " LIMIT " + limit,
                ArtifactBundles::bundle,
                who.organization(),
                debugId.toString(),
                who.preferred())));
    }

    private List<ArtifactBundle> used(List<ArtifactBundle> bundles) {
        bundles.forEach(uses::note);
        return bundles;
    }

    /**
     * Those of a release with a file of such an address, the project's own first, then the newer.
     *
     * @param stems of the addresses; a file whose address only contains one counts where no bundle has just that one
     */
    public List<ArtifactBundle> byAddress(
            Tenancy who, String release, String dist, Collection<String> stems, int limit) {
        Map<Long, ArtifactBundle> found = new LinkedHashMap<>();
        for (String stem : stems) {
            List<ArtifactBundle> bundles = ofStem(who, release, dist, "stem = ?", stem, limit);
            if (bundles.isEmpty()) {
                bundles = ofStem(who, release, dist, "url LIKE ? ESCAPE '\\'", Sql.containing(stem), limit);
            }
            bundles.forEach(bundle -> found.putIfAbsent(bundle.id(), bundle));
        }
        return used(found.values().stream().limit(limit).toList());
    }

    private List<ArtifactBundle> ofStem(
            Tenancy who, String release, String dist, String condition, String value, int limit) {
        return database.read(sql -> sql.all(
                ALL + "WHERE u.organization_id = ? AND u.release = ? AND u.dist = ?"
                        + " AND EXISTS (SELECT 1 FROM bundle_file f WHERE f.bundle_id = u.id AND f." + condition + ")"
                        + BEST_FIRST + " LIMIT " + limit,
                ArtifactBundles::bundle,
                who.organization(),
                release,
                dist,
                value,
                who.preferred()));
    }

    public @Nullable ArtifactBundle get(Tenancy who, long id) {
        return database.read(sql -> sql.first(
                ALL + "WHERE u.id = ? AND u.organization_id = ?", ArtifactBundles::bundle, id, who.organization()));
    }

    /**
     * Whether all of the projects have the bundle with this SHA-1.
     *
     * @param release null: for any
     * @param dist null: for any
     */
    public boolean has(Collection<Project> projects, String sha1, @Nullable String release, @Nullable String dist) {
        return database.read(sql -> {
            for (Project project : projects) {
                if (sql.first(
                                "SELECT u.id FROM bundle u JOIN blob b ON b.digest = u.digest"
                                        + " JOIN bundle_project p ON p.bundle_id = u.id"
                                        + " WHERE b.sha1 = ? AND p.project_id = ?"
                                        + " AND u.release = COALESCE(?, u.release) AND u.dist = COALESCE(?, u.dist)",
                                row -> row.getLong(1),
                                sha1,
                                project.id(),
                                release,
                                dist)
                        == null) {
                    return false;
                }
            }
            return true;
        });
    }

    /** The newest first. */
    public List<ArtifactBundle> list(Project project, long before, int limit) {
        return database.read(sql -> sql.all(
                ALL + "JOIN bundle_project p ON p.bundle_id = u.id WHERE p.project_id = ? AND u.id < ?"
                        + " ORDER BY u.id DESC LIMIT " + limit,
                ArtifactBundles::bundle,
                project.id(),
                before));
    }

    /** Whether it was there. */
    public boolean delete(Organization organization, long id) {
        return database.write(sql -> {
            int deleted = sql.update("DELETE FROM bundle WHERE id = ? AND organization_id = ?", id, organization.id());
            Tenants.changed(sql, organization.id());
            return deleted == 1;
        });
    }

    private static ArtifactBundle bundle(ResultSet row) throws SQLException {
        return new ArtifactBundle(
                row.getLong("id"),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                row.getString("bundle_id"),
                row.getString("release"),
                row.getString("dist"),
                row.getLong("files"),
                Instant.ofEpochMilli(row.getLong("created")));
    }
}
