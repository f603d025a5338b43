package framewright.sourcemap;

import java.util.ArrayList;
import java.util.List;

/** Where "optionally report an error" is decided: thrown or kept, by {@link Strictness}. */
final class Problems {
    private final Strictness strictness;
    private final List<Violation> tolerated = new ArrayList<>();

    Problems(Strictness strictness) {
        this.strictness = strictness;
    }

    void optional(Violation.Kind kind, String field, int offset) {
        optional(new Violation(kind, field, offset));
    }

    void optional(Violation violation) {
        if (strictness == Strictness.STRICT) {
            throw new MalformedSourceMapException(violation);
        }
        if (tolerated.size() < Limits.MAX_TOLERATED) {
            tolerated.add(violation);
        }
    }

    /** What was passed over, in the order met; at most {@link Limits#MAX_TOLERATED}. */
    List<Violation> tolerated() {
        return List.copyOf(tolerated);
    }
}
