package framewright.api;

import java.util.Locale;

/** By what a file was found. */
public enum ResolvedWith {
    DEBUG_ID,
    URL,
    INDEX,
    RELEASE,
    RELEASE_OLD,
    SCRAPING,
    UNKNOWN;

    /** As it stands in requests and answers. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The value of this name; {@link #UNKNOWN} for any other. */
    public static ResolvedWith of(String wireName) {
        for (ResolvedWith value : values()) {
            if (value.wireName().equals(wireName)) {
                return value;
            }
        }
        return UNKNOWN;
    }
}
