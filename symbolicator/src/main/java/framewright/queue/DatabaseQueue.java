package framewright.queue;

import framewright.database.Database;
import framewright.database.Signals;
import framewright.database.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The database as the engine: a row for each message. Whoever takes one moves the time from which it can be had behind
 * the end of the lease; nodes pass over rows that another one is just taking ({@code SKIP LOCKED}). Only what is sent must
 * outlive a loss of power: what was taken or settled before one is delivered again, and known to the ledger.
 */
public final class DatabaseQueue implements QueueEngine {
    private static final Duration LEASE = Duration.ofMinutes(1);

    /** How often is looked though nobody has called: for leases that are over, and for signals that got lost. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final int LOWEST_RANK = 9;
    private static final int MAX_PROJECTS = 100;

    private static final String INSERT =
            "INSERT INTO queue_message (lane, rank, due, receipt, deliveries, created, name, headers, body)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Database database;
    private final InstantSource clock;

    /** @param database closed by the caller */
    public DatabaseQueue(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    private record Taken(Lane lane, Message message, int deliveries, long id, String receipt) implements Delivery {}

    @Override
    public String name() {
        return database.isShared() ? "postgres" : "sqlite";
    }

    @Override
    public void send(Lane lane, List<Message> messages) {
        var _ = send(lane, messages, 0);
    }

    @Override
    public List<Delivery> send(Lane lane, List<Message> messages, int most) {
        long now = clock.millis();
        List<Message> mine = messages.subList(0, Math.min(most, messages.size()));
        List<Message> others = messages.subList(mine.size(), messages.size());
        String receipt = UUID.randomUUID().toString();
        List<Delivery> taken = database.write(sql -> {
            List<Delivery> had = new ArrayList<>();
            for (Message message : mine) {
                Long id = sql.first(
                        INSERT + " RETURNING id",
                        row -> row.getLong(1),
                        row(lane, message, now, now + LEASE.toMillis(), receipt, 1));
                had.add(new Taken(lane, message, 1, Objects.requireNonNull(id), receipt));
            }
            if (!others.isEmpty()) {
                sql.batch(
                        INSERT,
                        others.stream()
                                .map(message -> row(lane, message, now, now, "", 0))
                                .toList());
                signals().tell(sql, topic(lane));
            }
            return had;
        });
        if (!others.isEmpty()) {
            signals().wake(topic(lane));
        }
        return taken;
    }

    /** The values of {@link #INSERT}. */
    private static @Nullable Object[] row(
            Lane lane, Message message, long now, long due, String receipt, long deliveries) {
        return new Object[] {
            lane.text(),
            (long) LOWEST_RANK - message.priority(),
            due,
            receipt,
            deliveries,
            now,
            message.key(),
            Headers.text(message.headers()),
            message.body()
        };
    }

    @Override
    public List<Delivery> receive(Lane lane, int most, Duration wait) throws InterruptedException {
        long end = clock.millis() + wait.toMillis();
        while (true) {
            long seen = signals().seen(topic(lane));
            List<Delivery> taken = take(lane, most);
            long left = end - clock.millis();
            if (!taken.isEmpty() || left <= 0) {
                return taken;
            }
            signals().await(topic(lane), seen, Duration.ofMillis(Math.min(left, LOOK_AGAIN.toMillis())));
        }
    }

    private List<Delivery> take(Lane lane, int most) {
        long now = clock.millis();
        // most looks find nothing, and need not wait for whoever writes
        boolean none = database.read(sql -> sql.first(
                        "SELECT 1 FROM queue_message WHERE lane = ? AND due <= ? LIMIT 1",
                        row -> Boolean.TRUE,
                        lane.text(),
                        now))
                == null;
        if (none) {
            return List.of();
        }
        String receipt = UUID.randomUUID().toString();
        List<Taken> taken = database.writeLightly(sql -> sql.all(
                "UPDATE queue_message SET due = ?, receipt = ?, deliveries = deliveries + 1 WHERE id IN ("
                        + "SELECT id FROM queue_message WHERE lane = ? AND due <= ? ORDER BY rank, id LIMIT ?"
                        + (database.isShared() ? " FOR UPDATE SKIP LOCKED" : "")
                        + ") RETURNING id, rank, deliveries, name, headers, body",
                row -> new Taken(
                        lane,
                        new Message(
                                row.getString("name"),
                                LOWEST_RANK - row.getInt("rank"),
                                Headers.read(row.getString("headers")),
                                row.getBytes("body")),
                        row.getInt("deliveries"),
                        row.getLong("id"),
                        receipt),
                now + LEASE.toMillis(),
                receipt,
                lane.text(),
                now,
                (long) most));
        List<Delivery> sorted = new ArrayList<>(taken);
        // as they were sent; a statement returns what it has changed in any order
        sorted.sort((a, b) -> Long.compare(((Taken) a).id, ((Taken) b).id));
        return sorted;
    }

    @Override
    public void acknowledge(List<? extends Delivery> deliveries) {
        settle(deliveries, "DELETE FROM queue_message WHERE id = ? AND receipt = ?");
    }

    @Override
    public void release(List<? extends Delivery> deliveries) {
        // not a delivery that counts against the message: nobody has tried
        settle(
                deliveries,
                "UPDATE queue_message SET due = 0, deliveries = deliveries - 1 WHERE id = ? AND receipt = ?");
        deliveries.stream()
                .map(Delivery::lane)
                .distinct()
                .forEach(lane -> signals().wake(topic(lane)));
    }

    @Override
    public void renew(List<? extends Delivery> deliveries) {
        settle(
                deliveries,
                "UPDATE queue_message SET due = " + (clock.millis() + LEASE.toMillis())
                        + " WHERE id = ? AND receipt = ?");
    }

    private void settle(List<? extends Delivery> deliveries, String statement) {
        if (deliveries.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Taken taken = (Taken) delivery;
            rows.add(new Object[] {taken.id, taken.receipt});
        }
        database.writeLightly(sql -> {
            sql.batch(statement, rows);
            return null;
        });
    }

    @Override
    public Duration lease() {
        return LEASE;
    }

    @Override
    public boolean letsGo() {
        return false;
    }

    @Override
    public boolean hasReadersOfItsOwn() {
        return false;
    }

    /** Readers look into the table of results. */
    @Override
    public void publish(List<Message> results) {}

    @Override
    public Map<Lane, Depth> depths() {
        Map<Lane, Depth> depths = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            depths.put(lane, new Depth(0, null));
        }
        depths.putAll(database.read(DatabaseQueue::depths));
        return depths;
    }

