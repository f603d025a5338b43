package framewright.cache;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the tests of the disk cache share. */
final class CacheFixture {
    /** What an empty cache of a few megabytes takes: its folders, and the log of failures. */
    static final long EMPTY = empty(1 << 20);

    static final Lifetimes DOWNLOADED =
            new Lifetimes(Duration.ofDays(1), Duration.ofHours(1), Duration.ofHours(24), Duration.ofHours(24));
    static final Lifetimes DERIVED =
            new Lifetimes(Duration.ofDays(7), Duration.ofHours(1), Duration.ofHours(24), Duration.ofHours(24));

    private CacheFixture() {}

    static long empty(long cap) {
        return (8 + 2L * CacheKind.values().length) * DiskBudget.BLOCK
                + 16 * DiskBudget.BLOCK
                + DiskCache.logBytes(cap)
                + DiskCache.indexBytes(cap);
    }

    static CacheSettings settings(@Nullable Path dir, long maxBytes) {
        return new CacheSettings(dir, maxBytes, DOWNLOADED, DERIVED);
    }

    static CacheKey key(String name) {
        return new CacheKey("source: test\nlocation: " + name + "\n");
    }

    /** A loader of so many bytes. */
    static Loader bytes(int count) {
        return staging -> {
            if (!staging.reserve(count)) {
                return staging.noRoom();
            }
            Files.write(staging.file(), new byte[count]);
            return Loaded.ok();
        };
    }

    static Loader failing(Failure failure) {
        return staging -> Outcome.failed(failure);
    }

    /** A loader that must not run. */
    static Loader never() {
        return staging -> {
            throw new AssertionError("loaded again");
        };
    }

    static CachedFile found(Outcome<CachedFile> outcome) {
        if (outcome instanceof Found<CachedFile>(CachedFile file)) {
            return file;
        }
        throw new AssertionError("not found: " + outcome);
    }

    static Failure failure(@Nullable Outcome<CachedFile> outcome) {
        if (outcome instanceof Failed<CachedFile>(Failure failure)) {
            return failure;
        }
        throw new AssertionError("no failure: " + outcome);
    }

    /** Loads and lets go. */
    static void load(Caches caches, String name, int bytes) throws InterruptedException {
        found(caches.getOrLoad(CacheKind.OBJECTS, key(name), Retention.PRIVATE, bytes(bytes)))
                .close();
    }

    static boolean has(Caches caches, String name) {
        Outcome<CachedFile> known = caches.peek(CacheKind.OBJECTS, key(name));
        if (known instanceof Found<CachedFile>(CachedFile file)) {
            file.close();
        }
        return known != null;
    }

    /** What the file system has allocated: files in whole blocks, and a block for each folder. */
    static long allocated(Path root) {
        long[] sum = {0};
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    sum[0] += DiskBudget.BLOCK;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += DiskBudget.allocated(attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum[0];
    }

    /** All files below the folder but the lock and the logs. */
    static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var walk = Files.walk(root)) {
            walk.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock")
                            && !file.startsWith(root.resolve("failures"))
                            && !file.startsWith(root.resolve("keys"))
                            && !file.startsWith(root.resolve("index")))
                    .forEach(files::add);
        }
        return files;
    }
}
