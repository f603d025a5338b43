package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.database.StorageFailure;
import framewright.store.Counts.Amount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Counts what is kept, behind whoever asks, and seldom enough to cost nothing however much there is. */
final class Counting {
    private static final Logger LOG = Logger.getLogger(Counting.class.getName());

    private static final long AT_MOST_EVERY_MILLIS = 30_000;

    /** A count that takes a second is made every two minutes. */
    private static final long TIMES_LONGER = 120;

    private final Database database;
    private final InstantSource clock;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile Counts last = Counts.NONE;
    private volatile long due;

    Counting(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** As of the last count. */
    Counts last() {
        if (clock.millis() >= due && counting.compareAndSet(false, true)) {
            Thread.ofVirtual().name("store-count").start(this::countAndRest);
        }
        return last;
    }

    private void countAndRest() {
        long start = clock.millis();
        try {
            last = count();
        } catch (StorageFailure e) {
            LOG.log(Level.INFO, "what the store keeps is not counted: {0}", e.getMessage());
        } finally {
            long end = clock.millis();
            due = end + Math.max(AT_MOST_EVERY_MILLIS, TIMES_LONGER * (end - start));
            counting.set(false);
        }
    }

    Counts count() {
        return database.read(sql -> {
            Map<String, Amount> kinds = new HashMap<>();
            sql.all(
                            "SELECT COUNT(*), COALESCE(SUM(size), 0), kind FROM debug_file GROUP BY kind",
                            row -> Map.entry(row.getString(3), amount(row)))
                    .forEach(kind -> kinds.put(kind.getKey(), kind.getValue()));
            kinds.put("artifact_bundle", ofTable(sql, Kept.BUNDLE));
            kinds.put("release_file", ofTable(sql, Kept.RELEASE_FILE));
            Amount blobs = sql.all("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM blob", Counting::amount)
                    .getFirst();
            return new Counts(kinds, blobs);
        });
    }

    private static Amount ofTable(Sql sql, Kept table) throws SQLException {
        return sql.all(
                        "SELECT COUNT(*), COALESCE(SUM(b.size), 0) FROM " + table.table()
                                + " n JOIN blob b ON b.digest = n.digest",
                        Counting::amount)
                .getFirst();
    }

    private static Amount amount(ResultSet row) throws SQLException {
        return new Amount(row.getLong(1), row.getLong(2));
    }
}
