package framewright.store;

import framewright.database.Database;
import framewright.database.StorageFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes away what is over: chunks and assemblies of uploads that nobody finished, what {@link Retention} lets go, and blobs
 * that nothing names. Any node may do it, several at once too; the schedule has one of them do it every hour.
 *
 * <p>A blob is deleted within the transaction that deletes its row, and its row is written before the blob is put
 * ({@link Store#keep}). So whoever sends the same content meanwhile waits for the row, and then puts what was deleted: a
 * row that is named always has its blob, and no blob is without a row.
 */
public final class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class.getName());

    /** As sentry-cli knows it of Sentry. */
    private static final Duration UPLOADS = Duration.ofDays(1);

    /** From keeping a blob to naming it. More than the clocks of nodes differ by. */
    private static final Duration NAMELESS = Duration.ofDays(1);

    /** A chunk without a row is one of a process that was killed between the two. */
    private static final Duration ROWLESS_CHUNKS = Duration.ofDays(2);

    private static final int PER_QUESTION = 500;

    private final Database database;
    private final Blobs blobs;
    private final Chunks chunks;
    private final Retention retention;
    private final InstantSource clock;

    Housekeeping(Database database, Blobs blobs, Chunks chunks, Retention retention, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.chunks = chunks;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * What a run has done.
     *
     * @param chunks that were too old
     * @param deleted by retention
     * @param freedBlobs that nothing named
     * @param freedBytes of those
     */
    public record Done(long chunks, List<Retention.Deletion> deleted, long freedBlobs, long freedBytes) {
        public Done {
            deleted = List.copyOf(deleted);
        }
    }

    private record Nameless(String digest, long size) {}

    /** @throws StorageFailure where something cannot be had; what was done until then is done */
    public Done run() {
        Instant now = clock.instant();
        long old = chunks.expire(now.minus(UPLOADS), now.minus(ROWLESS_CHUNKS));
        database.write(sql -> sql.update(
                "DELETE FROM assembly WHERE updated < ?", now.minus(UPLOADS).toEpochMilli()));
        List<Retention.Deletion> deleted = retention.run();
        List<Nameless> freed = collect(now.minus(NAMELESS).toEpochMilli());
        blobs.tidy(now.minus(UPLOADS));
        Done done = new Done(
                old,
                deleted,
                freed.size(),
                freed.stream().mapToLong(Nameless::size).sum());
        if (old + deleted.size() + freed.size() > 0) {
            LOG.log(
                    Level.INFO,
                    "store: {0} unused files deleted, {1} blobs with {2} bytes freed, {3} old chunks",
                    new Object[] {deleted.size(), freed.size(), done.freedBytes, old});
        }
        return done;
    }

    private List<Nameless> collect(long before) {
        List<Nameless> freed = new ArrayList<>();
        String last = "";
        while (true) {
            String after = last;
            List<Nameless> some = database.read(sql -> sql.all(
                    "SELECT digest, size FROM blob WHERE digest > ? AND touched < ? AND " + unnamed()
                            + " ORDER BY digest LIMIT " + PER_QUESTION,
                    row -> new Nameless(row.getString(1), row.getLong(2)),
                    after,
                    before));
            for (Nameless blob : some) {
                if (free(blob, before)) {
                    freed.add(blob);
                }
                last = blob.digest;
            }
            if (some.size() < PER_QUESTION || Thread.currentThread().isInterrupted()) {
                return freed;
            }
        }
    }

    private boolean free(Nameless blob, long before) {
        return database.write(sql -> {
            // whoever touches the row from now on waits
            sql.update("UPDATE blob SET touched = touched WHERE digest = ?", blob.digest);
            // looks again, in a statement of its own that sees what was named until then
            boolean mine = sql.update(
                            "DELETE FROM blob WHERE digest = ? AND touched < ? AND " + unnamed(), blob.digest, before)
                    == 1;
            if (mine) {
                blobs.delete(BlobKey.content(new Digest(blob.digest)));
            }
            return mine;
        });
    }

    private static String unnamed() {
        StringBuilder condition = new StringBuilder();
        for (Kept table : Kept.values()) {
            condition
                    .append(condition.isEmpty() ? "" : " AND ")
                    .append("NOT EXISTS (SELECT 1 FROM ")
                    .append(table.table())
                    .append(" n WHERE n.digest = blob.digest)");
        }
        return condition.toString();
    }
}
