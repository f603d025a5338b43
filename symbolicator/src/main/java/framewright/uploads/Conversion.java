package framewright.uploads;

import framewright.store.DebugFile;
import framewright.store.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the lookup tables of files that have just been kept, at low priority, by the code that looks things up. */
@FunctionalInterface
public interface Conversion {
    /**
     * @param sha1 of the file
     * @param file what was added of it
     * @return why no table can be made of it; null: nothing is known against it by now
     */
    @Nullable
    String convert(Project project, String sha1, List<DebugFile.Entry> file) throws InterruptedException;
}
