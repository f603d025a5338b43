package framewright.store;

import java.util.Locale;

/** What names blobs, and is deleted when nobody uses it. */
enum Kept {
    DEBUG_FILE,
    BUNDLE,
    RELEASE_FILE;

    /** Each has {@code id}, {@code digest}, {@code created} and {@code used}. */
    String table() {
        return name().toLowerCase(Locale.ROOT);
    }
}
