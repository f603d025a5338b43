package framewright.cache;

import framewright.api.Outcome;
import java.io.IOException;

/** Makes the file of an entry that is not there yet. */
@FunctionalInterface
public interface Loader {
    /**
     * Writes {@link Staging#file()}, within what was reserved, or says why that is not possible. Runs on a virtual
     * thread of the cache, once for all who wait for the entry, and goes on when they stop waiting.
     *
     * @throws IOException the local disk failed; not remembered
     */
    Outcome<Loaded> load(Staging staging) throws IOException, InterruptedException;
}
