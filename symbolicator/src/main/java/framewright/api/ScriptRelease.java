package framewright.api;

import org.jspecify.annotations.Nullable;

/** By what scripts that have no debug id are waited for: the release that they are looked up by. */
public final class ScriptRelease {
    /** Names of releases that clients make have 200 characters at most, and those of variants 64. */
    private static final int MAX_CHARS = 400;

    private ScriptRelease() {}

    /**
     * @param dist the variant of the release; null or empty: it has none
     * @return null where there is no release, or its name is too long to be one
     */
    public static @Nullable String id(@Nullable String release, @Nullable String dist) {
        if (release == null || release.isEmpty()) {
            return null;
        }
        String id = "release:" + release + (dist == null || dist.isEmpty() ? "" : " dist:" + dist);
        return id.length() > MAX_CHARS ? null : id;
    }
}
