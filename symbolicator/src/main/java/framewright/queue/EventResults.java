package framewright.queue;

import framewright.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The answers of events, as they lie in the database: for readers, and for those who send them on. */
public final class EventResults {
    static final String TOPIC = "queue-results";

    /** How often is looked though nobody has called. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Database database;
    private final InstantSource clock;

    /**
     * The last answer that is known to be on the disk, in SQLite. Others are in the table before: were one of them read, and lost with the
     * power, the next answer would have its id, and its reader would pass over it.
     */
    private final AtomicLong last = new AtomicLong();

    EventResults(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** These are there and stay; whoever waits for answers looks. */
    void written(List<Item> items) {
        items.forEach(item -> last.accumulateAndGet(item.id, Math::max));
        database.signals().wake(TOPIC);
    }

    /**
     * An answer.
     *
     * @param id where it stands: later ones have greater ids
     * @param json as it travels, with the answer
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    public record Item(long id, String project, String event, int generation, String status, byte[] json) {}

    /**
     * Answers in their order, of one project or all, some of those that are there; waits for the first where there is none.
     *
     * @param after the last one that was read; 0: from the oldest that is kept
     * @param project as {@code organisation/project}, or {@code organisation/} for all of its projects
     */
    public List<Item> read(long after, String project, int most, Duration wait) throws InterruptedException {
        long end = clock.millis() + wait.toMillis();
        while (true) {
            long seen = database.signals().seen(TOPIC);
            List<Item> items = look(after, project, most);
            long left = end - clock.millis();
            if (!items.isEmpty() || left <= 0) {
                return lasting(items);
            }
            database.signals().await(TOPIC, seen, Duration.ofMillis(Math.min(left, LOOK_AGAIN.toMillis())));
        }
    }

    /** Those first ones that stay whatever happens; all of them, once they do, where none does now. */
    private List<Item> lasting(List<Item> items) {
        if (database.isShared()) {
            return items;
        }
        long known = last.get();
        List<Item> there = items.stream().takeWhile(item -> item.id <= known).toList();
        if (there.isEmpty() && !items.isEmpty()) {
            database.settle();
            last.accumulateAndGet(items.getLast().id, Math::max);
            return items;
        }
        return there;
    }

    private List<Item> look(long after, String project, int most) {
        return database.read(sql -> sql.all(
                "SELECT id, project, event, generation, status, body FROM queue_result WHERE id > ?"
                        + (project.endsWith("/")
                                ? " AND substr(project, 1, CAST(? AS INTEGER)) = ?"
                                : " AND ? > 0 AND project = ?")
                        + " ORDER BY id LIMIT ?",
                EventResults::item,
                after,
                (long) project.length(),
                project,
                (long) most));
    }

    private static Item item(ResultSet row) throws SQLException {
        return new Item(
                row.getLong("id"),
                row.getString("project"),
                row.getString("event"),
                row.getInt("generation"),
                row.getString("status"),
                row.getBytes("body"));
    }

    /** One generation; null: there is none, or no longer. */
    public @Nullable Item find(String project, String event, int generation) {
        return database.read(sql -> sql.first(
                "SELECT id, project, event, generation, status, body FROM queue_result"
                        + " WHERE project = ? AND event = ? AND generation = ?",
                EventResults::item,
                project,
                event,
                (long) generation));
    }

    /** Those that the engine's readers do not have though they are older than this: a node has died in between. */
    List<Item> unsent(Duration age, int most) {
        return database.read(sql -> sql.all(
                "SELECT id, project, event, generation, status, body FROM queue_result WHERE sent = 0 AND at < ? ORDER BY id LIMIT ?",
                EventResults::item,
                clock.millis() - age.toMillis(),
                (long) most));
    }

    /** The engine's readers have these. */
    void sent(List<Item> items) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        items.forEach(item -> rows.add(new Object[] {item.id}));
        database.write(sql -> {
            sql.batch("UPDATE queue_result SET sent = 1 WHERE id = ?", rows);
            return null;
        });
    }
}
