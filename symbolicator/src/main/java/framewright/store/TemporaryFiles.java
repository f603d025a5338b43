package framewright.store;

import framewright.database.StorageFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files that are being written. Each process has a folder of its own below {@code tmp}, and a lock beside it for as long
 * as it lives: a folder whose lock can be had was left by one that was killed, and goes at the next start.
 */
final class TemporaryFiles implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class.getName());

    private static final String LOCK = ".lock";

    /** Those of this process: closing a second channel to a lock would give the lock up. Also held while one starts. */
    private static final Set<Path> OWN = new HashSet<>();

    private final Path folder;
    private final FileChannel lock;

    /** @param parent of the folders of all processes; made where it is not there */
    TemporaryFiles(Path parent) {
        this.folder = parent.toAbsolutePath().resolve(UUID.randomUUID().toString());
        try {
            Files.createDirectories(parent);
            synchronized (OWN) {
                // while others start, a folder may be there whose lock is not held yet
                try (FileChannel start = open(parent.resolve("start" + LOCK));
                        FileLock _ = start.lock()) {
                    removeLeftovers(parent.toAbsolutePath());
                    this.lock = open(lockOf(folder));
                    lock.lock();
                    Files.createDirectory(folder);
                    OWN.add(folder);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StorageFailure("the store cannot write to " + parent + ": " + e.getMessage(), e);
        }
    }

    Path newFile() {
        try {
            return Files.createTempFile(folder, "", ".part");
        } catch (IOException e) {
            throw new StorageFailure("the store cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Gives its room back, as far as that can be had: the next start tries again. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a temporary file stays until the next start", e);
        }
    }

    private static void removeLeftovers(Path parent) throws IOException {
        for (Path left : list(parent)) {
            if (Files.isDirectory(left) && !OWN.contains(left)) {
                removeLeftover(left);
            }
        }
    }

    private static void removeLeftover(Path left) throws IOException {
        try (FileChannel channel = open(lockOf(left));
                @Nullable FileLock held = channel.tryLock()) {
            if (held != null) {
                remove(left);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        for (Path file : list(folder)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
        Files.deleteIfExists(lockOf(folder));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static FileChannel open(Path lock) throws IOException {
        return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** What was not put goes, too: nobody can name it any more. */
    @Override
    public void close() {
        try (lock) {
            remove(folder);
            synchronized (OWN) {
                OWN.remove(folder);
            }
        } catch (IOException e) {
            throw new StorageFailure("the store cannot clear " + folder + ": " + e.getMessage(), e);
        }
    }
}
