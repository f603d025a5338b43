package framewright.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginnings of files whose load was cut. Such an entry holds the bytes, then a note, the note's length and a
 * magic number in four bytes each: one file, so that it is whole or absent like any other entry.
 *
 * <p>A process that is killed keeps nothing so. What it had brought to the disk stands in a checkpoint beside the file
 * in {@code tmp}, three lines: the digest, how many bytes of the file are good, the note. The next start makes an entry
 * of the two.
 */
final class Partials {
    private static final String CHECKPOINT = ".checkpoint";
    private static final int MAGIC = 0x4657_5031;
    private static final int TAIL = 2 * Integer.BYTES;

    /** The two lines before the note take less. */
    private static final int MAX_CHECKPOINT = Staging.MAX_NOTE + 128;

    private Partials() {}

    /** What a process that was killed has left of one file. */
    record Left(Digest digest, Path file, long bytes, String note) {}

    /** Leaves of the file its first bytes, and puts the note behind them. */
    static void append(Path file, long bytes, String note) throws IOException {
        byte[] text = note.getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
            channel.position(bytes);
            ByteBuffer end = ByteBuffer.allocate(text.length + TAIL)
                    .put(text)
                    .putInt(text.length)
                    .putInt(MAGIC)
                    .flip();
            while (end.hasRemaining()) {
                channel.write(end);
            }
        }
    }

    /** Takes the note off again; null where the file has none, or has gone. */
    static @Nullable String cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer tail = read(channel, channel.size() - TAIL, TAIL);
            int length = tail == null ? -1 : tail.getInt();
            if (tail == null || length < 0 || length > Staging.MAX_NOTE || tail.getInt() != MAGIC) {
                return null;
            }
            long bytes = channel.size() - TAIL - length;
            ByteBuffer note = read(channel, bytes, length);
            channel.truncate(Math.max(0, bytes));
            return note == null ? null : StandardCharsets.UTF_8.decode(note).toString();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static @Nullable ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
        if (from < 0) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                return null;
            }
        }
        return buffer.flip();
    }

    /** Where the checkpoint of a file is. */
    static Path checkpoint(Path file) {
        return file.resolveSibling(file.getFileName() + CHECKPOINT);
    }

    /** Where its successor is written. */
    static Path next(Path checkpoint) {
        return checkpoint.resolveSibling(checkpoint.getFileName() + ".next");
    }

    /** Replaces the checkpoint at once, so that there is always a whole one. */
    static void write(Path checkpoint, Digest digest, long bytes, String note) throws IOException {
        Files.writeString(next(checkpoint), digest + "\n" + bytes + "\n" + note);
        Files.move(next(checkpoint), checkpoint, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Empties the folder of all but files with a checkpoint that holds. */
    static List<Left> sweep(Path tmp) throws IOException {
        if (!Files.isDirectory(tmp, LinkOption.NOFOLLOW_LINKS)) {
            CacheFolder.deleteTree(tmp);
            return List.of();
        }
        List<Left> all = new ArrayList<>();
        List<Path> kept = new ArrayList<>();
        List<Path> files = CacheFolder.list(tmp);
        for (Path file : files) {
            Left left = read(file);
            if (left != null) {
                all.add(left);
                kept.addAll(List.of(file, checkpoint(file)));
            }
        }
        files.removeAll(kept);
        for (Path file : files) {
            CacheFolder.deleteTree(file);
        }
        return all;
    }

    private static @Nullable Left read(Path file) throws IOException {
        Path checkpoint = checkpoint(file);
        if (!isRegular(file) || !isRegular(checkpoint) || Files.size(checkpoint) > MAX_CHECKPOINT) {
            return null;
        }
        // as a power cut may have left it
        String[] lines = new String(Files.readAllBytes(checkpoint), StandardCharsets.UTF_8).split("\n", -1);
        Digest digest = Digest.parse(lines[0]);
        if (lines.length != 3 || digest == null || !lines[1].matches("[1-9][0-9]{0,17}")) {
            return null;
        }
        long bytes = Long.parseLong(lines[1]);
        return Files.size(file) < bytes ? null : new Left(digest, file, bytes, lines[2]);
    }

    private static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
