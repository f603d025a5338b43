package framewright.queue;

import framewright.database.Database;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event's whole way through the queue. */
public final class EventTraces {
    private final Database database;

    EventTraces(Database database) {
        this.database = database;
    }

    /**
     * @param status of its last generation; empty: there is none yet
     * @param steps what happened, in its order
     * @param waitsFor the files whose coming it waits for
     * @param generations the answers that are kept
     * @param due when it is sent again, and as which run
     */
    public record EventTrace(
            String kind,
            String status,
            int generation,
            int attempts,
            Instant created,
            Instant updated,
            List<Step> steps,
            List<Wanted> waitsFor,
            List<Generation> generations,
            List<String> due) {}

    /** What happened at a time. */
    public record Step(Instant at, String what) {}

    /** A file, by its kind and id. */
    public record Wanted(String kind, String id) {}

    /** An answer. */
    public record Generation(int generation, String status, Instant at) {}

    /**
     * Null: no run of the event has ended yet, or all is forgotten.
     *
     * @param project as {@code organisation/project}
     */
    public @Nullable EventTrace find(String project, String event) {
        return database.read(sql -> {
            List<Wanted> wanted = sql.all(
                    "SELECT kind, id FROM queue_waiting WHERE project = ? AND event = ? ORDER BY kind, id",
                    row -> new Wanted(row.getString("kind"), row.getString("id")),
                    project,
                    event);
            List<Generation> generations = sql.all(
                    "SELECT generation, status, at FROM queue_result WHERE project = ? AND event = ? ORDER BY generation",
                    row -> new Generation(
                            row.getInt("generation"), row.getString("status"), Instant.ofEpochMilli(row.getLong("at"))),
                    project,
                    event);
            List<String> due = sql.all(
                    "SELECT task_instance FROM scheduled_tasks WHERE task_name = ? AND substr(task_instance, 1, CAST(? AS INTEGER)) = ?",
                    row -> Resend.runOf(row.getString("task_instance")),
                    Ledger.RESEND,
                    (long) Resend.prefix(project, event).length(),
                    Resend.prefix(project, event));
            return sql.first(
                    "SELECT kind, status, generation, attempts, created, updated, path FROM queue_event"
                            + " WHERE project = ? AND event = ?",
                    row -> new EventTrace(
                            row.getString("kind"),
                            row.getString("status"),
                            row.getInt("generation"),
                            row.getInt("attempts"),
                            Instant.ofEpochMilli(row.getLong("created")),
                            Instant.ofEpochMilli(row.getLong("updated")),
                            row.getString("path").lines().map(EventTraces::step).toList(),
                            wanted,
                            generations,
                            due),
                    project,
                    event);
        });
    }

    /** As {@link Turn#step} writes it; the path may have been cut. */
    private static Step step(String line) {
        int space = line.indexOf(' ');
        String time = line.substring(0, Math.max(0, space));
        return time.matches("[0-9]{1,15}")
                ? new Step(Instant.ofEpochMilli(Long.parseLong(time)), line.substring(space + 1))
                : new Step(Instant.EPOCH, line);
    }
}
