package framewright.uploads;

import framewright.debugfiles.DebugId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is looked into, to tell what it is. */
public interface Subject {
    Path file();

    /** As whoever has it calls it. */
    String name();

    /** In bytes. */
    long size();

    /** What whoever has it says that it is; null: nothing. */
    @Nullable
    DebugId debugId();
}
