package framewright.api;

import framewright.debugfiles.DebugId;
import org.jspecify.annotations.Nullable;

/**
 * What a file is looked for by: its debug id, its address, or both.
 *
 * @param absPath URL or path
 */
public record JsFileKey(
        Kind kind, @Nullable String absPath, @Nullable DebugId debugId) {
    /** Several files share a debug id. */
    public enum Kind {
        MINIFIED_SOURCE,
        SOURCE_MAP,
        SOURCE
    }
}
