package framewright.client;

import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A debug file of this machine, and what it is.
 *
 * @param debugId which it is to be taken for; null: for what it says itself
 * @param entries what is in it, one or more
 * @param notes what it lacks, a sentence each
 */
public record LocalFile(FoundFile file, @Nullable DebugId debugId, List<DebugFile.Entry> entries, List<String> notes) {
    public LocalFile {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }

    LocalFile takenFor(DebugId other) {
        return new LocalFile(file, other, entries, notes);
    }
}
