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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where things are below the cache directory: {@code <kind>/v<version>/aa/bb/<rest of the SHA-256>-<bytes>} for
 * files, {@code failures/v<version>/} for the log of remembered failures, and {@code tmp/} for what is being written.
 */
final class CacheFolder {
    static final int FANOUT = 256;
    private static final int FAILURES_VERSION = 1;

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

    Path version(CacheKind kind) {
        return root.resolve(kind.folder()).resolve("v" + kind.version());
    }

    Path folder(CacheKind kind, int folder) {
        return version(kind).resolve(twoDigits(folder));
    }

    Path subfolder(CacheKind kind, int folder, int subfolder) {
        return folder(kind, folder).resolve(twoDigits(subfolder));
    }

    Path subfolder(Entry entry) {
        return subfolder(entry.kind, entry.digest.folder(), entry.digest.subfolder());
    }

    Path path(Entry entry) {
        String rest = entry.digest.toString().substring(4);
        return subfolder(entry).resolve(rest + "-" + entry.size);
    }

    /** Makes the folders that are always there and empties {@code tmp}. */
    void prepare() throws IOException {
        deleteTree(tmp());
        Files.createDirectories(tmp());
        Files.createDirectories(failures());
        for (CacheKind kind : CacheKind.values()) {
            Files.createDirectories(version(kind));
        }
    }

    /** How many folders {@link #prepare} makes or finds. */
    static int fixedFolders() {
        return 4 + 2 * CacheKind.values().length;
    }

    /** Removes what is of another version; returns how many files went. */
    int removeOtherVersions() throws IOException {
        int removed = 0;
        for (CacheKind kind : CacheKind.values()) {
            removed += removeSiblings(version(kind));
        }
        return removed + removeSiblings(failures());
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
    void scan(Consumer<Entry> found) {
        for (CacheKind kind : CacheKind.values()) {
            IntStream.range(0, FANOUT).parallel().forEach(folder -> unchecked(() -> scan(kind, folder, found)));
            unchecked(() -> keepOnlyFolders(version(kind)));
        }
    }

    private void scan(CacheKind kind, int folder, Consumer<Entry> found) throws IOException {
        Path path = folder(kind, folder);
        if (!Files.isDirectory(path)) {
            return;
        }
        for (int subfolder = 0; subfolder < FANOUT; subfolder++) {
            Path inner = subfolder(kind, folder, subfolder);
            if (Files.isDirectory(inner)) {
                for (Path file : list(inner)) {
                    Entry entry = read(kind, folder, subfolder, file);
                    if (entry == null) {
                        deleteTree(file);
                    } else {
                        found.accept(entry);
                    }
                }
                deleteIfEmpty(inner);
            }
        }
        keepOnlyFolders(path);
        deleteIfEmpty(path);
    }

    private static @Nullable Entry read(CacheKind kind, int folder, int subfolder, Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String name = file.getFileName().toString();
        int end = name.indexOf('-');
        if (end < 0 || !attributes.isRegularFile()) {
            return null;
        }
        Digest digest = Digest.parse(twoDigits(folder) + twoDigits(subfolder) + name.substring(0, end));
        long size = attributes.size();
        if (digest == null || !name.substring(end).equals("-" + size)) {
            return null;
        }
        long used = attributes.lastModifiedTime().toInstant().getEpochSecond();
        return new Entry(kind, digest, size, used);
    }

    /** Removes what has no place among the folders {@code 00} to {@code ff}. */
    private static void keepOnlyFolders(Path path) throws IOException {
        for (Path inner : list(path)) {
            String name = inner.getFileName().toString();
            boolean ours = name.length() == 2
                    && name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                    && Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS);
            if (!ours) {
                deleteTree(inner);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
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

    private interface Io {
        void run() throws IOException;
    }

    private static void unchecked(Io io) {
        try {
            io.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String twoDigits(int number) {
        return HexFormat.of().toHexDigits((byte) number);
    }
}
