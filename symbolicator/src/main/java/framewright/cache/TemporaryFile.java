package framewright.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A file that is used once and never becomes an entry. Its room counts against the cap until this is closed. */
public final class TemporaryFile implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TemporaryFile.class.getName());

    private final Staging staging;

    TemporaryFile(DiskCache disk) {
        this.staging = new Staging(disk, null, null);
    }

    /** Where it is written. */
    public Staging staging() {
        return staging;
    }

    public Path path() {
        return staging.file();
    }

    /** Removes it. */
    @Override
    public void close() {
        try {
            staging.discard();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a temporary file of the cache cannot be removed: {0}", e.toString());
        }
    }
}
