package framewright.uploads;

import framewright.store.DebugFile;
import java.util.List;

/**
 * A file that is kept.
 *
 * @param entries what is in it; none for an artifact bundle
 * @param notes what the sender might want to know of it, a sentence each, e.g. that it is stripped
 */
public record Accepted(List<DebugFile.Entry> entries, List<String> notes) {
    public Accepted {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }
}
