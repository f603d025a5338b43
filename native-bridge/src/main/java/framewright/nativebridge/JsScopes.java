package framewright.nativebridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a script: from each row's position to the next row's the innermost function is the row's. A name is
 * made of parts, some of which stand in the script, where a source map may know what they were called. Lines and
 * columns count from 0, columns in UTF-16 code units. The form of the bytes is in {@code rust/core/src/js_scopes.rs}.
 */
public final class JsScopes {
    /** Name of a row where no function is. */
    public static final int NO_FUNCTION = -1;

    /** Name of a row in a function without a name. */
    public static final int ANONYMOUS = -2;

    private static final int HEADER = 16;
    private static final int ROW = 12;
    private static final int PART = 24;
    private static final int NOWHERE = -1;

    private final ByteBuffer reply;
    private final int rows;
    private final int names;
    private final int namesAt;
    private final int partsAt;
    private final int textAt;

    private JsScopes(byte[] reply) {
        this.reply = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN);
        this.rows = this.reply.getInt(0);
        this.names = this.reply.getInt(4);
        this.namesAt = HEADER + rows * ROW;
        this.partsAt = namesAt + (names + 1) * Integer.BYTES;
        this.textAt = partsAt + this.reply.getInt(8) * PART;
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

    /** Parses a script; run it on {@link NativePool}. Fails where it is no module, too large or nested too deep. */
    public static NativeResult<JsScopes> of(byte[] script) {
        long[] out = new long[3];
        Signatures.fw_js_scopes(script, script.length, out);
        return Reply.bytes(out).map(JsScopes::new);
    }

    public int rows() {
        return rows;
    }

    public int line(int row) {
        return reply.getInt(at(row));
    }

    public int column(int row) {
        return reply.getInt(at(row) + 4);
    }

    /** Index of the row's name, {@link #NO_FUNCTION} or {@link #ANONYMOUS}. */
    public int name(int row) {
        return reply.getInt(at(row) + 8);
    }

    public int names() {
        return names;
    }

    /** Tells of what a name is made. */
    public void parts(int name, Parts to) {
        Objects.checkIndex(name, names);
        int end = reply.getInt(namesAt + (name + 1) * Integer.BYTES);
        for (int part = reply.getInt(namesAt + name * Integer.BYTES); part < end; part++) {
            int at = partsAt + part * PART;
            String text =
                    new String(reply.array(), textAt + reply.getInt(at), reply.getInt(at + 4), StandardCharsets.UTF_8);
            to.part(text, position(at + 8), position(at + 16));
        }
    }

    private @Nullable Position position(int at) {
        int line = reply.getInt(at);
        return line == NOWHERE ? null : new Position(line, reply.getInt(at + 4));
    }

    private int at(int row) {
        return HEADER + Objects.checkIndex(row, rows) * ROW;
    }
}
