package framewright.queue;

import framewright.api.Envelope;
import framewright.api.EventResult;
import framewright.api.EventResult.Status;
import framewright.api.Shortfall;
import framewright.database.Database;
import framewright.database.Database.Work;
import framewright.database.Sql;
import framewright.queue.EventResults.Item;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of events beyond their messages: generations, the runs that have ended, what is waited for. Whatever an
 * attempt ends with is written in one transaction, so that it has ended for all or for nobody.
 */
public final class Ledger {
    /** The name of the scheduled task that sends an event again. */
    static final String RESEND = "queue-resend";

    /** More files than this are not waited for by one event: a crafted one could name millions. */
    private static final int MAX_WAITING = 500;

    private static final int MAX_PATH = 8_000;

    /** Any number that nobody else locks in the same database. */
    private static final long ORDER_LOCK = 0x6672_616d_6577_0001L;

    private final Database database;
    private final boolean sends;
    private final InstantSource clock;

    /**
     * @param database closed by the caller
     * @param sends whether results have to be sent on
     */
    Ledger(Database database, boolean sends, InstantSource clock) {
        this.database = database;
        this.sends = sends;
        this.clock = clock;
    }

    /**
     * What an attempt ended with.
     *
     * @param result with the generation 0, which is given when it is written
     * @param message the event's, for another run
     * @param run which has ended with this; null: it goes on, and this is what there is by the deadline
     * @param retry when to run again; null: no more
     * @param path its steps
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    record Attempt(
            EventResult result,
            byte[] message,
            @Nullable String run,
            @Nullable Duration retry,
            List<String> path) {
        String project() {
            return result.envelope().organization() + "/" + result.envelope().project();
        }

        String event() {
            return result.envelope().event();
        }
    }

    /**
     * What is known of an event.
     *
     * @param attempts that have ended
     * @param waits whether the last answer was one for the deadline, and the better one is still to come
     */
    record Known(int generation, int attempts, boolean waits, String digest, List<String> runs) {
        static final Known NOTHING = new Known(0, 0, false, "", List.of());
    }

    /** What is known of an event. */
    Known find(String project, String event) {
        Known known = database.read(sql -> sql.first(
                "SELECT generation, attempts, status, digest, runs FROM queue_event WHERE project = ? AND event = ?",
                Ledger::known,
                project,
                event));
        return known == null ? Known.NOTHING : known;
    }

    /**
     * Notes that work on a run begins which may have been begun before.
     *
     * @return how often that was noted, this time included, since a run of the event has ended
     */
    int begin(Envelope envelope, String step) {
        String project = envelope.organization() + "/" + envelope.project();
        long now = clock.millis();
        Long begun = database.writeLightly(sql -> sql.first(
                "INSERT INTO queue_event (project, event, kind, generation, attempts, status, created, updated, digest, runs,"
                        + " path, begun) VALUES (?, ?, ?, 0, 0, '', ?, ?, '', '', ?, 1) ON CONFLICT (project, event) DO UPDATE"
                        + " SET begun = queue_event.begun + 1, path = substr(queue_event.path, 1, " + MAX_PATH
                        + ") || excluded.path RETURNING begun",
                row -> row.getLong(1),
                project,
                envelope.event(),
                envelope.kind().wireName(),
                now,
                now,
                now + " " + step + "\n"));
        return Math.toIntExact(Objects.requireNonNull(begun));
    }

    private static Known known(ResultSet row) throws SQLException {
        return new Known(
                row.getInt("generation"),
                row.getInt("attempts"),
                row.getString("status").equals(AT_DEADLINE),
                row.getString("digest"),
                row.getString("runs").lines().toList());
    }

    /** The status of an event whose deadline was over and which is still worked on. */
    private static final String AT_DEADLINE = "deadline";

