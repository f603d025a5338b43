package framewright.shared;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unreachable;
import framewright.fetch.StoreClient.Body;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Objects as files of a folder that all nodes have mounted. Written beside, synced, and then given their name by a hard
 * link, which fails where the name is taken, on NFS too; or by renaming, where what is there is to go.
 */
final class FolderStore implements Store {
    /** What a node leaves half written when it is killed goes after this. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private static final String TEMPORARY = "tmp";

    private final Path root;
    private final String node = UUID.randomUUID().toString();
    private final AtomicLong names = new AtomicLong();

    FolderStore(Path root, InstantSource clock) {
        this.root = root;
        removeAbandoned(clock.instant().minus(ABANDONED));
    }

    private void removeAbandoned(Instant before) {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root.resolve(TEMPORARY))) {
            for (Path leftover : leftovers) {
                if (Files.getLastModifiedTime(leftover).toInstant().isBefore(before)) {
                    Files.deleteIfExists(leftover);
                }
            }
        } catch (IOException e) {
            // there is none yet, or the folder cannot be had now, which each use of it says
        }
    }

    @Override
    public <T> Outcome<T> read(String name, Reader<T> reader) {
        try (InputStream in = Files.newInputStream(root.resolve(name))) {
            return Outcome.found(reader.read(in));
        } catch (IOException e) {
            return failed(e);
        }
    }

    @Override
    public Outcome<Boolean> create(String name, Body body) {
        return place(name, body, (written, to) -> {
            try {
                Files.createLink(to, written);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            }
        });
    }

    @Override
    public Outcome<Boolean> write(String name, Body body) {
        return place(name, body, (written, to) -> {
            Files.move(written, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        });
    }

    @FunctionalInterface
    private interface Naming {
        boolean name(Path written, Path to) throws IOException;
    }

    private Outcome<Boolean> place(String name, Body body, Naming naming) {
        if (!Files.isDirectory(root)) {
            // made by whoever mounts it: else the disk below its place would be filled
            return Outcome.failed(noFolder());
        }
        Path written = root.resolve(TEMPORARY).resolve(node + "-" + names.incrementAndGet());
        try {
            Path to = root.resolve(name);
            Files.createDirectories(written.getParent());
            Files.createDirectories(to.getParent());
            try {
                write(written, body);
                return Outcome.found(naming.name(written, to));
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            return failed(e);
        } catch (UnsupportedOperationException e) {
            return Outcome.failed(new Unreachable("the folder's file system knows no hard links"));
        }
    }

    private static void write(Path file, Body body) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            body.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    @Override
    public Outcome<Boolean> remove(String name) {
        try {
            return Outcome.found(Files.deleteIfExists(root.resolve(name)));
        } catch (IOException e) {
            return failed(e);
        }
    }

    private <T> Outcome<T> failed(IOException e) {
        return Outcome.failed(
                switch (e) {
                    case NoSuchFileException _ when Files.isDirectory(root) -> new Missing();
                    case NoSuchFileException _ -> noFolder();
                    case AccessDeniedException _ -> new Denied("the folder may not be used: " + e.getMessage());
                    default -> new Unreachable(e.toString());
                });
    }

    private Unreachable noFolder() {
        return new Unreachable("there is no folder " + root);
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public void close() {}
}
