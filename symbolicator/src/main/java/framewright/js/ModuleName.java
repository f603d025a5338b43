package framewright.js;

import framewright.api.JsStem;
import java.util.regex.Pattern;

/** A name for the module that a source file is, made of its address: {@code http://x/js/v1.0/foo/bar.min.js} is foo/bar. */
final class ModuleName {
    private static final Pattern HEX_40 = Pattern.compile("[0-9a-fA-F]{40}");

    /** Folders that say where files are kept and not what they are; numbers of versions; hashes. */
    private static final Pattern USELESS_FOLDER = Pattern.compile(
            "(?:java)?scripts?|js|build|static|node_modules|bower_components|[_.~].*|v?(?:\\d+\\.)*\\d+"
                    + "|[a-f0-9]{7,8}|[a-f0-9]{32}|[a-f0-9]{40}|",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HASH_AT_END = Pattern.compile("[-.][a-f0-9]{7,}$", Pattern.CASE_INSENSITIVE);

    private ModuleName() {}

    static String of(String url) {
        String path = JsStem.withoutQuery(JsStem.withoutHost(url));
        int dot = path.lastIndexOf('.');
        if (dot > path.lastIndexOf('/')) {
            path = path.substring(0, dot);
        }
        if (path.endsWith(".min")) {
            path = path.substring(0, path.length() - 4);
        }
        int hash = endOfHashedFolder(path);
        return hash >= 0 ? path.substring(hash) : withoutUselessFolders(path);
    }

    /** After the first folder that is named by a hash; -1 where there is none. */
    private static int endOfHashedFolder(String path) {
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            String segment = path.substring(start, slash < 0 ? path.length() : slash);
            if (segment.length() == 32 || HEX_40.matcher(segment).matches()) {
                return slash < 0 ? path.length() : slash + 1;
            }
            start = slash < 0 ? path.length() + 1 : slash + 1;
        }
        return -1;
    }

    private static String withoutUselessFolders(String path) {
        int start = 0;
        int slash;
        while ((slash = path.indexOf('/', start)) >= 0
                && USELESS_FOLDER.matcher(path).region(start, slash).matches()) {
            start = slash + 1;
        }
        return HASH_AT_END.matcher(path.substring(start)).replaceFirst("");
    }
}
