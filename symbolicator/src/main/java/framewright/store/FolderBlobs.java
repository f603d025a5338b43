package framewright.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Blobs as files of a folder: written to {@code tmp} beside them, synced, then renamed. What a killed process leaves in
 * {@code tmp} is taken away at the next start.
 */
final class FolderBlobs implements Blobs {
    private final Path folder;
    private final Path tmp;

    FolderBlobs(Path folder) {
        this.folder = folder;
        this.tmp = folder.resolve("tmp");
        try {
            Files.createDirectories(tmp);
        } catch (IOException e) {
            throw new StoreFailure("the store's folder " + folder + " cannot be made: " + e.getMessage(), e);
        }
    }

    @Override
    public Path newFile() {
        try {
            return Files.createTempFile(tmp, "", ".part");
        } catch (IOException e) {
            throw new StoreFailure("the store cannot write to " + tmp + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void put(BlobKey key, Path file) {
        Path target = path(key);
        Path parent = Objects.requireNonNull(target.getParent());
        try {
            sync(file);
            Files.createDirectories(parent);
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(parent);
        } catch (IOException e) {
            throw new StoreFailure("the store cannot keep " + key.path() + ": " + e.getMessage(), e);
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
            throw new StoreFailure("the store cannot look at " + key.path() + ": " + e.getMessage(), e);
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
            throw new StoreFailure("the store cannot delete " + key.path() + ": " + e.getMessage(), e);
        }
    }

    private Path path(BlobKey key) {
        return folder.resolve(key.path());
    }

    @Override
    public void close() {}
}
