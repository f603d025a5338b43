package framewright.nativebridge;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a script: from each row's position to the next row's the innermost function is the row's. A name is
 * made of parts, some of which stand in the script, where a source map may know what they were called. Lines and
 * columns count from 0, columns in UTF-16 code units. The form of the bytes is in {@code rust/core/src/js_scopes.rs}.
 *
 * <p>Methods throw {@link IndexOutOfBoundsException} where a file that it reads from was damaged, and {@link
 * IllegalStateException} after {@link #close}. Safe for any number of threads.
 */
public final class JsScopes implements AutoCloseable {
    /** Name of a row where no function is. */
    public static final int NO_FUNCTION = -1;

    /** Name of a row in a function without a name. */
    public static final int ANONYMOUS = -2;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HEADER = 16;
    private static final int ROW = 12;
    private static final int PART = 24;
    private static final int NOWHERE = -1;

    private final MemorySegment reply;
    /** Of a mapped file; null in memory. */
    private final @Nullable Arena arena;

    private final int rows;
    private final int names;
    private final long namesAt;
    private final long partsAt;
    private final long textAt;

    private JsScopes(MemorySegment reply, @Nullable Arena arena) {
        this.reply = reply;
        this.arena = arena;
        this.rows = reply.get(INT, 0);
        this.names = reply.get(INT, 4);
        this.namesAt = HEADER + (long) rows * ROW;
        this.partsAt = namesAt + (names + 1L) * Integer.BYTES;
        this.textAt = partsAt + (long) reply.get(INT, 8) * PART;
        Objects.checkIndex(rows, Integer.MAX_VALUE);
        Objects.checkFromIndexSize(textAt, reply.get(INT, 12), reply.byteSize());
    }

    /**
     * A place in the script.
     *
     * @param line from 0
     * @param column from 0
     */
    public record Position(int line, int column) {}

    /** Takes the parts of a name in their order. */
    @FunctionalInterface
    public interface Parts {
        /**
         * @param start where the part stands in the script; null where it does not stand there
         * @param end where it ends there
         */
        void part(String text, @Nullable Position start, @Nullable Position end);
    }

    /** Reads a script; run it on {@link NativePool}. Fails where it is no module, too large or nested too deep. */
    public static NativeResult<JsScopes> of(byte[] script) {
        long[] out = new long[3];
        Signatures.fw_js_scopes(script, script.length, out);
        return Reply.bytes(out).map(reply -> new JsScopes(MemorySegment.ofArray(reply), null));
    }

    /**
     * Maps a file that {@link #write} has written; it must not be changed while it is open.
     *
     * @throws IOException if it cannot be opened
     * @throws IndexOutOfBoundsException if it is damaged
     */
    @SuppressWarnings("MustBeClosedChecker") // it owns the arena, and closes it with itself
    public static JsScopes open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return new JsScopes(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** How many bytes {@link #write} writes. */
    public long bytes() {
        return reply.byteSize();
    }

    public void write(OutputStream to) throws IOException {
        to.write(reply.toArray(JAVA_BYTE));
    }

    public int names() {
        return names;
    }

    /** What the function around a position is called: index of a name, {@link #NO_FUNCTION} or {@link #ANONYMOUS}. */
    public int nameAt(int line, int column) {
        int low = 0;
        int high = rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int middleLine = reply.get(INT, at(middle));
            if (middleLine < line || (middleLine == line && reply.get(INT, at(middle) + 4) <= column)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? NO_FUNCTION : reply.get(INT, at(low - 1) + 8);
    }

    /** Tells of what a name is made. */
    public void parts(int name, Parts to) {
        Objects.checkIndex(name, names);
        int end = reply.get(INT, namesAt + (name + 1L) * Integer.BYTES);
        for (int part = reply.get(INT, namesAt + (long) name * Integer.BYTES); part < end; part++) {
            long at = partsAt + (long) part * PART;
            byte[] text = reply.asSlice(textAt + reply.get(INT, at), reply.get(INT, at + 4))
                    .toArray(JAVA_BYTE);
            to.part(new String(text, StandardCharsets.UTF_8), position(at + 8), position(at + 16));
        }
    }

    private @Nullable Position position(long at) {
        int line = reply.get(INT, at);
        return line == NOWHERE ? null : new Position(line, reply.get(INT, at + 4));
    }

    private static long at(int row) {
        return HEADER + (long) row * ROW;
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
