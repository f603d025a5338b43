package framewright.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an event of the queue holds, and thus who resolves it. */
public enum EventKind {
    /** The body of {@code POST /symbolicate}. */
    NATIVE,
    /** A minidump. */
    MINIDUMP,
    /** A crash report of Apple's, as text or JSON. */
    APPLE,
    /** The body of {@code POST /symbolicate-js}. */
    JS,
    /** The body of {@code POST /symbolicate-jvm}. */
    JVM,
    /** A stack trace as text. */
    STACK;

    /** Stable name. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Null: there is none of this name. */
    static @Nullable EventKind of(@Nullable String wireName) {
        for (EventKind kind : values()) {
            if (kind.wireName().equals(wireName)) {
                return kind;
            }
        }
        return null;
    }
}
