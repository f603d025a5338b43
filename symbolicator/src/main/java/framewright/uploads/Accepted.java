package framewright.uploads;

import framewright.api.Outcome.Failure;
import framewright.store.DebugFile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A file that is kept.
 *
 * @param entries what is in it; none for an artifact bundle
 * @param notes what the sender might want to know of it, a sentence each, e.g. that it is stripped
 * @param verdict there once nothing is made of it any more behind the answer: why it was thrown away again; empty: it was not
 */
public record Accepted(
        List<DebugFile.Entry> entries, List<String> notes, CompletableFuture<Optional<Failure>> verdict) {
    public Accepted {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }

    /** Of which nothing is made behind the answer. */
    public Accepted(List<DebugFile.Entry> entries, List<String> notes) {
        this(entries, notes, CompletableFuture.completedFuture(Optional.empty()));
    }

    Accepted judged(CompletableFuture<Optional<Failure>> later) {
        return new Accepted(entries, notes, later);
    }
}
