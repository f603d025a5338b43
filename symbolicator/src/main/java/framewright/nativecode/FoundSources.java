package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How looking for a module's sources ended.
 *
 * @param object null where there is none that can be read
 * @param finding why there is one or not
 */
public record FoundSources(@Nullable SourceObject object, List<Candidate> candidates, Finding finding)
        implements AutoCloseable {
    @Override
    public void close() {
        if (object != null) {
            object.close();
        }
    }
}
