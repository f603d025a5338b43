package framewright.uploads;

import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.database.StorageFailure;
import framewright.store.BlobKey;
import framewright.store.Organization;
import framewright.store.Store;
import framewright.uploads.Assembler.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file that is put together of its chunks while they arrive, in their order, so that little is left to do after the last
 * one: it is hashed, and on its way to the disk, while the client still sends.
 */
final class Joining {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Store store;
    private final Organization organization;
    private final Wanted wanted;
    private final long maxBytes;

    /** Those that have not arrived. */
    private final Set<String> lacking = ConcurrentHashMap.newKeySet();

    private final NewFile file;

    /** Held by whoever takes chunks in, and for what is not volatile below. */
    private final ReentrantLock taking = new ReentrantLock();

    private volatile int next;
    private volatile boolean ended;

    /** Why it was given up; null: it was not, or nobody wanted it any more. */
    private @Nullable RuntimeException failure;

    /**
     * @param lacking chunks that have not arrived
     * @param maxBytes a larger file is refused
     * @throws StorageFailure no file can be made
     */
    Joining(Store store, Organization organization, Wanted wanted, Collection<String> lacking, long maxBytes) {
        this.store = store;
        this.organization = organization;
        this.wanted = wanted;
        this.maxBytes = maxBytes;
        this.lacking.addAll(lacking);
        this.file = NewFile.whole(store.blobs());
    }

    /** Whether any of these are its chunks that had not arrived. */
    boolean arrived(Organization from, Collection<String> chunks) {
        return from.id() == organization.id() && lacking.removeAll(chunks);
    }

    /**
     * Takes what has arrived, as far as nothing before it is missing; where another thread does so, it takes all.
     *
     * @throws StorageFailure as {@link #finish}
     * @throws LostPartException as {@link #finish}
     */
    void advance() {
        while (canGoOn() && taking.tryLock()) {
            try {
                takeNext();
            } finally {
                taking.unlock();
            }
        }
    }

    private boolean canGoOn() {
        int at = next;
        return !ended
                && at < wanted.chunks().size()
                && !lacking.contains(wanted.chunks().get(at));
    }

    private void takeNext() {
        int at = next;
        if (canGoOn()) {
            take(wanted.chunks().get(at));
            next = file.size() > maxBytes ? wanted.chunks().size() : at + 1;
        }
    }

    /**
     * Takes the rest, which has to be there, and gives the file, for its SHA-1 to be compared; nothing of it is left where
     * this fails.
     *
     * @throws StorageFailure the file cannot be written
     * @throws LostPartException a chunk is not there any more
     */
    Outcome<Incoming> finish() {
        taking.lock();
        try {
            lacking.clear();
            while (canGoOn()) {
                takeNext();
            }
            if (ended) {
                throw failure == null ? new LostPartException("nothing of it came for a while") : failure;
            }
            if (file.size() > maxBytes) {
                discard();
                return Outcome.failed(new Unsupported(
                        wanted.name() + " is larger than " + maxBytes + " bytes, which store.max_file_size allows"));
            }
            ended = true;
            return Outcome.found(file.finish(wanted.name(), wanted.debugId()));
        } finally {
            taking.unlock();
        }
    }

    /** Gives its room back, unless it has finished. */
    void discard() {
        taking.lock();
        try {
            if (!ended) {
                ended = true;
                file.discard();
            }
        } finally {
            taking.unlock();
        }
    }

    private void take(String name) {
        try (@Nullable InputStream chunk = store.blobs().open(BlobKey.chunk(organization.id(), name), 0, -1)) {
            if (chunk == null) {
                // forgotten, so that it is asked for again
                store.chunks().drop(organization, List.of(name));
                throw new LostPartException("a part of it was lost");
            }
            append(chunk);
        } catch (IOException e) {
            throw givenUp(new LostPartException(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            throw givenUp(e);
        }
    }

    private RuntimeException givenUp(RuntimeException why) {
        failure = why;
        discard();
        return why;
    }

    private void append(InputStream chunk) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int count;
        while ((count = chunk.read(buffer)) >= 0) {
            if (Thread.interrupted()) {
                throw new IOException("the server is stopping");
            }
            file.append(buffer, count);
        }
    }
}
