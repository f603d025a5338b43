package framewright.warming;

import java.time.Instant;
import java.util.List;

/** Asks for a file as a request does, so that it is fetched and converted as for one. */
@FunctionalInterface
public interface Warmer {
    /**
     * Whether it is whole in the caches now.
     *
     * @param project as {@link WarmJob#project}
     */
    boolean warm(WarmFile file, String project) throws InterruptedException;

    /** A file that is new. {@code since}: when it was sent or written. */
    record Fresh(WarmFile file, Instant since) {}

    /** So many of each of the settings' sources, besides the store, that can tell what is new there. */
    default List<Fresh> newest(int most) throws InterruptedException {
        return List.of();
    }
}
