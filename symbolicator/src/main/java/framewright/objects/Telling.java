package framewright.objects;

import framewright.api.Candidate;
import framewright.api.Cause;
import framewright.api.Finding;
import java.util.Comparator;
import java.util.List;

/**
 * Of all that was tried in vain, what tells a person most: a file that was there and would not do says more than a
 * source that failed, and that more than one that had nothing.
 */
final class Telling {
    private Telling() {}

    static Finding of(List<Candidate> candidates) {
        return candidates.stream()
                .map(Candidate::finding)
                .min(Comparator.comparingInt(finding -> rank(remembered(finding))))
                .orElseGet(() -> Finding.of(Cause.NO_SOURCE));
    }

    private static Cause remembered(Finding finding) {
        Cause before = finding.attempt().remembered();
        return before == null ? finding.cause() : before;
    }

    private static int rank(Cause cause) {
        return switch (cause) {
            case ID_MISMATCH, WRONG_ARCH, STRIPPED, MALFORMED, KIND_UNSUPPORTED, TOO_LARGE, INTERNAL_ERROR -> 0;
            case CACHE_FULL, DISK_FAILURE -> 1;
            case NOT_FOUND -> 3;
            case FILTERED, NOT_LISTED, NO_ID -> 4;
            case FOUND, NO_DEBUG_INFO, UNUSED -> 5;
            default -> 2;
        };
    }
}
