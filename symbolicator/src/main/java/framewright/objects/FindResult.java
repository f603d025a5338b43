package framewright.objects;

import framewright.api.Candidate;
import framewright.api.Finding;
import framewright.api.Outcome;
import java.util.List;

/**
 * What looking for a module's file has led to.
 *
 * @param best the file to use; else the first failure in order of preference
 * @param candidates everything that was considered, unsorted. The use of {@code best} is not among what they say yet,
 *     but for a malformed file, which has been of no use already
 * @param finding why {@code best} is what it is
 */
public record FindResult(Outcome<FoundObject> best, List<Candidate> candidates, Finding finding) {
    public FindResult {
        candidates = List.copyOf(candidates);
    }

    /** The same, told again from memory. */
    FindResult asKnown() {
        return new FindResult(
                best,
                candidates.stream()
                        .map(candidate ->
                                candidate.withFinding(candidate.finding().asKnown()))
                        .toList(),
                finding.asKnown());
    }
}
