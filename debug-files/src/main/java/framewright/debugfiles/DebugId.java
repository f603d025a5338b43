package framewright.debugfiles;

import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a debug file: a UUID, and for PDBs the age (called appendix, since portable PDBs keep a stamp there).
 *
 * @param appendix unsigned 32 bits; 0 for everything but PDBs
 */
public record DebugId(UUID uuid, int appendix) {
    private static final int DASHED = 36;
    private static final int PLAIN = 32;
    private static final int APPENDIX = 8;
    private static final UUID NIL = new UUID(0, 0);

    /** Where the bytes of the first half stand: a GUID keeps its first three numbers with the lowest byte first. */
    private static final int[] GUID_ORDER = {3, 2, 1, 0, 5, 4, 7, 6};

    /**
     * Reads {@code 3249d99d-0c40-4931-8610-f4e4fb0b6936[-1]} (also with the appendix glued on) and the Breakpad form
     * {@code 3249D99D0C4049318610F4E4FB0B6936[1]}, in any case.
     *
     * @return null for anything else, and for the nil UUID, which names nothing
     */
    public static @Nullable DebugId parse(String text) {
        boolean dashed = text.length() >= DASHED && text.charAt(8) == '-';
        int length = dashed ? DASHED : PLAIN;
        if (text.length() < length) {
            return null;
        }
        UUID uuid = uuid(text.substring(0, length));
        if (uuid == null || uuid.equals(NIL)) {
            return null;
        }
        String rest = text.substring(length);
        if (rest.isEmpty()) {
            return new DebugId(uuid, 0);
        }
        String appendix = rest.startsWith("-") ? rest.substring(1) : rest;
        if (appendix.isEmpty() || appendix.length() > APPENDIX || !Hex.isHex(appendix)) {
            return null;
        }
        return new DebugId(uuid, Integer.parseUnsignedInt(appendix, 16));
    }

    /**
     * The debug id of an ELF file: the first 16 bytes of its build id, read as a little-endian GUID (Breakpad's rule);
     * those of a shorter one are followed by zeros.
     */
    public static @Nullable DebugId ofBuildId(CodeId buildId) {
        String hex = (buildId.hex() + "0".repeat(PLAIN)).substring(0, PLAIN);
        byte[] bytes = HexFormat.of().parseHex(hex);
        long high = 0;
        for (int at : GUID_ORDER) {
            high = (high << 8) | (bytes[at] & 0xFF);
        }
        long low = Long.parseUnsignedLong(hex, 16, PLAIN, 16);
        return high == 0 && low == 0 ? null : new DebugId(new UUID(high, low), 0);
    }

    /** A UUID with its dashes in place or without any, in any case; null for anything else. */
    static @Nullable UUID uuid(String text) {
        boolean dashed = text.length() == DASHED;
        if (!dashed && text.length() != PLAIN) {
            return null;
        }
        // in one pass: every module of every request comes by here
        long high = 0;
        long low = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (dashed && (i == 8 || i == 13 || i == 18 || i == 23)) {
                if (c != '-') {
                    return null;
                }
            } else if (Hex.isHex(c)) {
                high = (high << 4) | (low >>> 60);
                low = (low << 4) | HexFormat.fromHexDigit(c);
            } else {
                return null;
            }
        }
        return new UUID(high, low);
    }

    /** The UUID as 32 lower-case digits. */
    public String simple() {
        return uuid.toString().replace("-", "");
    }

    /** The appendix in lower-case hex, without leading zeros. */
    String age() {
        return Integer.toHexString(appendix);
    }

    /** Breakpad's form: the UUID as 32 upper-case digits, then the appendix in lower case, always there. */
    public String breakpad() {
        return simple().toUpperCase(Locale.ROOT) + age();
    }

    /** Dashed and lower-case; the appendix follows a dash and is left out where it is zero. */
    @Override
    public String toString() {
        return appendix == 0 ? uuid.toString() : uuid + "-" + age();
    }
}
