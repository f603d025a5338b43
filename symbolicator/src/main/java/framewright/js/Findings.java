package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsFileKey;
import org.jspecify.annotations.Nullable;

/** Findings of files that no source of debug files was asked for. */
final class Findings {
    private Findings() {}

    static Finding of(Cause cause, @Nullable String location, String details) {
        return of(cause, null, location, details);
    }

    static Finding of(Cause cause, @Nullable String source, @Nullable String location, String details) {
        return new Finding(cause, source, location, details, 0, "", Finding.Attempt.NONE, null);
    }

    /** A file that is looked for, for people. */
    static String described(JsFileKey key) {
        String what = switch (key.kind()) {
            case MINIFIED_SOURCE -> "the script";
            case SOURCE_MAP -> "the source map";
            case SOURCE -> "the source";
        };
        String name = key.absPath() == null ? what : what + " " + key.absPath();
        return key.debugId() == null ? name : name + " with the debug id " + key.debugId();
    }
}