    private static Map<Lane, Depth> depths(Sql sql) throws SQLException {
        Map<Lane, Depth> depths = new EnumMap<>(Lane.class);
        sql.all(
                        "SELECT lane, COUNT(*) AS messages, MIN(created) AS oldest FROM queue_message GROUP BY lane",
                        row -> Map.entry(
                                Lane.valueOf(row.getString("lane").toUpperCase(Locale.ROOT)),
                                new Depth(row.getLong("messages"), Instant.ofEpochMilli(row.getLong("oldest")))))
                .forEach(entry -> depths.put(entry.getKey(), entry.getValue()));
        return depths;
    }

    @Override
    public Map<String, Long> projects(Lane lane) {
        Map<String, Long> projects = new LinkedHashMap<>();
        // of a key, what stands before its last slash
        database.read(sql -> sql.all(
                        "SELECT rtrim(rtrim(name, replace(name, '/', '')), '/') AS project, COUNT(*) AS messages FROM queue_message"
                                + " WHERE lane = ? GROUP BY project ORDER BY messages DESC, project LIMIT "
                                + MAX_PROJECTS,
                        row -> Map.entry(row.getString("project"), row.getLong("messages")),
                        lane.text()))
                .forEach(entry -> projects.put(entry.getKey(), entry.getValue()));
        return projects;
    }

    @Override
    public void check() {
        database.check();
    }

    /** What is in hand is delivered again when its lease is over. */
    @Override
    public void close() {}

    private Signals signals() {
        return database.signals();
    }

    private static String topic(Lane lane) {
        return "queue-" + lane.text();
    }
}
