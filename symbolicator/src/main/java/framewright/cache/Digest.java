package framewright.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256, as four words: there may be a million of them in memory. */
record Digest(long a, long b, long c, long d) {
    private static final HexFormat HEX = HexFormat.of();
    private static final int HEX_LENGTH = 64;

    static Digest of(String text) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return read(ByteBuffer.wrap(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The next 32 bytes. */
    static Digest read(ByteBuffer in) {
        return new Digest(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /** Appends its 32 bytes. */
    void write(ByteBuffer out) {
        out.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    static @Nullable Digest parse(String hex) {
        if (hex.length() != HEX_LENGTH
                || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return null;
        }
        return new Digest(word(hex, 0), word(hex, 16), word(hex, 32), word(hex, 48));
    }

    private static long word(String hex, int from) {
        return Long.parseUnsignedLong(hex, from, from + 16, 16);
    }

    /** Number of the first-level folder, 0 to 255. */
    int folder() {
        return (int) (a >>> 56);
    }

    /** Number of the second-level folder, 0 to 255. */
    int subfolder() {
        return (int) (a >>> 48) & 0xFF;
    }

    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public String toString() {
        return HEX.toHexDigits(a) + HEX.toHexDigits(b) + HEX.toHexDigits(c) + HEX.toHexDigits(d);
    }
}
