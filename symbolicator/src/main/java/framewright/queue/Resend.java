package framewright.queue;

import framewright.database.Database;
import framewright.database.Sql;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be sent again at a time: a row of the scheduler's, written with what led to it, so that neither is
 * there without the other. Its form is that of the library db-scheduler, which finds and runs it.
 *
 * @param run the run that it will be
 */
record Resend(String project, String event, String run) {
    private static final String MARK = "#";

    /** Has an event sent again at a time; nothing where that run is due already. */
    static void at(Sql sql, Database database, String project, String event, String run, Instant due)
            throws SQLException {
        sql.update(
                "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)"
                        + " VALUES (?, ?, " + (database.isShared() ? "to_timestamp(? / 1000.0)" : "?")
                        + ", FALSE, 1, 0) ON CONFLICT (task_name, task_instance) DO NOTHING",
                Ledger.RESEND,
                prefix(project, event) + run,
                due.toEpochMilli());
    }

    /** What the instances of an event begin with. */
    static String prefix(String project, String event) {
        return project + MARK + event + MARK;
    }

    /** The run that an instance stands for. */
    static String runOf(String instance) {
        return instance.substring(instance.lastIndexOf(MARK) + 1);
    }

    /** Of a row's instance; null: it is none. */
    static @Nullable Resend of(String instance) {
        String[] parts = instance.split(MARK, 3);
        return parts.length == 3 ? new Resend(parts[0], parts[1], parts[2]) : null;
    }
}
