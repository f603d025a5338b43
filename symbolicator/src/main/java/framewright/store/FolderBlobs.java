package framewright.store;

import framewright.database.StorageFailure;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blobs as files of a folder: written to a temporary file beside them, synced, then renamed. */
final class FolderBlobs implements Blobs {
    private final Path folder;
    private final TemporaryFiles temporary;

    /** @param temporary on the same volume */
    FolderBlobs(Path folder, TemporaryFiles temporary) {
        this.folder = folder;
        this.temporary = temporary;
    }

    @Override
    public Path newFile() {
        return temporary.newFile();
    }

    @Override
    public void flush(FileChannel file) throws IOException {
        file.force(false);
    }

    @Override
    public void put(BlobKey key, Path file) {
        Path target = path(key);
        Path parent = Objects.requireNonNull(target.getParent());
        try {
            if (key.isLasting()) {
                sync(file);
            }
            Files.createDirectories(parent);
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (key.isLasting()) {
                sync(parent);
            }
        } catch (IOException e) {
            throw new StorageFailure("the store cannot keep " + key.path() + ": " + e.getMessage(), e);
        } finally {
            TemporaryFiles.discard(file);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long size(BlobKey key) {
        try {
            return Files.size(path(key));
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw new StorageFailure("the store cannot look at " + key.path() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable InputStream open(BlobKey key, long offset, long length) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path(key), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return null;
        }
        channel.position(offset);
        InputStream all = Channels.newInputStream(channel);
        return length < 0 ? all : new LimitedStream(all, length);
    }

    @Override
    public @Nullable Place locate(BlobKey key, Duration validity) {
        Path path = path(key);
        return Files.isRegularFile(path) ? new Place.OnDisk(path) : null;
    }

    @Override
    public void delete(BlobKey key) {
        try {
            Files.deleteIfExists(path(key));
        } catch (IOException e) {
            throw new StorageFailure("the store cannot delete " + key.path() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void list(BlobKey.Family family, Consumer<Listed> each) {
        Path top = folder.resolve(family.prefix());
        if (!Files.isDirectory(top)) {
            return;
        }
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                    String path = folder.relativize(file).toString().replace(File.separatorChar, '/');
                    each.accept(new Listed(
                            new BlobKey(path),
                            about.size(),
                            about.lastModifiedTime().toInstant()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new StorageFailure("the store cannot list " + top + ": " + e.getMessage(), e);
        }
    }

    /** Nothing: temporary files of processes that were killed go at the next start. */
    @Override
    public void tidy(Instant before) {}

    @Override
    public void check() {
        TemporaryFiles.discard(newFile());
    }

    private Path path(BlobKey key) {
        return folder.resolve(key.path());
    }

    @Override
    public void close() {
        temporary.close();
    }
}
