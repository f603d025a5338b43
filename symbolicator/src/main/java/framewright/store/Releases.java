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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Releases, which come into being with the first upload that names them. */
public final class Releases {
    private final Database database;
    private final InstantSource clock;

    Releases(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * The release, made where it is not there, and these projects have it now.
     *
     * @param released when it was; null: as before
     */
    public Release put(
            Organization organization, String version, Collection<Project> projects, @Nullable Instant released) {
        return database.write(sql -> {
            put(sql, organization, version, projects, clock.millis());
            if (released != null) {
                sql.update(
                        "UPDATE release SET released = ? WHERE organization_id = ? AND version = ?",
                        released.toEpochMilli(),
                        organization.id(),
                        version);
            }
            return there(find(sql, organization, version));
        });
    }

    /** Within a transaction of others. */
    static void put(Sql sql, Organization organization, String version, Collection<Project> projects, long now)
            throws SQLException {
        sql.update(
                "INSERT INTO release (organization_id, version, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                organization.id(),
                version,
                now);
        for (Project project : projects) {
            sql.update(
                    "INSERT INTO release_project (release_id, project_id)"
                            + " SELECT id, ? FROM release WHERE organization_id = ? AND version = ?"
                            + " ON CONFLICT DO NOTHING",
                    project.id(),
                    organization.id(),
                    version);
        }
    }

    public @Nullable Release get(Organization organization, String version) {
        return database.read(sql -> find(sql, organization, version));
    }

    /** The newest first. */
    public List<Release> list(Project project, int limit) {
        return database.read(sql -> {
            List<Release> releases = new ArrayList<>();
            for (Release release : sql.all(
                    "SELECT r.* FROM release r JOIN release_project rp ON rp.release_id = r.id"
                            + " WHERE rp.project_id = ? ORDER BY r.id DESC LIMIT " + limit,
                    row -> release(row, List.of()),
                    project.id())) {
                releases.add(withProjects(sql, release));
            }
            return releases;
        });
    }

    /** Whether it was there. Its bundles and files go with it. */
    public boolean delete(Organization organization, String version) {
        return database.write(sql -> {
                    sql.update(
                            "DELETE FROM bundle WHERE organization_id = ? AND release = ?", organization.id(), version);
                    Tenants.changed(sql, organization.id());
                    return sql.update(
                            "DELETE FROM release WHERE organization_id = ? AND version = ?",
                            organization.id(),
                            version);
                })
                == 1;
    }

    public void deployed(Release release, String environment, @Nullable String name) {
        database.write(sql -> sql.update(
                "INSERT INTO deploy (release_id, environment, name, created) VALUES (?, ?, ?, ?)",
                release.id(),
                environment,
                name,
                clock.millis()));
    }

    /** @param name null: it has none */
    public record Deploy(
            long id, String environment, @Nullable String name, Instant created) {}

    /** The newest first. */
    public List<Deploy> deploys(Release release) {
        return database.read(sql -> sql.all(
                "SELECT * FROM deploy WHERE release_id = ? ORDER BY id DESC",
                row -> new Deploy(
                        row.getLong("id"),
                        row.getString("environment"),
                        row.getString("name"),
                        Instant.ofEpochMilli(row.getLong("created"))),
                release.id()));
    }

    /** Remembers which mapping an app was built with; whether that is news. */
    public boolean builtWith(Project project, String release, DebugId mapping) {
        return database.write(sql -> sql.update(
                        "INSERT INTO proguard_release (project_id, release_name, debug_id, created)"
                                + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        project.id(),
                        release,
                        mapping.toString(),
                        clock.millis()))
                == 1;
    }

    /**
     * The mapping that was registered last for an app's release and is there, the project's own before others.
     *
     * @param release {@code package@version+code}; without a code, any code of the version
     */
    public @Nullable DebugId mapping(Tenancy who, String release) {
        String anyCode = release.indexOf('+') < 0 ? Sql.beginning(release + "+") : "";
        String id = database.read(sql -> sql.first(
                "SELECT m.debug_id FROM proguard_release m JOIN project p ON p.id = m.project_id"
                        + " WHERE p.organization_id = ? AND (m.release_name = ? OR m.release_name LIKE ? ESCAPE '\\')"
                        + " AND EXISTS (SELECT 1 FROM debug_file f WHERE f.organization_id = p.organization_id"
                        + " AND f.debug_id = m.debug_id AND f.kind = 'proguard')"
                        + " ORDER BY CASE WHEN m.project_id = ? THEN 0 ELSE 1 END, m.created DESC, m.debug_id",
                row -> row.getString(1),
                who.organization(),
                release,
                anyCode,
                who.preferred()));
        return id == null ? null : DebugId.parse(id);
    }

    private static @Nullable Release find(Sql sql, Organization organization, String version) throws SQLException {
        Release release = sql.first(
                "SELECT * FROM release WHERE organization_id = ? AND version = ?",
                row -> release(row, List.of()),
                organization.id(),
                version);
        return release == null ? null : withProjects(sql, release);
    }

    private static Release withProjects(Sql sql, Release release) throws SQLException {
        List<Project> projects = sql.all(
                "SELECT p.* FROM project p JOIN release_project rp ON rp.project_id = p.id"
                        + " WHERE rp.release_id = ? ORDER BY p.slug",
                Tenants::project,
                release.id());
        return new Release(
                release.id(),
                release.organization(),
                release.version(),
                release.created(),
                release.released(),
                projects);
    }

    private static Release release(ResultSet row, List<Project> projects) throws SQLException {
        Long released = Sql.longOrNull(row, "released");
        return new Release(
                row.getLong("id"),
                row.getLong("organization_id"),
                row.getString("version"),
                Instant.ofEpochMilli(row.getLong("created")),
                released == null ? null : Instant.ofEpochMilli(released),
                projects);
    }

    private static Release there(@Nullable Release release) {
        if (release == null) {
            throw new IllegalStateException("what was inserted is not there");
        }
        return release;
    }
}
