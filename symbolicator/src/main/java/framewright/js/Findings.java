package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
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
}