    /**
     * Writes all of these. Readers hear of it by {@link EventResults#written}.
     *
     * @param seen called when nothing is left but to wait for the disk
     * @return for each, in the same order, the result as it goes out; null: there is none, because the run had ended
     *     before or nothing is new
     */
    List<@Nullable Item> write(List<Attempt> attempts, Runnable seen) {
        Work<List<@Nullable Item>> all = sql -> {
            keepOrder(sql);
            List<@Nullable Item> results = new ArrayList<>();
            for (Attempt attempt : attempts) {
                results.add(write(sql, attempt));
            }
            database.signals().tell(sql, EventResults.TOPIC);
            return results;
        };
        return database.write(all, seen);
    }

    /**
     * Has answers be there in the order of their ids, by which readers go on: where several nodes write, one whose id is
     * lower could else be there later, and never be read.
     */
    private void keepOrder(Sql sql) throws SQLException {
        if (database.isShared()) {
            var _ = sql.first("SELECT pg_advisory_xact_lock(?)", row -> Boolean.TRUE, ORDER_LOCK);
        }
    }

    private @Nullable Item write(Sql sql, Attempt attempt) throws SQLException {
        Known before = lock(sql, attempt);
        Known known = before == null ? Known.NOTHING : before;
        boolean over = attempt.run != null && known.runs.contains(attempt.run);
        boolean deadlineTwice = attempt.run == null && (known.waits || known.attempts > 0);
        if (over || deadlineTwice) {
            return null;
        }
        String digest = digest(attempt.result);
        boolean news = !digest.equals(known.digest);
        Instant due = attempt.retry == null ? null : clock.instant().plus(attempt.retry);
        EventResult result = numbered(attempt.result, known.generation + (news ? 1 : 0), due);
        note(sql, attempt, before, result, digest);
        if (attempt.run != null) {
            waitFor(sql, attempt, before != null);
            if (due != null) {
                Resend.at(sql, database, attempt.project(), attempt.event(), "retry-" + (known.attempts + 1), due);
            }
        }
        return news ? insert(sql, attempt, result) : null;
    }

    private Item insert(Sql sql, Attempt attempt, EventResult result) throws SQLException {
        String status = result.status().wireName();
        byte[] json = result.json();
        Long id = sql.first(
                "INSERT INTO queue_result (project, event, generation, status, at, sent, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " RETURNING id",
                row -> row.getLong(1),
                attempt.project(),
                attempt.event(),
                (long) result.generation(),
                status,
                result.answered().toEpochMilli(),
                sends ? 0L : 1L,
                json);
        return new Item(
                Objects.requireNonNull(id), attempt.project(), attempt.event(), result.generation(), status, json);
    }

    /** Nobody else writes to the event until the end of the transaction, since nobody else writes here. Null: it is new. */
    private @Nullable Known lock(Sql sql, Attempt attempt) throws SQLException {
        return sql.first(
                "SELECT generation, attempts, status, digest, runs FROM queue_event WHERE project = ? AND event = ?"
                        + (database.isShared() ? " FOR UPDATE" : ""),
                Ledger::known,
                attempt.project(),
                attempt.event());
    }

    private void note(Sql sql, Attempt attempt, @Nullable Known before, EventResult result, String digest)
            throws SQLException {
        long now = clock.millis();
        boolean ended = attempt.run != null;
        boolean again = !ended || result.status() != Status.COMPLETE;
        String status = ended ? result.status().wireName() : AT_DEADLINE;
        byte[] envelope = again ? attempt.message : null;
        String run = ended ? attempt.run + "\n" : "";
        StringBuilder path = new StringBuilder();
        attempt.path.forEach(step -> path.append(step).append('\n'));
        if (before == null) {
            sql.update(
                    "INSERT INTO queue_event (project, event, kind, generation, attempts, status, created, updated, envelope,"
                            + " digest, runs, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    attempt.project(),
                    attempt.event(),
                    attempt.result.envelope().kind().wireName(),
                    (long) result.generation(),
                    ended ? 1L : 0L,
                    status,
                    now,
                    now,
                    envelope,
                    digest,
                    run,
                    path.toString());
            return;
        }
        sql.update(
                "UPDATE queue_event SET generation = ?, attempts = ?, status = ?, updated = ?, envelope = ?, digest = ?,"
                        + " begun = 0, runs = runs || ?, path = substr(path, 1, " + MAX_PATH + ") || ?"
                        + " WHERE project = ? AND event = ?",
                (long) result.generation(),
                (long) before.attempts + (ended ? 1 : 0),
                status,
                now,
                envelope,
                digest,
                run,
                path.toString(),
                attempt.project(),
                attempt.event());
    }

