package framewright.js;

import framewright.api.JsStem;
import framewright.debugfiles.DebugId;
import framewright.sourcemap.DebugIdComment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A script or a source in memory.
 *
 * @param digest of its bytes, as text
 * @param sourceMap the address of its map, as its head or its last comment says; null where neither does
 * @param debugId as a comment says
 * @param isPage whether it is a web page and no script
 * @param modules the bundle whose startup code this is; null for any other
 */
record Script(
        Lines lines,
        String digest,
        @Nullable String sourceMap,
        @Nullable DebugId debugId,
        boolean isPage,
        @Nullable RamBundle modules)
        implements AutoCloseable {
    /** Of a file, what tells a page from a script. */
    private static final int HEAD = 256;

    static Script of(Content.Read read) {
        byte[] bytes = read.bytes();
        DebugIdComment.Found comment = DebugIdComment.find(bytes);
        String id = comment.debugId();
        RamBundle bundle = RamBundle.of(bytes);
        String sourceMap = read.sourceMap().isEmpty() ? comment.sourceMappingUrl() : read.sourceMap();
        return new Script(
                Lines.of(bundle == null ? new String(bytes, StandardCharsets.UTF_8) : bundle.startup()),
                digest(bytes),
                sourceMap == null ? null : withoutQuery(sourceMap),
                id == null ? null : DebugId.parse(id),
                isPage(bytes),
                bundle);
    }

    /** A text of which nothing else is known. */
    static Script ofText(String text) {
        return new Script(Lines.of(text), "", null, null, false, null);
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether bytes begin as a web page does. */
    static boolean isPage(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, HEAD), StandardCharsets.ISO_8859_1)
                .replace("\u00EF\u00BB\u00BF", "")
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        return head.startsWith("<!doctype") || head.startsWith("<html") || head.startsWith("<head");
    }

    private static String withoutQuery(String url) {
        if (url.startsWith("data:")) {
            return url;
        }
        String path = JsStem.withoutQuery(url);
        return path.isEmpty() ? url : path;
    }

    /** Roughly the memory that it holds. */
    long bytes() {
        return 200
                + lines.bytes()
                + (sourceMap == null ? 0 : 2L * sourceMap.length())
                + (modules == null ? 0 : modules.bytes());
    }

    @Override
    public void close() {
        // memory only
    }
}
