package framewright.nativebridge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The flat answer to a batch of addresses: rows of frames, innermost first, grouped by address in the order asked.
 * Layout: {@code rust/core/src/wire.rs}. Every offset is checked before use.
 */
public final class FrameTable {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MAGIC = 0x314C5746;
    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 32;
    private static final int ROW_BYTES = 64;
    private static final int ABSENT = -1;

    /** Names of source languages by the number in a row, as the peer prints them. */
    private static final @Nullable String[] LANGUAGES = {
        null, "c", "cpp", "d", "go", "objc", "objcpp", "rust", "swift", "csharp", "visualbasic", "fsharp"
    };

    private final byte[] bytes;
    private final int addresses;
    private final int rows;
    private final int firstRow;
    private final int strings;

    FrameTable(byte[] bytes) {
        this.bytes = bytes;
        if (bytes.length < HEADER_BYTES || intAt(0) != MAGIC || intAt(4) != VERSION) {
            throw broken("its header");
        }
        this.addresses = intAt(8);
        this.rows = intAt(12);
        long index = 4L * (addresses + 1L);
        long start = HEADER_BYTES + index + (index % 8 == 0 ? 0 : 4);
        long end = start + (long) ROW_BYTES * rows;
        if (addresses < 0 || rows < 0 || end + intAt(16) != bytes.length) {
            throw broken("its counts");
        }
        this.firstRow = (int) start;
        this.strings = (int) end;
    }

    /** How many addresses were asked. */
    public int addresses() {
        return addresses;
    }

    /** The first row of an address; its last is {@code start(address + 1) - 1}; equal: nothing is there. */
    public int start(int address) {
        int row = intAt(HEADER_BYTES + 4 * java.util.Objects.checkIndex(address, addresses + 1));
        if (row < 0 || row > rows) {
            throw broken("a row index");
        }
        return row;
    }

    /** Start of the function relative to the image, -1 where the row is an inlined call. */
    public long symbolAddress(int row) {
        return (long) LONG.get(bytes, at(row));
    }

    /** One-based source line, 0 where unknown. */
    public int line(int row) {
        return intAt(at(row) + 8);
    }

    public @Nullable String language(int row) {
        int number = intAt(at(row) + 12);
        return number >= 0 && number < LANGUAGES.length ? LANGUAGES[number] : null;
    }

    /** The name as stored, mangled or not. */
    public @Nullable String symbol(int row) {
        return string(row, 16);
    }

    /** The name for people. */
    public @Nullable String function(int row) {
        return string(row, 24);
    }

    /** The full path of the source file. */
    public @Nullable String path(int row) {
        return string(row, 32);
    }

    /** A JSON object of variable names to type names. */
    public @Nullable String variables(int row) {
        return string(row, 40);
    }

    /** A number that stands for the text of {@link #symbol} as long as the table is open; -1 where there is none. */
    public int symbolId(int row) {
        return intAt(at(row) + 48);
    }

    /** As {@link #symbolId} for {@link #function}. */
    public int functionId(int row) {
        return intAt(at(row) + 52);
    }

    /** As {@link #symbolId} for {@link #path}. */
    public int pathId(int row) {
        return intAt(at(row) + 56);
    }

    /** Whether the row is the generated code that the row before it is made into. */
    public boolean isGenerated(int row) {
        return intAt(at(row) + 60) == 1;
    }

    private int at(int row) {
        return firstRow + ROW_BYTES * java.util.Objects.checkIndex(row, rows);
    }

    private @Nullable String string(int row, int field) {
        int offset = intAt(at(row) + field);
        int length = intAt(at(row) + field + 4);
        if (offset == ABSENT) {
            return null;
        }
        if (offset < 0 || length < 0 || (long) strings + offset + length > bytes.length) {
            throw broken("a string");
        }
        return new String(bytes, strings + offset, length, StandardCharsets.UTF_8);
    }

    private int intAt(int offset) {
        return (int) INT.get(bytes, offset);
    }

    private static NativeException broken(String what) {
        return new NativeException(NativeStatus.PANIC, "the native lookup answer is broken at " + what);
    }
}
