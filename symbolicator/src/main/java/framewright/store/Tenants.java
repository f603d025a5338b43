package framewright.store;

import framewright.api.SourceConfig.StoreView;
import framewright.database.Database;
import framewright.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Organisations and their projects. Slugs are found in any case, and projects by their number, too. */
public final class Tenants {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9_][a-z0-9_-]{0,99}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** Organisation and project of those who need not say who they are. */
    public static final String DEFAULT = "default";

    private final Database database;
    private final InstantSource clock;

    Tenants(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Whether this may name an organisation or a project. A number alone would be taken for a key. */
    public static boolean isSlug(String text) {
        String slug = slug(text);
        return SLUG.matcher(slug).matches() && !NUMBER.matcher(slug).matches();
    }

    static String slug(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    public @Nullable Organization organization(String slug) {
        return database.read(
                sql -> sql.first("SELECT * FROM organization WHERE slug = ?", Tenants::organization, slug(slug)));
    }

    public List<Organization> organizations() {
        return database.read(sql -> sql.all("SELECT * FROM organization ORDER BY slug", Tenants::organization));
    }

    /** The one of this slug, made where there is none. */
    public Organization organization(String slug, String name) {
        return database.write(sql -> {
            sql.update(
                    "INSERT INTO organization (slug, name, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    slug(slug),
                    name,
                    clock.millis());
            return there(sql.first("SELECT * FROM organization WHERE slug = ?", Tenants::organization, slug(slug)));
        });
    }

    /** @param slug or the project's number */
    public @Nullable Project project(Organization organization, String slug) {
        return database.read(sql -> sql.first(
                "SELECT * FROM project WHERE organization_id = ? AND (slug = ? OR id = ?)",
                Tenants::project,
                organization.id(),
                slug(slug),
                number(slug)));
    }

    /** -1: it is none. */
    private static long number(String slug) {
        return NUMBER.matcher(slug).matches() ? Long.parseLong(slug) : -1;
    }

    public List<Project> projects(Organization organization) {
        return database.read(sql -> sql.all(
                "SELECT * FROM project WHERE organization_id = ? ORDER BY slug", Tenants::project, organization.id()));
    }

    /** The one of this slug, made where there is none. */
    public Project project(Organization organization, String slug, String name) {
        return database.write(sql -> {
            sql.update(
                    "INSERT INTO project (organization_id, slug, name, created) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT DO NOTHING",
                    organization.id(),
                    slug(slug),
                    name,
                    clock.millis());
            return there(sql.first(
                    "SELECT * FROM project WHERE organization_id = ? AND slug = ?",
                    Tenants::project,
                    organization.id(),
                    slug(slug)));
        });
    }

    /**
     * The files of an organisation, a project's first.
     *
     * @param id of the source that they are seen by
     * @param project slug or number; null: none. Where there is no such one, the view has none
     * @return null: there is no such organisation
     */
    @Nullable
    StoreView view(String id, String organization, @Nullable String project) {
        String wanted = project == null ? "" : project;
        return database.read(sql -> sql.first(
                "SELECT o.id, o.slug, o.revision, p.id AS project FROM organization o LEFT JOIN project p"
                        + " ON p.organization_id = o.id AND (p.slug = ? OR p.id = ?) WHERE o.slug = ?",
                row -> new StoreView(
                        id,
                        row.getString("slug"),
                        row.getLong("id"),
                        Sql.longOrNull(row, "project"),
                        row.getLong("revision"),
                        null),
                slug(wanted),
                number(wanted),
                slug(organization)));
    }

    /** Makes whoever remembers what was found look again; in the transaction that changes an organisation's files. */
    static void changed(Sql sql, long organization) throws SQLException {
        sql.update("UPDATE organization SET revision = revision + 1 WHERE id = ?", organization);
    }

    /** The same of files of whomever. */
    static void changedAnywhere(Sql sql) throws SQLException {
        sql.update("UPDATE organization SET revision = revision + 1");
    }

    static Organization organization(ResultSet row) throws SQLException {
        return new Organization(row.getLong("id"), row.getString("slug"), row.getString("name"));
    }

    static Project project(ResultSet row) throws SQLException {
        return new Project(
                row.getLong("id"), row.getLong("organization_id"), row.getString("slug"), row.getString("name"));
    }

    private static <T> T there(@Nullable T made) {
        if (made == null) {
            throw new IllegalStateException("what was inserted is not there");
        }
        return made;
    }
}
