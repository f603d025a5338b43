package framewright.js;

import framewright.api.JsStem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Addresses of scripts, maps and sources: how they are joined, and what else a file may have been uploaded as. */
final class JsPaths {
    private static final Pattern WEBPACK_NAMESPACE =
            Pattern.compile("webpack(?:-internal)?://[a-zA-Z0-9_\\-@.]+/\\./(.*)", Pattern.DOTALL);

    private JsPaths() {}

    /** Whether an address needs no base. */
    private static boolean isAbsolute(String path) {
        return path.contains("://") || path.startsWith("webpack:") || path.startsWith("turbopack:");
    }

    /**
     * An address as seen from another one, which names a file. A leading {@code ~} stands for the root. Host and scheme
     * of the base stay; dots never lead above the root of a web server.
     */
    static String join(String base, String path) {
        if (isAbsolute(path)) {
            return path;
        }
        int scheme = base.indexOf("://");
        String right = path.startsWith("~") ? path.substring(1) : path;
        if (right.startsWith("/")) {
            return scheme < 0 ? right : fromRoot(base, scheme, right);
        }
        String rest = JsStem.withoutQuery(scheme < 0 ? base : base.substring(scheme + 3));
        List<String> segments = new ArrayList<>(List.of(rest.split("/", -1)));
        String root = "";
        if (scheme >= 0) {
            root = base.substring(0, scheme + 3) + segments.removeFirst();
        } else if (segments.getFirst().isEmpty()) {
            segments.removeFirst();
        }
        if (!segments.isEmpty()) {
            segments.removeLast();
        }
        boolean web = base.startsWith("http://") || base.startsWith("https://");
        append(segments, right, web);
        StringBuilder joined = new StringBuilder(root);
        for (String segment : segments) {
            if (!segment.isEmpty()) {
                joined.append('/').append(segment);
            }
        }
        return joined.toString();
    }

    private static String fromRoot(String base, int scheme, String path) {
        if (path.startsWith("//")) {
            return base.substring(0, scheme) + ":" + path;
        }
        int host = base.indexOf('/', scheme + 3);
        return (host < 0 ? base : base.substring(0, host)) + path;
    }

    private static void append(List<String> segments, String path, boolean web) {
        boolean first = true;
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..") && (!segments.isEmpty() || web)) {
                if (!segments.isEmpty()) {
                    segments.removeLast();
                }
            } else if (!segment.equals(".") || !(web || first)) {
                first = false;
                segments.add(segment);
            }
        }
    }

    /** What a file may have been uploaded as, most exact first. */
    static List<String> candidates(String url) {
        int fragment = url.indexOf('#');
        String whole = fragment < 0 ? url : url.substring(0, fragment);
        String relative = JsStem.withoutHost(whole);
        List<String> candidates = new ArrayList<>(4);
        candidates.add(whole);
        addWithoutQuery(whole, "", candidates);
        candidates.add("~" + relative);
        addWithoutQuery(relative, "~", candidates);
        return candidates;
    }

    private static void addWithoutQuery(String path, String prefix, List<String> to) {
        int query = path.indexOf('?');
        if (query >= 0) {
            to.add(prefix + path.substring(0, query));
        }
    }

    /** A source's name without what bundlers put before it; the same where none did. */
    static String withoutBundler(String source) {
        if (source.startsWith("webpack:") || source.startsWith("webpack-internal:")) {
            return withoutWebpack(source);
        }
        return source.startsWith("turbopack:") ? withoutTurbopack(source) : source;
    }

    private static String withoutWebpack(String source) {
        int modules = source.indexOf("/~/");
        if (modules >= 0) {
            return "~/" + source.substring(modules + 3);
        }
        var namespace = WEBPACK_NAMESPACE.matcher(source);
        if (namespace.matches()) {
            return "./" + namespace.group(1);
        }
        for (String prefix : List.of("webpack:///", "webpack-internal:///")) {
            if (source.startsWith(prefix)) {
                return source.substring(prefix.length());
            }
        }
        return source;
    }

    private static String withoutTurbopack(String source) {
        int modules = source.indexOf("/~/");
        if (modules >= 0) {
            return "~/" + source.substring(modules + 3);
        }
        String rest = source.startsWith("turbopack:///") ? source.substring("turbopack:///".length()) : source;
        return rest.startsWith("[project]/") ? rest.substring("[project]/".length()) : rest;
    }
}
