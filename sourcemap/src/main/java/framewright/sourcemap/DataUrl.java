package framewright.sourcemap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * {@code data:} URLs, by which scripts carry their map with them (RFC 2397; the details as the Fetch standard has
 * them: percent escapes are resolved first, base64 may lack its padding and hold white space).
 */
public final class DataUrl {
    private static final String SCHEME = "data:";

    private DataUrl() {}

    /** What a URL decodes to. */
    public sealed interface Result {}

    /**
     * The content of the URL.
     *
     * @param mediaType what stands before the comma without {@code ;base64}, as written; empty where nothing does
     * @param content the bytes; the array is the caller's
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
    public record Decoded(String mediaType, byte[] content) implements Result {}

    /** Not a {@code data:} URL, or none that can be decoded; the reason is for people. */
    public record Malformed(String reason) implements Result {}

    /** Whether a URL is of this kind at all. */
    public static boolean isDataUrl(String url) {
        return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /** Decodes a URL. */
    public static Result decode(String url) {
        if (!isDataUrl(url)) {
            return new Malformed("not a data: URL");
        }
        int comma = url.indexOf(',');
        if (comma < 0) {
            return new Malformed("no comma");
        }
        if (url.length() - comma > Limits.MAX_MAP_BYTES) {
            return new Malformed("larger than " + Limits.MAX_MAP_BYTES + " characters");
        }
        String type = url.substring(SCHEME.length(), comma).strip();
        byte[] body = percentDecoded(url, comma + 1);
        int parameter = type.lastIndexOf(';');
        if (parameter < 0
                || !type.substring(parameter + 1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals("base64")) {
            return new Decoded(type, body);
        }
        try {
            return new Decoded(type.substring(0, parameter), base64(body));
        } catch (IllegalArgumentException e) {
            return new Malformed("invalid base64");
        }
    }

    /** A percent sign that two hexadecimal digits do not follow stands for itself. */
    private static byte[] percentDecoded(String url, int from) {
        byte[] bytes = url.substring(from).getBytes(StandardCharsets.UTF_8);
        int size = 0;
        int at = 0;
        while (at < bytes.length) {
            if (bytes[at] == '%' && at + 2 < bytes.length && isHex(bytes[at + 1]) && isHex(bytes[at + 2])) {
                bytes[size++] = (byte) (JsonText.hexDigit(bytes[at + 1]) << 4 | JsonText.hexDigit(bytes[at + 2]));
                at += 3;
            } else {
                bytes[size++] = bytes[at++];
            }
        }
        return Arrays.copyOf(bytes, size);
    }

    private static boolean isHex(byte b) {
        return JsonText.hexDigit(b) >= 0;
    }

    private static byte[] base64(byte[] body) {
        int size = 0;
        for (byte b : body) {
            if (b != ' ' && b != '\t' && b != '\n' && b != '\f' && b != '\r') {
                body[size++] = b;
            }
        }
        return Base64.getDecoder().decode(Arrays.copyOf(body, size));
    }
}
