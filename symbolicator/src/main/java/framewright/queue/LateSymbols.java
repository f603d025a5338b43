package framewright.queue;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.schedule.Schedule;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings files that have come together with the events that wait for them. A file that arrives is noted at once; a sweep
 * that only one node runs at a time schedules the events, so many a second. An event runs once for each artifact, however
 * many of its ids that has.
 */
public final class LateSymbols {
    /** What {@link Schedule#soon} is to do when a file has come. */
    public static final String SWEEP = "queue-late-sweep";

    /** Between sweeps; a file that comes is swept for at once. */
    static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

    /** Events that are sent again in a second, so that fresh ones keep their latency. */
    private static final int PER_SECOND = 50;

    private static final int PER_SWEEP = PER_SECOND * (int) SWEEP_EVERY.toSeconds();

    /** By then no node looks at the store as it was before the file came. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** How long an arrival is looked at: an event that was being resolved when the file came waits for it only then. */
    static final Duration LOOKED_AT = Duration.ofMinutes(20);

    /** One that ran so often does not run again, so that no file sent over and over costs more than that. */
    private static final int MAX_ATTEMPTS = 50;

    static final String ASK = "queue-late-ask";

    /** How often sources are asked for the most wanted files again. */
    static final Duration ASK_EVERY = Duration.ofMinutes(10);

    private static final int MOST_ASKED = 50;

    /** One id is asked for no more often; what the caches remember of it is over by then. */
    private static final Duration ASKED_FOR_ONE = Duration.ofHours(6);

    private final Database database;
    private final InstantSource clock;

    /** When the last one is due that was scheduled from here. */
    private Instant booked = Instant.EPOCH;

    /** @param database closed by the caller */
    LateSymbols(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A file has come.
     *
     * @param organization whose events see it; null: everybody's
     * @param ids by which it is asked for, as answers write them
     * @param artifact tells the file from others of the same ids
     */
    public void arrived(@Nullable String organization, Collection<String> ids, String artifact) {
        if (ids.isEmpty()) {
            return;
        }
        database.write(sql -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (String id : ids) {
                rows.add(new Object[] {organization == null ? "" : organization, id, artifact, clock.millis()});
            }
            sql.batch(
                    "INSERT INTO queue_arrival (organization, id, artifact, at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (organization, id)"
                            + " DO UPDATE SET artifact = excluded.artifact, at = excluded.at",
                    rows);
            forget(sql, organization, ids);
            return null;
        });
    }

    /** What nothing waits for, and only requests lacked: nobody else would say that it is there. */
    private static void forget(Sql sql, @Nullable String organization, Collection<String> ids) throws SQLException {
        String prefix = organization == null ? "" : organization + "/";
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (String id : ids) {
            rows.add(new Object[] {id, (long) prefix.length(), prefix});
        }
        sql.batch(
                "DELETE FROM queue_missing WHERE id = ? AND substr(project, 1, CAST(? AS INTEGER)) = ?"
                        + " AND NOT EXISTS (SELECT 1 FROM queue_waiting w WHERE w.project = queue_missing.project"
                        + " AND w.id = queue_missing.id)",
                rows);
    }

    /**
     * Within a transaction of others: an event found what it had lacked before, so that others of its organisation may find
     * it, too; at most once a day for each id. What is known of the file by its upload stands.
     */
    static void seen(Sql sql, String organization, String id, Instant now) throws SQLException {
        sql.update(
                "INSERT INTO queue_arrival (organization, id, artifact, at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (organization, id) DO NOTHING",
                organization,
                id,
                "seen-" + id + "-" + Duration.between(Instant.EPOCH, now).toDays(),
                now.toEpochMilli());
    }

    private record Waiting(String project, String event, String id, String artifact) {}

