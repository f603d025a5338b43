package framewright.fetch;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An http or https address, read as browsers do: hosts in any notation that means an IPv4 address become one, blanks
 * and umlauts are encoded, dot segments resolved. {@link java.net.URI} refuses much of what servers send as targets of
 * redirects.
 *
 * @param host lower case; an IPv6 address in brackets
 * @param port explicit or the scheme's own
 * @param target path and query, encoded, begins with {@code /}
 * @param userInfo what stood before the {@code @}; sent as basic authentication, never shown
 */
public record WebUrl(
        String scheme,
        String host,
        int port,
        String target,
        @Nullable String userInfo) {
    private static final String UNRESERVED = "-._~";
    private static final String IN_SEGMENT = UNRESERVED + "!$&'()*+,;=:@";
    private static final String IN_TARGET = IN_SEGMENT + "/?%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** @return null where the text is no absolute http or https address */
    public static @Nullable WebUrl parse(String text) {
        String stripped = text.strip();
        int colon = stripped.indexOf(':');
        String scheme = colon < 0 ? "" : stripped.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || !stripped.startsWith("//", colon + 1)) {
            return null;
        }
        int start = colon + 3;
        int end = indexOfAny(stripped, "/?#\\", start);
        return ofAuthority(scheme, stripped.substring(start, end), stripped.substring(end));
    }

    private static @Nullable WebUrl ofAuthority(String scheme, String authority, String rest) {
        int at = authority.lastIndexOf('@');
        String hostPort = authority.substring(at + 1);
        int colon = hostPort.lastIndexOf(':');
        boolean hasPort = colon >= 0 && hostPort.indexOf(']', colon) < 0;
        String host = Host.parse(hasPort ? hostPort.substring(0, colon) : hostPort);
        int port = port(hasPort ? hostPort.substring(colon + 1) : "", scheme);
        if (host == null || port < 0) {
            return null;
        }
        String userInfo = at < 0 ? null : authority.substring(0, at);
        return new WebUrl(scheme, host, port, target(rest), userInfo);
    }

    private static int port(String digits, String scheme) {
        if (digits.isEmpty()) {
            return defaultPort(scheme);
        }
        if (digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port > 0 && port < 65536 ? port : -1;
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /** The fragment goes, the path is resolved, the rest encoded. */
    private static String target(String rest) {
        String withoutFragment = rest.substring(0, indexOfAny(rest, "#", 0));
        int query = indexOfAny(withoutFragment, "?", 0);
        String path = resolveDots(withoutFragment.substring(0, query).replace('\\', '/'));
        return encode(path + withoutFragment.substring(query), IN_TARGET);
    }

    private static String resolveDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".")) {
                case "." -> keepIf(last, kept);
                case ".." -> {
                    kept.pollLast();
                    keepIf(last, kept);
                }
                default -> kept.addLast(segments[i]);
            }
        }
        return "/" + String.join("/", kept);
    }

    private static void keepIf(boolean last, Deque<String> kept) {
        if (last) {
            kept.addLast("");
        }
    }

    /** This address, taken for a folder, with the parts of {@code path} below it; empty parts are dropped. */
    public WebUrl append(String path) {
        int query = indexOfAny(target, "?", 0);
        StringBuilder joined = new StringBuilder(target.substring(0, query));
        if (joined.charAt(joined.length() - 1) == '/') {
            joined.setLength(joined.length() - 1);
        }
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                joined.append('/').append(encode(segment, IN_SEGMENT));
            }
        }
        return withTarget(joined.append(target, query, target.length()).toString());
    }

    /** This address, taken for a folder, with one more part; slashes within it are escaped. */
    public WebUrl appendSegment(String segment) {
        String folder = target.endsWith("/") ? target : target + "/";
        return withTarget(folder + encode(segment, UNRESERVED));
    }

    /** This address with another parameter at the end of its query. */
    public WebUrl withParameter(String name, String value) {
        String separator = target.indexOf('?') < 0 ? "?" : "&";
        return withTarget(target + separator + encode(name, UNRESERVED) + "=" + encode(value, UNRESERVED));
    }

    /** This address without its query. */
    public WebUrl withoutQuery() {
        return withTarget(target.substring(0, indexOfAny(target, "?", 0)));
    }

    /** This address with another query, whose escapes stay as they are. */
    public WebUrl withQuery(String query) {
        return withTarget(withoutQuery().target + "?" + encode(query, IN_TARGET));
    }

    private WebUrl withTarget(String other) {
        return new WebUrl(scheme, host, port, other, userInfo);
    }

    /** Where a redirect from here leads; null where that is no http or https address. */
    public @Nullable WebUrl resolve(String reference) {
        String stripped = reference.strip();
        if (stripped.startsWith("//")) {
            return parse(scheme + ":" + stripped);
        }
        int colon = stripped.indexOf(':');
        if (colon > 0 && colon < indexOfAny(stripped, "/?#", 0)) {
            return parse(stripped);
        }
        String path = target.substring(0, indexOfAny(target, "?", 0));
        String base = switch (stripped.isEmpty() ? ' ' : stripped.charAt(0)) {
            case '/', '\\' -> "";
            case '?' -> path;
            default -> path.substring(0, path.lastIndexOf('/') + 1);
        };
        return new WebUrl(scheme, host, port, target(base + stripped), null);
    }

    /** Whether what was meant for this address may be sent to {@code other} too: the same host, no weaker channel. */
    public boolean mayShareSecretsWith(WebUrl other) {
        return host.equals(other.host) && (scheme.equals(other.scheme) ? port == other.port : scheme.equals("http"));
    }

    /** Percent-encodes everything but letters, digits and {@code allowed}; a percent sign only begins a whole escape. */
    static String encode(String text, String allowed) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            char c = (char) (b & 0xFF);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean kept = c < 0x80 && allowed.indexOf(c) >= 0 && (c != '%' || Percent.isEscape(bytes, i));
            if (plain || kept) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static int indexOfAny(String text, String chars, int from) {
        for (int i = from; i < text.length(); i++) {
            if (chars.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** As the Host header has it: without the port where that is the scheme's own. */
    public String hostAndPort() {
        return port == defaultPort(scheme) ? host : host + ":" + port;
    }

    /** Without what stood before the {@code @}. */
    @Override
    public String toString() {
        return scheme + "://" + hostAndPort() + target;
    }

    /** Host names and addresses. */
    private static final class Host {
        private static final String FORBIDDEN = " \"#%/:<>?@[\\]^`{|}";
        private static final int MAX_LENGTH = 253;

        private Host() {}

        static @Nullable String parse(String text) {
            if (text.startsWith("[")) {
                return text.endsWith("]") && Addresses.parseIpv6(text.substring(1, text.length() - 1)) != null
                        ? text.toLowerCase(Locale.ROOT)
                        : null;
            }
            String name = ascii(decode(text));
            if (name == null || name.isEmpty() || name.length() > MAX_LENGTH + 1 || hasForbidden(name)) {
                return null;
            }
            return Addresses.endsInNumber(name) ? Addresses.dottedQuad(name) : name;
        }

        /** Percent escapes, which a host may have and no resolver knows. */
        private static String decode(String text) {
            return text.indexOf('%') < 0 ? text : Percent.decode(text);
        }

        private static @Nullable String ascii(String name) {
            try {
                return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return null;
            }
        }

        private static boolean hasForbidden(String name) {
            return name.startsWith(".")
                    || name.contains("..")
                    || name.chars().anyMatch(c -> c <= ' ' || c >= 0x7F || FORBIDDEN.indexOf(c) >= 0);
        }
    }
}
