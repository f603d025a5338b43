package framewright.queue;

import framewright.config.QueueSettings;
import framewright.database.Database;
import framewright.schedule.Schedule;
import java.time.Duration;
import java.time.InstantSource;

/** Forgets what is over: answers, what events waited for, dead messages. In small transactions, since others write, too. */
final class Expiry {
    private static final Duration EVERY = Duration.ofHours(1);

    /** Somebody has to look at them first. */
    private static final Duration DEAD_KEPT = Duration.ofDays(30);

    private static final int AT_A_TIME = 1_000;

    private static final Bounds BOUNDS = new Bounds(20L << 30, 5_000_000, 500_000);

    private final Database database;
    private final QueueSettings settings;
    private final InstantSource clock;
    private final Bounds bounds;

    Expiry(Database database, QueueSettings settings, InstantSource clock) {
        this(database, settings, clock, BOUNDS);
    }

    Expiry(Database database, QueueSettings settings, InstantSource clock, Bounds bounds) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.bounds = bounds;
    }

    /**
     * What there may be, however young it is.
     *
     * @param resultBytes of all answers together; beyond, the oldest go
     * @param waiting rows of what is waited for, the usual ones about a gigabyte; beyond, what has waited for longest goes
     * @param missing files that are missing; beyond, those go that fewest events lacked
     */
    record Bounds(long resultBytes, long waiting, long missing) {}

    void addTo(Schedule schedule) {
        schedule.every("queue-expiry", EVERY, _ -> run());
    }

    void run() {
        long now = clock.millis();
        long waited = now - settings.missingKept().toMillis();
        long read = now - settings.resultsKept().toMillis();
        delete("queue_result", "id", "sent = 1 AND at < " + read);
        crop("queue_result", "id", excessBytes());
        delete("queue_waiting", "project, kind, id, event", "since < " + waited);
        crop("queue_waiting", "project, kind, id, event", "since", count("queue_waiting") - bounds.waiting);
        delete("queue_missing", "project, kind, id", "last_seen < " + waited);
        crop("queue_missing", "project, kind, id", "events, last_seen", count("queue_missing") - bounds.missing);
        delete("queue_dead", "id", "at < " + (now - DEAD_KEPT.toMillis()));
        // what waits for nothing any more need not be sent again
        repeat(
                "UPDATE queue_event SET envelope = NULL WHERE (project, event) IN (SELECT project, event FROM queue_event"
                        + " WHERE envelope IS NOT NULL AND created < " + waited + " AND updated < " + read + " LIMIT "
                        + AT_A_TIME + ")");
        // as long as it is known, an event that is sent twice is one
        delete("queue_event", "project, event", "updated < " + Math.min(read, waited));
    }

    /** Of answers; 0: they are within their bounds. */
    private long excessBytes() {
        Long bytes = database.read(
                sql -> sql.first("SELECT SUM(LENGTH(body)) AS bytes FROM queue_result", row -> row.getLong("bytes")));
        long rows = count("queue_result");
        // as many rows as weigh that much on average
        return bytes == null || bytes <= bounds.resultBytes
                ? 0
                : rows - rows * (bounds.resultBytes >> 10) / (bytes >> 10);
    }

    private long count(String table) {
        Long count = database.read(sql -> sql.first("SELECT COUNT(*) AS n FROM " + table, row -> row.getLong("n")));
        return count == null ? 0 : count;
    }

    private void crop(String table, String key, long rows) {
        crop(table, key, key, rows);
    }

    /** Deletes so many, the first in this order; none where there are fewer than 1. */
    private void crop(String table, String key, String order, long rows) {
        for (long left = rows; left > 0; left -= AT_A_TIME) {
            long some = Math.min(left, AT_A_TIME);
            database.write(sql -> sql.update("DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key
                    + " FROM " + table + " ORDER BY " + order + " LIMIT " + some + ")"));
        }
    }

    private void delete(String table, String key, String condition) {
        repeat("DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table + " WHERE "
                + condition + " LIMIT " + AT_A_TIME + ")");
    }

    private void repeat(String statement) {
        while (database.write(sql -> sql.update(statement)) == AT_A_TIME
                && !Thread.currentThread().isInterrupted()) {}
    }
}
