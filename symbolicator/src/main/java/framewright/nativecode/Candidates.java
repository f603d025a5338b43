package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Candidate.Use;
import framewright.api.Candidate.UseStatus;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Every file that was considered for a module: each once, by source and place. Not for several threads at once. */
final class Candidates {
    private record Place(String source, String location) {}

    private final boolean wanted;
    private final Map<Place, Candidate> candidates =
            new TreeMap<>(Comparator.comparing(Place::source).thenComparing(Place::location));

    /** @param wanted false: keeps nothing */
    Candidates(boolean wanted) {
        this.wanted = wanted;
    }

    /** Of two that tell of the same file, the earlier counts, and the later adds what the file was used for. */
    void addAll(Collection<Candidate> more) {
        if (!wanted) {
            return;
        }
        for (Candidate candidate : more) {
            candidates.merge(place(candidate), candidate, Candidates::merge);
        }
    }

    /** Sorted. */
    List<Candidate> list() {
        return List.copyOf(candidates.values());
    }

    private static Place place(Candidate candidate) {
        return new Place(candidate.source(), candidate.location());
    }

    private static Candidate merge(Candidate first, Candidate second) {
        Candidate merged = first;
        if (second.debug() != null) {
            merged = merged.withDebug(second.debug());
        }
        if (second.unwind() != null) {
            merged = merged.withUnwind(second.unwind());
        }
        return merged;
    }

    /** The candidates of a search, with how using the one that was chosen ended. */
    static List<Candidate> withUse(
            List<Candidate> found, String source, String location, UnaryOperator<Candidate> used) {
        return found.stream()
                .map(candidate -> candidate.source().equals(source)
                                && candidate.location().equals(location)
                        ? used.apply(candidate)
                        : candidate)
                .toList();
    }

    static Use use(Failure failure) {
        return failure instanceof Malformed
                ? new Use(UseStatus.MALFORMED, null)
                : new Use(UseStatus.ERROR, failure.describe());
    }
}