    private void waitFor(Sql sql, Attempt attempt, boolean again) throws SQLException {
        long now = clock.millis();
        // of several scripts of one release, the first is told
        Map<List<Object>, Shortfall> byId = new LinkedHashMap<>();
        attempt.result.missing().stream()
                .filter(Retries::canBeMended)
                .limit(MAX_WAITING)
                .forEach(one -> byId.putIfAbsent(List.of(one.kind(), Objects.requireNonNull(one.id())), one));
        Collection<Shortfall> missing = byId.values();
        if (attempt.result.reason() != EventResult.Reason.FIRST) {
            tellOthers(sql, attempt, missing);
        }
        if (again) {
            sql.update("DELETE FROM queue_waiting WHERE project = ? AND event = ?", attempt.project(), attempt.event());
        }
        for (Shortfall one : missing) {
            String kind = one.kind().wireName();
            String id = Objects.requireNonNull(one.id());
            // since the event came, and not since the last try
            sql.update(
                    "INSERT INTO queue_waiting (project, kind, id, event, since)"
                            + " SELECT project, ?, ?, event, created FROM queue_event WHERE project = ? AND event = ?"
                            + " ON CONFLICT (project, kind, id, event) DO NOTHING",
                    kind,
                    id,
                    attempt.project(),
                    attempt.event());
            boolean first = attempt.result.reason() == EventResult.Reason.FIRST;
            sql.update(
                    "INSERT INTO queue_missing (project, kind, id, name, cause, events, first_seen, last_seen)"
                            + " VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (project, kind, id) DO UPDATE SET"
                            + " events = queue_missing.events + ?, last_seen = excluded.last_seen, cause = excluded.cause",
                    attempt.project(),
                    kind,
                    id,
                    one.name(),
                    one.cause().code(),
                    now,
                    now,
                    first ? 1L : 0L);
        }
    }

    /** What it waited for and lacks no longer has come, and others may wait for it, too. */
    private void tellOthers(Sql sql, Attempt attempt, Collection<Shortfall> missing) throws SQLException {
        Set<String> lacked = new LinkedHashSet<>(sql.all(
                "SELECT id FROM queue_waiting WHERE project = ? AND event = ?",
                row -> row.getString("id"),
                attempt.project(),
                attempt.event()));
        missing.forEach(one -> lacked.remove(one.id()));
        for (String id : lacked) {
            LateSymbols.seen(sql, attempt.result.envelope().organization(), id, clock.instant());
            sql.update(
                    "DELETE FROM queue_missing WHERE project = ? AND id = ? AND NOT EXISTS ("
                            + "SELECT 1 FROM queue_waiting w WHERE w.project = queue_missing.project AND w.id = queue_missing.id"
                            + " AND w.event <> ?)",
                    attempt.project(),
                    id,
                    attempt.event());
        }
    }

    private static EventResult numbered(EventResult result, int generation, @Nullable Instant retryAt) {
        return new EventResult(
                result.envelope(),
                generation,
                result.status(),
                result.reason(),
                result.answered(),
                result.missing(),
                retryAt,
                result.answer());
    }

    /** Of what a reader would call another answer. */
    private static String digest(EventResult result) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(result.status().wireName().getBytes(StandardCharsets.UTF_8));
            sha.update(result.answer());
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
