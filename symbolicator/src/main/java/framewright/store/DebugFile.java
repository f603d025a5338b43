package framewright.store;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object that is here: a file, or one of those in a fat file.
 *
 * @param id its key
 * @param project key of the project that it was sent to
 * @param sha1 of the file, by which clients name it
 * @param size of the file in bytes
 * @param entry what it is
 * @param used when it was last looked up
 */
public record DebugFile(
        long id, long project, Digest digest, String sha1, long size, Entry entry, Instant created, Instant used) {
    /**
     * What it is.
     *
     * @param kind what it can be used for
     * @param objectKind {@code exe}, {@code lib}, {@code dbg}, {@code rel}, {@code dump}, {@code src}, {@code other} or
     *     {@code none}
     * @param name as the sender calls it
     * @param arch {@code any} where it has none
     * @param features {@code debug}, {@code symtab}, {@code unwind}, {@code sources}; {@code split} where the debug
     *     information is in files of its own, which are not here
     */
    public record Entry(
            DebugFileKind kind,
            String objectKind,
            String name,
            @Nullable DebugId debugId,
            @Nullable CodeId codeId,
            String arch,
            Set<String> features) {
        public Entry {
            features = Set.copyOf(features);
        }
    }
}
