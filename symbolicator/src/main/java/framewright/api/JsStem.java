package framewright.api;

import java.util.List;

/** What all the files of one build step have in common, by which bundles with them are asked for (contract, B3). */
public final class JsStem {
    private static final List<String> SUFFIXES =
            List.of(".min", ".js", ".map", ".cjs", ".mjs", ".ts", ".d", ".jsx", ".tsx");

    private JsStem() {}

    /** The path of an address, without host, query and extensions. */
    public static String of(String url) {
        String path = withoutHost(url);
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return path;
        }
        String name = withoutQuery(path.substring(slash + 1));
        String shorter = name;
        do {
            name = shorter;
            for (String suffix : SUFFIXES) {
                while (shorter.endsWith(suffix)) {
                    shorter = shorter.substring(0, shorter.length() - suffix.length());
                }
            }
        } while (!shorter.equals(name));
        return path.substring(0, slash + 1) + name;
    }

    /** What follows the host, or a leading {@code ~}. */
    public static String withoutHost(String path) {
        if (path.startsWith("~")) {
            return path.substring(1);
        }
        int scheme = path.indexOf("://");
        if (scheme < 0) {
            return path;
        }
        int start = path.indexOf('/', scheme + 3);
        return path.substring(start < 0 ? scheme + 3 : start);
    }

    /** What precedes a query or a fragment. */
    public static String withoutQuery(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '?' && path.charAt(end) != '#') {
            end++;
        }
        return path.substring(0, end);
    }
}
