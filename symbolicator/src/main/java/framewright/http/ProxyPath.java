package framewright.http;

import framewright.debugfiles.SymstorePath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What {@code /proxy/name/signature/name} and other paths ask for, as debuggers ask a symbol server. */
final class ProxyPath {
    private ProxyPath() {}

    /**
     * @param rawPath behind {@code /proxy/}, with percent escapes
     * @return null where the path asks for nothing that could exist
     */
    static @Nullable SymstorePath parse(String rawPath) {
        String path = decoded(rawPath);
        return path == null ? null : SymstorePath.parse(path);
    }

    /** With the escapes undone; null where one is broken. */
    static @Nullable String decoded(String rawPath) {
        try {
            // A plus sign is a plus sign in a path.
            return URLDecoder.decode(rawPath.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
