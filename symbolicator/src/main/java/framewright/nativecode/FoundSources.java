package framewright.nativecode;

import framewright.api.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How looking for a module's sources ended.
 *
 * @param object null where there is none that can be read
 */
record FoundSources(@Nullable SourceObject object, List<Candidate> candidates) implements AutoCloseable {
    @Override
    public void close() {
        if (object != null) {
            object.close();
        }
    }
}
