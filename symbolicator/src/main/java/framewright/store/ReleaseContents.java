package framewright.store;

import framewright.database.Database;
import framewright.debugfiles.DebugId;
import java.util.List;
import java.util.Objects;

/** What belongs to a release, for who wants all of it. */
public final class ReleaseContents {
    private final Database database;

    ReleaseContents(Database database) {
        this.database = database;
    }

    /**
     * A minified script.
     *
     * @param url as its bundle or its sender names it
     * @param dist empty: for none in particular
     */
    public record Script(String url, String dist) {}

    /** In bundles and on their own, sorted. */
    public List<Script> scripts(Organization organization, String version, int most) {
        return database.read(sql -> sql.all(
                "SELECT f.url, u.dist FROM bundle_file f JOIN bundle u ON u.id = f.bundle_id"
                        + " WHERE u.organization_id = ? AND u.release = ? AND f.type = 'minified_source'"
                        + " UNION SELECT s.name, s.dist FROM release_file s JOIN release r ON r.id = s.release_id"
                        + " WHERE r.organization_id = ? AND r.version = ? AND s.name NOT LIKE '%.map'"
                        + " ORDER BY 1, 2 LIMIT ?",
                row -> new Script(row.getString(1), row.getString(2)),
                organization.id(),
                version,
                organization.id(),
                version,
                (long) most));
    }

    /** Mappings that the release was built with, sorted. */
    public List<DebugId> mappings(Organization organization, String version) {
        return database
                .read(sql -> sql.all(
                        "SELECT DISTINCT m.debug_id FROM proguard_release m JOIN project p ON p.id = m.project_id"
                                + " WHERE p.organization_id = ? AND m.release_name = ? ORDER BY m.debug_id",
                        row -> row.getString(1),
                        organization.id(),
                        version))
                .stream()
                .map(DebugId::parse)
                .filter(Objects::nonNull)
                .toList();
    }
}
