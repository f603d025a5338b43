package framewright.nativecode;

import framewright.fetch.WebUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a debug file knows of one source file; both are null where it knows nothing.
 *
 * @param text its content
 * @param link where it is on the web
 */
public record KnownSource(
        @Nullable SourceText text, @Nullable WebUrl link) implements AutoCloseable {
    static final KnownSource NOTHING = new KnownSource(null, null);

    private static final long BASE_BYTES = 200;

    long bytes() {
        return BASE_BYTES + (text == null ? 0 : text.bytes());
    }

    /** Nothing is held that would have to be given back. */
    @Override
    public void close() {}
}
