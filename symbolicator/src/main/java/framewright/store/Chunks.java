package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.database.StorageFailure;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Parts of uploads by the SHA-1 of their bytes, each organisation's its own, until they are put together or too old. */
public final class Chunks {
    /** What is older is asked for again, so that nothing is dropped between the answer and putting it together. */
    private static final Duration COUNTED_ON = Duration.ofHours(23);

    private static final int PER_WRITE = 100;

    private static final Comparator<Chunk> IN_ORDER =
            Comparator.comparingLong(Chunk::organization).thenComparing(Chunk::sha1);

    private final Database database;
    private final Blobs blobs;
    private final InstantSource clock;

    Chunks(Database database, Blobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Those of the names that are not here, or too old to count on, in their order. */
    public Set<String> missing(Organization organization, Collection<String> names) {
        Set<String> missing = new LinkedHashSet<>(names);
        long young = clock.millis() - COUNTED_ON.toMillis();
        for (List<String> some : Sql.portions(List.copyOf(missing))) {
            missing.removeAll(new HashSet<>(database.read(sql -> sql.all(
                    "SELECT sha1 FROM chunk WHERE organization_id = ? AND created >= ? AND sha1 IN ("
                            + Sql.marks(some.size()) + ")",
                    row -> row.getString(1),
                    Sql.with(some, organization.id(), young)))));
        }
        return missing;
    }

    /**
     * One that has arrived.
     *
     * @param file of {@link Blobs#newFile}, with just the bytes of this SHA-1; gone after it was kept, also where that fails
     */
    public record Arrived(String sha1, Path file, long size) {}

    /** Keeps them in one transaction: each costs a sync of the database, which takes longer than a small chunk. */
    public void keep(Organization organization, Collection<Arrived> arrived) {
        if (arrived.isEmpty()) {
            return;
        }
        Map<String, Arrived> chunks = new TreeMap<>();
        arrived.forEach(chunk -> chunks.put(chunk.sha1, chunk));
        try {
            arrived.forEach(chunk -> blobs.put(BlobKey.chunk(organization.id(), chunk.sha1), chunk.file));
        } finally {
            arrived.forEach(chunk -> TemporaryFiles.discard(chunk.file));
        }
        database.write(sql -> {
            for (Arrived chunk : chunks.values()) {
                keep(sql, organization, chunk);
            }
            return null;
        });
    }

    private void keep(Sql sql, Organization organization, Arrived chunk) throws SQLException {
        sql.update(
                "INSERT INTO chunk (organization_id, sha1, size, created) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (organization_id, sha1) DO UPDATE SET created = excluded.created",
                organization.id(),
                chunk.sha1,
                chunk.size,
                clock.millis());
        // who drops one deletes it with the row, for which this has waited
        if (blobs.size(BlobKey.chunk(organization.id(), chunk.sha1)) < 0) {
            throw new StorageFailure("chunk " + chunk.sha1 + " was dropped while it arrived; send it again");
        }
    }

    /** What was put together is not needed in parts. */
    public void drop(Organization organization, Collection<String> names) {
        var _ = drop(
                names.stream().map(name -> new Chunk(organization.id(), name)).toList(), Long.MAX_VALUE);
    }

    /** Those that are older; gives how many were. In one order, so that nodes do not wait for each other in a circle. */
    private long drop(Collection<Chunk> chunks, long before) {
        List<Chunk> all = chunks.stream().distinct().sorted(IN_ORDER).toList();
        long dropped = 0;
        for (int from = 0; from < all.size(); from += PER_WRITE) {
            List<Chunk> some = all.subList(from, Math.min(all.size(), from + PER_WRITE));
            dropped += database.write(sql -> {
                long gone = 0;
                for (Chunk chunk : some) {
                    int rows = sql.update(
                            "DELETE FROM chunk WHERE organization_id = ? AND sha1 = ? AND created < ?",
                            chunk.organization,
                            chunk.sha1,
                            before);
                    if (rows == 1) {
                        blobs.delete(BlobKey.chunk(chunk.organization, chunk.sha1));
                        gone++;
                    }
                }
                return gone;
            });
        }
        return dropped;
    }

    private record Chunk(long organization, String sha1) {}

    /**
     * Drops what is too old.
     *
     * @param rowless the same for those that the database does not know
     * @return how many had to go
     */
    long expire(Instant before, Instant rowless) {
        List<Chunk> old = database.read(sql -> sql.all(
                "SELECT organization_id, sha1 FROM chunk WHERE created < ?",
                row -> new Chunk(row.getLong(1), row.getString(2)),
                before.toEpochMilli()));
        long dropped = drop(old, before.toEpochMilli());
        List<BlobKey> files = new ArrayList<>();
        blobs.list(BlobKey.Family.CHUNKS, listed -> {
            if (listed.written().isBefore(rowless)) {
                files.add(listed.key());
            }
        });
        files.forEach(blobs::delete);
        return dropped + files.size();
    }
}
