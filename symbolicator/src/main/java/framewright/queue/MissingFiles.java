package framewright.queue;

import framewright.database.Database;
import framewright.database.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What answers lacked, by the number of events and requests that it would have helped. */
public final class MissingFiles {
    private final Database database;

    MissingFiles(Database database) {
        this.database = database;
    }

    /**
     * A file that is missing.
     *
     * @param kind as {@link framewright.api.Shortfall.Kind} names it
     * @param id as answers write it
     * @param name of the module or script; empty where nobody has told
     * @param cause why it was not there at last
     * @param events and requests that lacked it
     * @param waiting events that run again when it comes
     */
    public record MissingFile(
            String project,
            String kind,
            String id,
            String name,
            String cause,
            long events,
            long waiting,
            Instant first,
            Instant last) {}

    /**
     * Those that most lacked come first.
     *
     * @param project as {@code organisation/project}, or {@code organisation/} for all of its projects
     * @param kind null: any
     * @param text in name or id, in any case; empty: all
     */
    public List<MissingFile> list(String project, @Nullable String kind, String text, int most) {
        String like = Sql.containing(text.toLowerCase(Locale.ROOT));
        return database.read(sql -> sql.all(
                "SELECT m.*, (SELECT COUNT(*) FROM queue_waiting w WHERE w.project = m.project AND w.kind = m.kind"
                        + " AND w.id = m.id) AS waiting FROM queue_missing m WHERE"
                        + (project.endsWith("/")
                                ? " substr(m.project, 1, CAST(? AS INTEGER)) = ?"
                                : " ? > 0 AND m.project = ?")
                        + " AND (? = '' OR m.kind = ?)"
                        + " AND (LOWER(m.name) LIKE ? ESCAPE '\\' OR LOWER(m.id) LIKE ? ESCAPE '\\')"
                        + " ORDER BY m.events DESC, m.last_seen DESC, m.id LIMIT ?",
                row -> new MissingFile(
                        row.getString("project"),
                        row.getString("kind"),
                        row.getString("id"),
                        row.getString("name"),
                        row.getString("cause"),
                        row.getLong("events"),
                        row.getLong("waiting"),
                        Instant.ofEpochMilli(row.getLong("first_seen")),
                        Instant.ofEpochMilli(row.getLong("last_seen"))),
                (long) project.length(),
                project,
                kind == null ? "" : kind,
                kind == null ? "" : kind,
                like,
                like,
                (long) most));
    }
}
