package framewright.http;

import java.nio.file.Path;

/**
 * A file that stays until it is closed.
 *
 * @param release called by {@link #close}
 */
public record HeldFile(Path path, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
        release.run();
    }
}
