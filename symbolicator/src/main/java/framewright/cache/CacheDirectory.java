package framewright.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory that one process holds for its cache: a hard cap means nothing with two that write. A lock file tells
 * whether a process lives, which a process id does not: containers use the same ones again.
 */
final class CacheDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String TEMPORARY = "framewright-cache-";

    /**
     * Directories held by this process. The system forgets a process's locks on a file as soon as the process closes
     * any of its channels on it, so a second one must not even be opened.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;
    private final boolean temporary;
    private final @Nullable Thread removal;

    private CacheDirectory(Path path, FileChannel lockFile, boolean temporary) {
        this.path = path;
        this.lockFile = lockFile;
        this.temporary = temporary;
        this.removal = temporary ? new Thread(this::removeQuietly, "cache-removal") : null;
        if (removal != null) {
            Runtime.getRuntime().addShutdownHook(removal);
        }
    }

    /**
     * Holds {@code configured}, or a temporary directory that goes when this is closed or the process ends; after a
     * kill it is the next start that removes it.
     */
    static CacheDirectory open(@Nullable Path configured) throws IOException {
        if (configured == null) {
            Path base = Path.of(System.getProperty("java.io.tmpdir"));
            removeAbandoned(base);
            Path path = Files.createTempDirectory(base, TEMPORARY).toRealPath();
            return new CacheDirectory(path, require(path), true);
        }
        Files.createDirectories(configured);
        Path path = configured.toRealPath();
        return new CacheDirectory(path, require(path), false);
    }

    Path path() {
        return path;
    }

    /** A tenth of what could be had, {@code used} bytes of its own included, so that a restart changes nothing. */
    long defaultCap(long used) throws IOException {
        return (Files.getFileStore(path).getUsableSpace() + used) / 10;
    }

    private static FileChannel require(Path path) throws IOException {
        FileChannel channel = tryLock(path);
        if (channel == null) {
            throw new IOException(path + " is in use by another process");
        }
        return channel;
    }

    private static @Nullable FileChannel tryLock(Path path) throws IOException {
        if (!HELD.add(path)) {
            return null;
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        } finally {
            if (lock == null) {
                HELD.remove(path);
                if (channel != null) {
                    channel.close();
                }
            }
        }
        return lock == null ? null : channel;
    }

    private static void removeAbandoned(Path base) throws IOException {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, TEMPORARY + "*")) {
            for (Path candidate : candidates) {
                try {
                    removeIfAbandoned(candidate);
                } catch (IOException e) {
                    // another user's, or gone in the meantime
                }
            }
        }
    }

    private static void removeIfAbandoned(Path candidate) throws IOException {
        if (!Files.exists(candidate.resolve(LOCK))) {
            return;
        }
        Path real = candidate.toRealPath();
        FileChannel lockFile = tryLock(real);
        if (lockFile != null) {
            try (lockFile) {
                CacheFolder.deleteTree(real);
            } finally {
                HELD.remove(real);
            }
        }
    }

    private void removeQuietly() {
        try {
            CacheFolder.deleteTree(path);
        } catch (IOException e) {
            // the next start tries again
        }
    }

    @Override
    public void close() {
        if (temporary) {
            removeQuietly();
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            // the process's end closes it
        }
        HELD.remove(path);
        if (removal != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(removal);
            } catch (IllegalStateException e) {
                // the process ends and the hook runs
            }
        }
    }
}
