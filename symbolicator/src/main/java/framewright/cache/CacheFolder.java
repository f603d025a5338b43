package framewright.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where things are below the cache directory: {@code <kind>/v<version>/aa/bb/<rest of the SHA-256>-<bytes>} for
 * downloaded files, the same with {@code -<CRC-32C>} for derived ones, {@code failures/v<version>/} for the log of remembered failures, {@code keys/v<version>/} for which
 * key each stands for, {@code index/v<version>/} for the list of entries, and {@code tmp/} for what is being written.
 */
final class CacheFolder {
    static final int FANOUT = 256;
    private static final int FAILURES_VERSION = 1;
    private static final int KEYS_VERSION = 1;
    private static final int INDEX_VERSION = 1;

    private final Path root;

    CacheFolder(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path tmp() {
        return root.resolve("tmp");
    }

    Path failures() {
        return root.resolve("failures").resolve("v" + FAILURES_VERSION);
    }

    Path keys() {
        return root.resolve("keys").resolve("v" + KEYS_VERSION);
    }

    Path index() {
        return root.resolve("index").resolve("v" + INDEX_VERSION);
    }

    Path version(CacheKind kind) {
        return root.resolve(kind.folder()).resolve("v" + kind.version());
    }

    Path folder(Entry entry) {
        return version(entry.kind).resolve(twoDigits(entry.digest.folder()));
    }

    Path subfolder(Entry entry) {
        return folder(entry).resolve(twoDigits(entry.digest.subfolder()));
    }

    Path path(Entry entry) {
        String rest = entry.digest.toString().substring(4);
        return subfolder(entry).resolve(rest + "-" + entry.size + (entry.sum.isEmpty() ? "" : "-" + entry.sum));
    }

    /**
     * Makes the folders that are always there and empties {@code tmp}.
     *
     * @return what stays there, because it is the beginning of something
     */
    List<Partials.Left> prepare() throws IOException {
        List<Partials.Left> left = Partials.sweep(tmp());
        Files.createDirectories(tmp());
        Files.createDirectories(failures());
        Files.createDirectories(keys());
        Files.createDirectories(index());
        for (CacheKind kind : CacheKind.values()) {
            Files.createDirectories(version(kind));
        }
        return left;
    }

    /** How many folders {@link #prepare} makes or finds. */
    static int fixedFolders() {
        return 8 + 2 * CacheKind.values().length;
    }

    /** Removes what is of another version; returns how many files went. */
    int removeOtherVersions() throws IOException {
        int removed = 0;
        for (CacheKind kind : CacheKind.values()) {
            removed += removeSiblings(version(kind));
        }
        return removed + removeSiblings(failures()) + removeSiblings(keys()) + removeSiblings(index());
    }

    private int removeSiblings(Path version) throws IOException {
        int removed = 0;
        for (Path other : list(version.resolveSibling(""))) {
            if (!other.equals(version)) {
                removed += deleteTree(other);
            }
        }
        return removed;
    }

    /**
     * Tells of every whole entry; called from several threads at once. Whatever else lies there is removed: cut-off
     * files, empty folders, strangers.
     */
    void scan(Consumer<Entry> found) throws IOException {
        for (CacheKind kind : CacheKind.values()) {
            folders(version(kind)).parallelStream().forEach(folder -> {
                try {
                    scan(kind, folder, found);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void scan(CacheKind kind, Path folder, Consumer<Entry> found) throws IOException {
        for (Path subfolder : folders(folder)) {
            String start = folder.getFileName().toString() + subfolder.getFileName();
            for (Path file : list(subfolder)) {
                Entry entry = read(kind, start, file);
                if (entry == null) {
                    deleteTree(file);
                } else {
                    found.accept(entry);
                }
            }
            deleteIfEmpty(subfolder);
        }
        deleteIfEmpty(folder);
    }

    /** @param start the digits of the SHA-256 that the folders stand for */
    private static @Nullable Entry read(CacheKind kind, String start, Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String name = file.getFileName().toString();
        int end = name.indexOf('-');
        if (end < 0 || !attributes.isRegularFile()) {
            return null;
        }
        Digest digest = Digest.parse(start + name.substring(0, end));
        long size = attributes.size();
        String length = "-" + size;
        String sum = name.substring(Math.min(name.length(), end + length.length()));
        if (digest == null || !name.startsWith(length, end) || !sum.matches("|-[0-9a-f]{8}")) {
            return null;
        }
        long used = attributes.lastModifiedTime().toInstant().getEpochSecond();
        return new Entry(kind, digest, size, sum.isEmpty() ? "" : sum.substring(1), used);
    }

    /** The folders {@code 00} to {@code ff} in a folder; removes what else there is. */
    private static List<Path> folders(Path path) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Path inner : list(path)) {
            String name = inner.getFileName().toString();
            boolean ours = name.length() == 2
                    && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                    && Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS);
            if (ours) {
                folders.add(inner);
            } else {
                deleteTree(inner);
            }
        }
        return folders;
    }

    static List<Path> list(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        }
        return entries;
    }

    /** Whether the folder was empty and is gone. */
    static boolean deleteIfEmpty(Path folder) throws IOException {
        try {
            return Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** Removes a file or a folder with all it holds; returns how many files went. Links are not followed. */
    static int deleteTree(Path path) throws IOException {
        int[] files = {0};
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    files[0]++;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            return files[0];
        }
        return files[0];
    }

    private static String twoDigits(int number) {
        return HexFormat.of().toHexDigits((byte) number);
    }
}
