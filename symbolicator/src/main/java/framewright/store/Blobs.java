package framewright.store;

import framewright.database.StorageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes by name. A blob is whole or absent, whatever is killed when. */
public sealed interface Blobs extends AutoCloseable permits FolderBlobs, S3Blobs {
    /** Where a blob can be read from without going through here. */
    sealed interface Place {
        /** A file of this machine, not to be changed. */
        record OnDisk(Path path) implements Place {}

        /** Whoever has the address may read the blob, for a while. */
        record AtUrl(URI url) implements Place {}
    }

    /**
     * One that is there.
     *
     * @param written when it was put
     */
    record Listed(BlobKey key, long size, Instant written) {}

    /**
     * A new file for what is about to be kept, where putting it is cheap.
     *
     * @throws StorageFailure where no file can be made
     */
    Path newFile();

    /**
     * Has what was written of a new file brought to where {@link #put} will bring it, so that this then takes less.
     *
     * @param file of {@link #newFile}
     */
    void flush(FileChannel file) throws IOException;

    /**
     * Keeps a file that {@link #newFile} has given, which is gone afterwards, also where this fails. The same name means
     * the same bytes.
     */
    void put(BlobKey key, Path file);

    /** The length in bytes; -1: it is not there. */
    long size(BlobKey key);

    /**
     * The bytes from {@code offset} on; null: it is not there.
     *
     * @param length no more than these are read; -1: to the end
     */
    @Nullable
    InputStream open(BlobKey key, long offset, long length) throws IOException;

    /** Where to read it; null: it is not there. {@code validity}: how long an address is good for. */
    @Nullable
    Place locate(BlobKey key, Duration validity);

    /** Nothing happens where it is not there. */
    void delete(BlobKey key);

    /** All of a family, in no order; those that come or go meanwhile may be among them. */
    void list(BlobKey.Family family, Consumer<Listed> each);

    /** Gives back what puts have taken that were cut off before this moment. */
    void tidy(Instant before);

    /** @throws StorageFailure where no blob can be had or kept now */
    void check();

    @Override
    void close();
}
