package framewright.cache;

import framewright.api.CacheQuery;
import framewright.api.CacheReport;
import framewright.api.CacheReport.Item;
import framewright.api.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks into the cache and cleans it, for people. */
final class CacheAdmin {
    /** More lines than anyone reads; who looks for one narrows the question. */
    private static final int MAX_LISTED = 10_000;

    private final DiskCache disk;
    private final Runnable purged;

    /** @param purged has everyone forget what was made of entries that are gone */
    CacheAdmin(DiskCache disk, Runnable purged) {
        this.disk = disk;
        this.purged = purged;
    }

    CacheReport run(CacheQuery.Command command, CacheQuery query) {
        try {
            return switch (command) {
                case LS -> list(query);
                case STAT -> usage();
                case PURGE -> purge(query);
                case VERIFY -> verify(query);
            };
        } catch (IOException e) {
            throw new UncheckedIOException("the cache cannot be read: " + e.getMessage(), e);
        }
    }

    private CacheReport list(CacheQuery query) throws IOException {
        Map<CacheId, String> keys = disk.keys().read();
        List<Item> items = new ArrayList<>();
        long all = 0;
        for (CacheKind kind : CacheKind.values()) {
            List<Entry> entries = entries(kind, query, keys);
            List<NegativeEntry> failures = failures(kind, query, keys);
            all += entries.size() + failures.size();
            entries.stream()
                    .limit(MAX_LISTED - items.size())
                    .map(entry -> item(entry, keys))
                    .forEach(items::add);
            failures.stream()
                    .limit(MAX_LISTED - items.size())
                    .map(failure -> item(failure, keys))
                    .forEach(items::add);
        }
        return new CacheReport.Listing(items, all - items.size());
    }

    private CacheReport usage() {
        List<CacheReport.Kind> kinds = new ArrayList<>();
        for (CacheKind kind : CacheKind.values()) {
            CacheStats stats = disk.stats(kind, 0, 0);
            kinds.add(new CacheReport.Kind(kind.folder(), stats.files(), stats.bytes(), stats.failures()));
        }
        return new CacheReport.Usage(kinds, disk.space().used(), disk.space().cap());
    }

    private CacheReport purge(CacheQuery query) throws IOException {
        Map<CacheId, String> keys = disk.keys().read();
        List<Entry> entries = new ArrayList<>();
        long failures = 0;
        for (CacheKind kind : CacheKind.values()) {
            entries.addAll(entries(kind, query, keys));
            for (NegativeEntry failure : failures(kind, query, keys)) {
                disk.failures().revoke(failure);
                failures++;
            }
        }
        entries.forEach(entry -> entry.discarded = true);
        // what is only kept ready lets go now
        purged.run();
        long bytes = 0;
        long inUse = 0;
        for (Entry entry : entries) {
            bytes += entry.allocated();
            inUse += disk.discard(entry) || !entry.isLeased() ? 0 : 1;
        }
        return new CacheReport.Purged(entries.size(), bytes, failures, inUse, false);
    }

    private CacheReport verify(CacheQuery query) throws IOException {
        Map<CacheId, String> keys = disk.keys().read();
        long checked = 0;
        long checksummed = 0;
        List<Item> damaged = new ArrayList<>();
        for (CacheKind kind : CacheKind.values()) {
            for (Entry entry : entries(kind, query, keys)) {
                if (!entry.lease()) {
                    continue;
                }
                boolean sound = isSound(entry);
                checked++;
                checksummed += entry.sum.isEmpty() ? 0 : 1;
                if (!sound) {
                    damaged.add(item(entry, keys));
                    entry.discarded = true;
                }
                entry.release();
            }
        }
        if (!damaged.isEmpty()) {
            purged.run();
        }
        for (CacheKind kind : CacheKind.values()) {
            disk.all(kind).stream().filter(entry -> entry.discarded).forEach(disk::discard);
        }
        return new CacheReport.Verified(checked, checksummed, damaged);
    }

    private boolean isSound(Entry entry) {
        try {
            return Files.size(disk.path(entry)) == entry.size
                    && (entry.sum.isEmpty() || Checksum.of(disk.path(entry)).equals(entry.sum));
        } catch (IOException e) {
            return false;
        }
    }

    private List<Entry> entries(CacheKind kind, CacheQuery query, Map<CacheId, String> keys) {
        return query.failuresOnly()
                ? List.of()
                : disk.all(kind).stream()
                        .filter(entry -> !entry.discarded)
                        .filter(entry -> fits(query, new CacheId(kind, entry.digest), keys))
                        .toList();
    }

    private List<NegativeEntry> failures(CacheKind kind, CacheQuery query, Map<CacheId, String> keys) {
        return disk.failures().all(kind).stream()
                .filter(failure -> fits(query, failure.id(), keys))
                .toList();
    }

    private static boolean fits(CacheQuery query, CacheId id, Map<CacheId, String> keys) {
        return query.fits(id.kind().folder(), id.digest().toString(), keys.getOrDefault(id, ""));
    }

    private static Item item(Entry entry, Map<CacheId, String> keys) {
        String key = keys.getOrDefault(new CacheId(entry.kind, entry.digest), "");
        Instant used = Instant.ofEpochSecond(entry.lastUsed);
        return new Item(entry.kind.folder(), entry.digest.toString(), key, entry.size, used, null, null);
    }

    private Item item(NegativeEntry failure, Map<CacheId, String> keys) {
        Instant until = disk.failures().until(failure);
        return new Item(
                failure.id().kind().folder(),
                failure.id().digest().toString(),
                keys.getOrDefault(failure.id(), ""),
                0,
                failure.created(),
                Cause.of(failure.failure()),
                until.equals(Instant.MAX) ? null : until);
    }
}
