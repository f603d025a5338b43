package framewright.client;

import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that is to be sent. */
public sealed interface Upload {
    /** Where people find it. */
    String origin();

    ChunkedFile file();

    /** What the person might want to know of it, a sentence each. */
    List<String> notes();

    /**
     * A debug file.
     *
     * @param name as it is kept
     * @param debugId which the server is to take it for; null: for what it says itself
     * @param entries what is in it
     */
    record Debug(
            String origin,
            ChunkedFile file,
            String name,
            @Nullable DebugId debugId,
            List<DebugFile.Entry> entries,
            List<String> notes)
            implements Upload {
        public Debug {
            entries = List.copyOf(entries);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Scripts with their maps.
     *
     * @param release null: of none in particular
     * @param dist null: of none in particular
     * @param scripts how many files are in it
     */
    record Bundle(
            String origin,
            ChunkedFile file,
            @Nullable String release,
            @Nullable String dist,
            int scripts,
            List<String> notes)
            implements Upload {
        public Bundle {
            notes = List.copyOf(notes);
        }
    }
}
