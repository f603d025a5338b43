package framewright.client;

import framewright.uploads.MemberName;
import java.nio.file.Path;

/**
 * A file that may be of use.
 *
 * @param name below the folder or in the archive that was named, with slashes
 * @param origin where people find it
 */
public record FoundFile(Path file, String name, String origin, FileLook look) {
    /** What a store calls it. */
    public String keptName() {
        return MemberName.last(name);
    }
}
