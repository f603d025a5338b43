package framewright.store;

import framewright.database.Database;
import framewright.database.StorageFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * When what is kept was used last. Noted in memory, which costs a look-up nothing, and written down behind it.
 *
 * <p>Whoever keeps what {@code find} has answered, and serves from that, notes each use here.
 */
public final class Uses {
    private static final Logger LOG = Logger.getLogger(Uses.class.getName());

    /** How far the database may be behind. */
    static final Duration WITHIN = Duration.ofMinutes(1);

    private static final Duration WRITTEN_EVERY = Duration.ofSeconds(20);

    /** Uses so close to the one that is written are the same. */
    private static final Duration STEP = Duration.ofSeconds(30);

    /** Of one transaction. */
    private static final int PER_WRITE = 1000;

    /** What waits to be written when the database is away; about 20 MB. */
    private static final int MOST = 200_000;

    private final Database database;
    private final InstantSource clock;
    private final Map<Used, Long> pending = new ConcurrentHashMap<>();
    private final Thread writer;

    private record Used(Kept table, long id) {}

    Uses(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("store-uses").start(this::keepWriting);
    }

    /** It is used now. */
    public void note(DebugFile file) {
        note(Kept.DEBUG_FILE, file.id(), file.used().toEpochMilli());
    }

    /** It is used now. */
    public void note(ArtifactBundle bundle) {
        note(Kept.BUNDLE, bundle.id(), 0);
    }

    /** It is used now. */
    public void note(ReleaseFile file) {
        note(Kept.RELEASE_FILE, file.id(), 0);
    }

    /**
     * One of a table is used now.
     *
     * @param known when it was last, as far as is known, in milliseconds since 1970
     */
    void note(Kept table, long id, long known) {
        long now = clock.millis();
        if (now - known >= STEP.toMillis() && pending.size() < MOST) {
            pending.merge(new Used(table, id), now, Math::max);
        }
    }

    private void keepWriting() {
        try {
            while (true) {
                Thread.sleep(WRITTEN_EVERY);
                try {
                    write();
                } catch (StorageFailure e) {
                    LOG.log(Level.WARNING, "when files were used is not written down: {0}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Writes down what was noted so far; it waits on where that fails. */
    synchronized void write() {
        // in one order, so that nodes that write at once do not wait for each other in a circle
        List<Used> noted = pending.keySet().stream()
                .sorted(Comparator.comparing(Used::table).thenComparingLong(Used::id))
                .toList();
        for (int from = 0; from < noted.size(); from += PER_WRITE) {
            Map<Used, Long> some = new LinkedHashMap<>();
            noted.subList(from, Math.min(noted.size(), from + PER_WRITE))
                    .forEach(used -> some.put(used, pending.getOrDefault(used, 0L)));
            database.write(sql -> {
                for (Kept table : Kept.values()) {
                    List<@Nullable Object[]> rows = new ArrayList<>();
                    some.forEach((used, time) -> {
                        if (used.table == table) {
                            rows.add(new Object[] {time, used.id, time});
                        }
                    });
                    sql.batch("UPDATE " + table.table() + " SET used = ? WHERE id = ? AND used < ?", rows);
                }
                return null;
            });
            some.forEach(pending::remove);
        }
    }

    void close() {
        writer.interrupt();
        try {
            writer.join();
            write();
        } catch (StorageFailure e) {
            LOG.log(Level.WARNING, "when files were used last is lost: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
