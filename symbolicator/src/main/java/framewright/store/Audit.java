package framewright.store;

import framewright.database.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Who changed what. */
public final class Audit {
    private final Database database;
    private final InstantSource clock;

    Audit(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * @param actor the name of a token, {@code cli}, or {@code server} where nobody asked for it
     * @param action e.g. {@code token.revoke}
     * @param subject what it was done to
     */
    public record Change(Instant happened, String actor, String action, String subject) {}

    public void write(Organization organization, String actor, String action, String subject) {
        write(organization.id(), actor, action, subject);
    }

    public void write(Project project, String actor, String action, String subject) {
        write(project.organization(), actor, action, subject);
    }

    private void write(long organization, String actor, String action, String subject) {
        database.write(sql -> sql.update(
                "INSERT INTO audit (organization_id, happened, actor, action, subject) VALUES (?, ?, ?, ?, ?)",
                organization,
                clock.millis(),
                actor,
                action,
                subject));
    }

    /** The newest first. */
    public List<Change> list(Organization organization, int limit) {
        return database.read(sql -> sql.all(
                "SELECT * FROM audit WHERE organization_id = ? ORDER BY id DESC LIMIT " + limit,
                row -> new Change(
                        Instant.ofEpochMilli(row.getLong("happened")),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("subject")),
                organization.id()));
    }
}
