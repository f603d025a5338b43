package framewright.cache;

import framewright.api.Outcome.Malformed;
import framewright.config.CacheSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembered failures. Most look-ups at symbol sources end as one, so that a file each would cost more than the files
 * that were found: they are in memory, and in a log that the next start reads back.
 */
final class NegativeCache implements AutoCloseable {
    private record Kept(NegativeEntry entry, int generation) {}

    private final CacheSettings settings;
    private final InstantSource clock;
    private final Instant started;
    private final Map<CacheKind, ConcurrentMap<Digest, Kept>> entries = new EnumMap<>(CacheKind.class);
    private final AtomicInteger newest = new AtomicInteger(RecordLog.FIRST_GENERATION);
    private final RecordLog log;

    /** @param logBytes what the log's files may take together */
    NegativeCache(Path folder, long logBytes, CacheSettings settings, InstantSource clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.started = clock.instant();
        for (CacheKind kind : CacheKind.values()) {
            entries.put(kind, new ConcurrentHashMap<>());
        }
        this.log = new RecordLog(folder, logBytes, this::readBack);
        expire();
    }

    private void readBack(ByteBuffer record, int generation) {
        NegativeEntry entry = NegativeEntry.parse(record);
        if (entry == null) {
            return;
        }
        if (entry.isRevocation()) {
            entries(entry.id().kind()).remove(entry.id().digest());
        } else {
            keep(entry, generation);
        }
    }

    private void keep(NegativeEntry entry, int generation) {
        entries(entry.id().kind()).put(entry.id().digest(), new Kept(entry, generation));
    }

    private ConcurrentMap<Digest, Kept> entries(CacheKind kind) {
        return Objects.requireNonNull(entries.get(kind));
    }

    /** The failure of the thing, where it is remembered still. */
    @Nullable
    NegativeEntry find(CacheId id) {
        Kept kept = entries(id.kind()).get(id.digest());
        if (kept == null) {
            return null;
        }
        if (isFresh(kept.entry)) {
            return kept.entry;
        }
        entries(id.kind()).remove(id.digest(), kept);
        return null;
    }

    /** Until when the failure is remembered; {@link Instant#MAX}: for good. */
    Instant until(NegativeEntry entry) {
        Instant until = entry.until(entry.id().kind().lifetimes(settings), settings.retries());
        return until == null ? Instant.MAX : until;
    }

    private boolean isFresh(NegativeEntry entry) {
        // a malformed file may have been our fault, and another build of ours reads it
        boolean ofAnotherProcess =
                entry.failure() instanceof Malformed && entry.created().isBefore(started);
        return !ofAnotherProcess && clock.instant().isBefore(until(entry));
    }

    /** Remembers a failure, unless its kind is never remembered. */
    void put(NegativeEntry entry) throws IOException {
        if (!isFresh(entry)) {
            return;
        }
        int generation = log.append(entry.format());
        keep(entry, generation);
        if (newest.getAndUpdate(known -> Math.max(known, generation)) < generation) {
            // memory keeps no more than the log does
            removeIf(kept -> kept.generation < generation - 1);
        }
    }

    /** All that is remembered still. */
    List<NegativeEntry> all(CacheKind kind) {
        return entries(kind).values().stream()
                .map(Kept::entry)
                .filter(this::isFresh)
                .toList();
    }

    /** Forgets a failure, also for the next start. */
    void revoke(NegativeEntry entry) throws IOException {
        if (entries(entry.id().kind()).remove(entry.id().digest()) != null) {
            log.append(entry.revocation().format());
        }
    }

    /** Forgets what is too old. */
    void expire() {
        removeIf(kept -> !isFresh(kept.entry));
    }

    private void removeIf(Predicate<Kept> condition) {
        entries.values().forEach(ofKind -> ofKind.values().removeIf(condition));
    }

    long count(CacheKind kind) {
        return entries(kind).size();
    }

    @Override
    public void close() {
        log.close();
    }
}
