package framewright.uploads;

import framewright.store.DebugFile;
import framewright.store.Project;
import java.util.List;

/** Makes the lookup tables of files that have just been kept, at low priority, by the code that looks things up. */
@FunctionalInterface
public interface Conversion {
    /** For who only keeps. */
    Conversion NONE = (_, _) -> List.of();

    /**
     * @param file what was added of one file
     * @return what is wrong with it, as far as that is known by now: a sentence each
     */
    List<String> convert(Project project, List<DebugFile.Entry> file) throws InterruptedException;
}
