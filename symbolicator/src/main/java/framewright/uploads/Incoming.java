package framewright.uploads;

import framewright.debugfiles.DebugId;
import framewright.store.Digest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that has arrived whole and that nobody has looked into.
 *
 * @param file of {@link framewright.store.Blobs#newFile}
 * @param name as the sender calls it
 * @param digest of its bytes
 * @param sha1 of its bytes, 40 lower-case digits
 * @param debugId what the sender says it is; it wins over what the file says, since the age in a PDB is not always that of
 *     the program; null: the sender does not say
 */
public record Incoming(
        Path file,
        String name,
        Digest digest,
        String sha1,
        long size,
        @Nullable DebugId debugId) implements Subject {
    /** Removes the file, unless the store has taken it. */
    public void discard() {
        NewFile.discard(file);
    }
}
