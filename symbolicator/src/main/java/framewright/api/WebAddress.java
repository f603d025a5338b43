package framewright.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Addresses of web sources: what browsers forgive (blanks, umlauts) is encoded, the rest refused. */
final class WebAddress {
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

    private WebAddress() {}

    /** An absolute http or https address that {@link URI} reads. */
    static String normalise(Fields fields, String name) {
        String address = normalise(fields.text(name));
        if (address == null) {
            // The address is not shown: it may hold a password.
            throw fields.invalid(name, "must be an http or https address");
        }
        return address;
    }

    /** Null where the text is none. */
    static @Nullable String normalise(String address) {
        String text = encode(address.strip());
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getRawAuthority() != null) {
                return text;
            }
        } catch (URISyntaxException _) {
            // the caller says it
        }
        return null;
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
            }
        }
        return encoded.toString();
    }
}
