package framewright.cache;

import framewright.api.CacheQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What several nodes keep together, behind the disk of each. A node can do without: where the tier fails, what it was
 * asked for is simply not there. Only the local disk throws.
 */
public interface SharedTier extends AutoCloseable {
    /** For a node that is alone. */
    SharedTier NONE = new NoSharedTier();

    /**
     * Gets an entry.
     *
     * @return whether it is in {@link Staging#file()} now, which is not there otherwise
     * @throws IOException the local disk failed
     */
    boolean fetch(SharedKey key, Staging staging) throws IOException, InterruptedException;

    /**
     * The same for who makes the entry where there is none; waits while another node makes it.
     *
     * @throws IOException the local disk failed
     */
    Turn turn(SharedKey key, Staging staging) throws IOException, InterruptedException;

    /** Removes an entry that turned out to be of no use; soon. */
    void discard(SharedKey key);

    /**
     * Has all nodes forget what the query means, in the tier too; this one does so by itself.
     *
     * @return whether the others will learn of it
     */
    boolean revoke(CacheQuery query) throws InterruptedException;

    /**
     * Tells from now on of what other nodes revoke.
     *
     * @param folder where it is written down how far that was followed
     */
    void follow(Path folder, Consumer<CacheQuery> revoked);

    @Override
    void close();

    /** The right to make an entry; the other nodes wait until it is published or closed. */
    interface Turn extends AutoCloseable {
        /** Whether there is nothing to make, since the entry is in {@link Staging#file()}. */
        boolean isFetched();

        /**
         * Hands the entry on, behind whatever the caller does next.
         *
         * @param file opens the entry; gives null where it is gone again
         */
        void publish(Supplier<@Nullable CachedFile> file);

        /** Gives up the right, unless something was published. */
        @Override
        void close();
    }
}
