package framewright.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of a blob, its name in the store. Not SHA-1, by which clients name what they send: two files of one SHA-1 can be
 * made, and content is shared between tenants.
 *
 * @param hex 64 lower-case digits
 */
public record Digest(String hex) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!SHA256.matcher(hex).matches()) {
            throw new IllegalArgumentException("no SHA-256: " + hex);
        }
    }

    /** Of what was put into {@code hash}, a SHA-256. */
    public static Digest of(MessageDigest hash) {
        return new Digest(HexFormat.of().formatHex(hash.digest()));
    }

    /** A hash function that every JDK has. */
    public static MessageDigest hash(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