    /** Schedules those that wait for something that is here. */
    synchronized void sweep() {
        Instant now = clock.instant();
        Instant first = booked.isAfter(now.plus(FIRST)) ? booked : now.plus(FIRST);
        int found = database.write(sql -> {
            List<Waiting> waiting = waiting(sql);
            Instant due = first;
            for (Waiting one : waiting) {
                Resend.at(sql, database, one.project, one.event, Resend.LATE + one.artifact, due);
                sql.update(
                        "UPDATE queue_waiting SET sent_for = ? WHERE project = ? AND event = ? AND id = ?",
                        one.artifact,
                        one.project,
                        one.event,
                        one.id);
                due = due.plusMillis(1000 / PER_SECOND);
            }
            if (waiting.size() < PER_SWEEP) {
                sql.update(
                        "DELETE FROM queue_arrival WHERE at < ?",
                        now.minus(LOOKED_AT).toEpochMilli());
            }
            return waiting.size();
        });
        booked = first.plusMillis(found * 1000L / PER_SECOND);
    }

    private static List<Waiting> waiting(Sql sql) throws SQLException {
        return sql.all(
                "SELECT w.project, w.event, w.id, a.artifact FROM queue_arrival a"
                        + " JOIN queue_waiting w ON w.id = a.id"
                        + " JOIN queue_event e ON e.project = w.project AND e.event = w.event"
                        + " WHERE (a.organization = ''"
                        + " OR substr(w.project, 1, length(a.organization) + 1) = a.organization || '/')"
                        + " AND w.sent_for <> a.artifact AND e.envelope IS NOT NULL AND e.attempts < ?"
                        + " AND e.runs NOT LIKE '%" + Resend.LATE + "' || a.artifact || '%'"
                        + " ORDER BY a.at, w.since LIMIT ?",
                row -> new Waiting(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                (long) MAX_ATTEMPTS,
                (long) PER_SWEEP);
    }

    private record Wanted(String project, String kind, String id) {}

    /**
     * Asks the sources again for what most events wait for: one of those that wait runs again, and where it finds the file,
     * the others follow. That way the file is looked for as ever, and what caches remember of failures is respected.
     */
    void ask() {
        long now = clock.millis();
        database.write(sql -> {
            List<Wanted> wanted = sql.all(
                    "SELECT project, kind, id FROM queue_missing m WHERE asked < ? AND first_seen < ? AND EXISTS ("
                            + "SELECT 1 FROM queue_waiting w WHERE w.project = m.project AND w.kind = m.kind"
                            + " AND w.id = m.id) ORDER BY events DESC LIMIT ?",
                    row -> new Wanted(row.getString(1), row.getString(2), row.getString(3)),
                    now - ASKED_FOR_ONE.toMillis(),
                    now - ASKED_FOR_ONE.toMillis(),
                    (long) MOST_ASKED);
            for (Wanted one : wanted) {
                ask(sql, one, now);
            }
            return null;
        });
    }

    private void ask(Sql sql, Wanted wanted, long now) throws SQLException {
        sql.update(
                "UPDATE queue_missing SET asked = ? WHERE project = ? AND kind = ? AND id = ?",
                now,
                wanted.project,
                wanted.kind,
                wanted.id);
        String event = sql.first(
                "SELECT w.event FROM queue_waiting w JOIN queue_event e ON e.project = w.project AND e.event = w.event"
                        + " WHERE w.project = ? AND w.kind = ? AND w.id = ? AND e.envelope IS NOT NULL"
                        + " AND e.attempts < ? ORDER BY e.attempts, w.since DESC LIMIT 1",
                row -> row.getString(1),
                wanted.project,
                wanted.kind,
                wanted.id,
                (long) MAX_ATTEMPTS);
        if (event != null) {
            String run = Resend.LATE + "ask-" + wanted.id + "-" + now;
            Resend.at(sql, database, wanted.project, event, run, Instant.ofEpochMilli(now));
        }
    }

    void addTo(Schedule schedule) {
        schedule.every(SWEEP, SWEEP_EVERY, _ -> sweep());
        schedule.every(ASK, ASK_EVERY, _ -> ask());
    }
}
