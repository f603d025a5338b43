package framewright.js;

import framewright.api.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that is looked for no further.
 *
 * @param findings what is to be told of it, in order
 * @param lease what its content is read from; null where that needs none
 */
record Ended(
        FoundFile file, List<Finding> findings, @Nullable AutoCloseable lease) {
    Ended {
        findings = List.copyOf(findings);
    }

    /** One that needs no lease of its own. */
    static Ended of(FoundFile file, Finding finding) {
        return new Ended(file, List.of(finding), null);
    }
}
