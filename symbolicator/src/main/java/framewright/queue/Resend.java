package framewright.queue;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.schedule.Schedule;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that is to be sent again at a time: a row of the schedule's, written with what led to it, so that neither is
 * there without the other.
 *
 * @param run the run that it will be
 */
record Resend(String project, String event, String run) {
    /** What the names of runs begin with that there are because a file has come. */
    static final String LATE = "late-";

    private static final String MARK = "#";

    /** Has an event sent again at a time; nothing where that run is due already. */
    static void at(Sql sql, Database database, String project, String event, String run, Instant due)
            throws SQLException {
        Schedule.at(sql, database.isShared(), Ledger.RESEND, prefix(project, event) + run, due);
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
