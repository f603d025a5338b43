package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * What an object file offers.
 *
 * @param srcsrvVcs version control system that a PDB's source server stream names: {@code git}, {@code perforce} or
 *     {@code other}
 */
public record Features(
        boolean hasDebugInfo,
        boolean hasUnwindInfo,
        boolean hasSymbols,
        boolean hasSources,
        @Nullable String srcsrvVcs) {
    public static final Features NONE = new Features(false, false, false, false, null);
    public static final Features OF_SOURCES = new Features(false, false, false, true, null);

    /** What two files offer together. */
    public Features and(Features other) {
        return new Features(
                hasDebugInfo || other.hasDebugInfo,
                hasUnwindInfo || other.hasUnwindInfo,
                hasSymbols || other.hasSymbols,
                hasSources || other.hasSources,
                srcsrvVcs == null ? other.srcsrvVcs : srcsrvVcs);
    }
}
