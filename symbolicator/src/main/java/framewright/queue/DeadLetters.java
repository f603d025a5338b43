package framewright.queue;

import framewright.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The messages that nobody could work on, with why; whatever the engine, they are in the database. */
public final class DeadLetters {
    /** Longer ones are cut. */
    private static final int MAX_DETAILS = 2_000;

    private final Database database;
    private final InstantSource clock;

    DeadLetters(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Why a message is dead. */
    public enum Why {
        /** It is no envelope that this server reads. */
        MALFORMED,
        /** Its payload is not what its kind says. */
        INVALID_PAYLOAD,
        /** It is older than the settings allow. */
        TOO_OLD,
        /** It was handed out over and over, and whoever had it failed or died. */
        GIVEN_UP;

        /** Stable name. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A dead message.
     *
     * @param project as {@code organisation/project}; empty where it could not be read
     */
    public record DeadLetter(
            long id,
            String project,
            String event,
            Lane lane,
            String cause,
            String details,
            int deliveries,
            Instant at) {}

    void put(Held held, Why why, String details) {
        Message message = held.message();
        String event = message.key().substring(message.key().lastIndexOf('/') + 1);
        database.write(sql -> sql.update(
                "INSERT INTO queue_dead (project, event, lane, cause, details, deliveries, at, headers, body)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                held.project(),
                event,
                held.lane().text(),
                why.text(),
                details.substring(0, Math.min(details.length(), MAX_DETAILS)),
                (long) held.delivery().deliveries(),
                clock.millis(),
                Headers.text(message.headers()),
                message.body()));
    }

    /** The newest first. */
    public List<DeadLetter> list(int most) {
        return database.read(sql -> sql.all(
                "SELECT id, project, event, lane, cause, details, deliveries, at FROM queue_dead ORDER BY id DESC LIMIT ?",
                row -> new DeadLetter(
                        row.getLong("id"),
                        row.getString("project"),
                        row.getString("event"),
                        lane(row.getString("lane")),
                        row.getString("cause"),
                        row.getString("details"),
                        row.getInt("deliveries"),
                        Instant.ofEpochMilli(row.getLong("at"))),
                (long) most));
    }

    public long count() {
        Long count =
                database.read(sql -> sql.first("SELECT COUNT(*) AS dead FROM queue_dead", row -> row.getLong("dead")));
        return count == null ? 0 : count;
    }

    private record Dead(long id, Lane lane, Message message) {}

    /**
     * Sends dead messages again, each into the lane that it was in, and forgets that they were dead.
     *
     * @param ids null: all
     * @return how many
     */
    public int replay(@Nullable List<Long> ids, QueueEngine engine) {
        List<Dead> dead = new ArrayList<>();
        String sql = "SELECT id, project, event, lane, headers, body FROM queue_dead";
        if (ids == null) {
            dead.addAll(database.read(in -> in.all(sql + " ORDER BY id", DeadLetters::dead)));
        } else {
            for (Long id : ids) {
                dead.addAll(database.read(in -> in.all(sql + " WHERE id = ?", DeadLetters::dead, id)));
            }
        }
        for (Dead one : dead) {
            // there first: a message that is there twice is done once
            engine.send(one.lane, List.of(one.message));
            database.write(in -> in.update("DELETE FROM queue_dead WHERE id = ?", one.id));
        }
        return dead.size();
    }

    private static Dead dead(ResultSet row) throws SQLException {
        return new Dead(
                row.getLong("id"),
                lane(row.getString("lane")),
                new Message(
                        row.getString("project") + "/" + row.getString("event"),
                        0,
                        Headers.read(row.getString("headers")),
                        row.getBytes("body")));
    }

    private static Lane lane(String text) {
        return Lane.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
