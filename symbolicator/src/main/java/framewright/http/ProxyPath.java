package framewright.http;

import framewright.debugfiles.SymstorePath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What {@code /proxy/name/signature/name} asks for, as debuggers ask a symbol server. */
final class ProxyPath {
    private ProxyPath() {}

    /**
     * @param rawPath behind {@code /proxy/}, with percent escapes
     * @return null where the path asks for nothing that could exist
     */
    static @Nullable SymstorePath parse(String rawPath) {
        try {
            // A plus sign is a plus sign in a path.
            return SymstorePath.parse(URLDecoder.decode(rawPath.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            // a broken escape
            return null;
        }
    }
}
