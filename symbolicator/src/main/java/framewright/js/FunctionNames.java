package framewright.js;

import framewright.sourcemap.FunctionName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of the names that are known of a function an answer shows. */
final class FunctionNames {
    private static final String ANONYMOUS = "<anonymous>";
    private static final String UNKNOWN = "<unknown>";

    /** Names that bundlers give and that tell nothing. */
    private static final Set<String> USELESS = Set.of(ANONYMOUS, "__webpack_require__", "__webpack_modules__");

    /** Prefix of what dart makes of asynchronous functions. */
    private static final String DART_ASYNC = "$async$";

    private FunctionNames() {}

    /**
     * The name to show.
     *
     * @param scope what the function around the position is called
     * @param token what the source map calls the token at the position
     * @param minified what the engine calls the function
     * @param called what the caller's token calls the function that it calls
     */
    static String choose(
            FunctionName scope, @Nullable String token, @Nullable String minified, @Nullable String called) {
        String name = switch (scope) {
            case FunctionName.Named(String named) -> named.startsWith(DART_ASYNC) && token != null ? token : named;
            case FunctionName.Anonymous() -> ANONYMOUS;
            case FunctionName.Unknown() -> minified == null ? UNKNOWN : minified;
        };
        if (USELESS.contains(name)) {
            if (called != null && !called.isEmpty()) {
                name = called;
            } else if (minified != null) {
                name = minified;
            }
        }
        return folded(name);
    }

    /** {@code a.a.a.b} as {@code {a#3}.b}; the last part stays as it is. */
    private static String folded(String name) {
        int last = name.lastIndexOf('.');
        if (last < 0) {
            return name;
        }
        List<String> groups = new ArrayList<>();
        String current = null;
        int count = 0;
        for (String part : name.substring(0, last).split("\\.", -1)) {
            if (part.equals(current)) {
                count++;
                groups.set(groups.size() - 1, "{" + part + "#" + count + "}");
            } else {
                groups.add(part);
                current = part;
                count = 1;
            }
        }
        return String.join(".", groups) + name.substring(last);
    }
}
