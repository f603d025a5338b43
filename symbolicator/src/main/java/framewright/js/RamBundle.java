package framewright.js;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An indexed RAM bundle of React Native: code that runs at the start, and modules that are loaded when they are needed.
 * In little-endian words of 32 bits: the magic number, how many modules there are, the length of the startup code; then
 * for each module its offset and its length; then the startup code, from whose beginning the offsets count. All code ends
 * in a byte of zero that its length counts. A module that is not there has the length 0.
 *
 * <p>The engine calls a module {@code 123.js}; the source map says in {@code x_facebook_offsets} at which of its lines
 * module 123 starts.
 */
final class RamBundle {
    private static final int MAGIC = 0xFB0B_D1E5;
    private static final int HEADER = 12;
    private static final int ROW = 8;

    /** Modules of further segments have names that begin with the segment's; their code is in other bundles. */
    private static final Pattern MODULE = Pattern.compile("(?:.*/)?(?:seg-0_)?(\\d{1,9})\\.js");

    private final byte[] bytes;
    private final ByteBuffer bundle;
    private final int modules;
    private final long code;

    private RamBundle(byte[] bytes, ByteBuffer bundle, int modules) {
        this.bytes = bytes;
        this.bundle = bundle;
        this.modules = modules;
        this.code = HEADER + (long) modules * ROW;
    }

    /** Null where the bytes are none. */
    static @Nullable RamBundle of(byte[] bytes) {
        ByteBuffer bundle = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER || bundle.getInt(0) != MAGIC) {
            return null;
        }
        int modules = bundle.getInt(4);
        return modules < 0 || modules > (bytes.length - HEADER) / ROW ? null : new RamBundle(bytes, bundle, modules);
    }

    /** The number of the module that has an address; -1 where it is not that of a module. */
    static int module(String absPath) {
        Matcher matcher = MODULE.matcher(absPath);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /** The code that runs at the start. */
    String startup() {
        String text = text(0, bundle.getInt(8));
        return text == null ? "" : text;
    }

    /** The code of a module; null where there is none. */
    @Nullable
    String code(int module) {
        if (module < 0 || module >= modules) {
            return null;
        }
        int row = HEADER + module * ROW;
        return text(bundle.getInt(row), bundle.getInt(row + 4));
    }

    private @Nullable String text(int offset, int length) {
        long start = code + Integer.toUnsignedLong(offset);
        if (length <= 0 || start > bytes.length - (long) length) {
            return null;
        }
        return new String(bytes, (int) start, length - 1, StandardCharsets.UTF_8);
    }

    /** Of memory. */
    long bytes() {
        return bytes.length;
    }
}
