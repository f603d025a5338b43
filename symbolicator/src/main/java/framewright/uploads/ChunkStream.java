package framewright.uploads;

import framewright.store.BlobKey;
import framewright.store.Organization;
import framewright.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chunks one after the other. One that is not there any more is forgotten, so that it is asked for again. */
final class ChunkStream extends InputStream {
    private final Store store;
    private final Organization organization;
    private final Iterator<String> names;
    private @Nullable InputStream current;

    ChunkStream(Store store, Organization organization, List<String> names) {
        this.store = store;
        this.organization = organization;
        this.names = names.iterator();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            if (Thread.interrupted()) {
                throw new IOException("the server is stopping");
            }
            if (current == null) {
                if (!names.hasNext()) {
                    return -1;
                }
                current = open(names.next());
            }
            int count = current.read(into, offset, length);
            if (count >= 0) {
                return count;
            }
            close();
        }
    }

    private InputStream open(String name) throws IOException {
        InputStream chunk = store.blobs().open(BlobKey.chunk(organization.id(), name), 0, -1);
        if (chunk == null) {
            store.chunks().drop(organization, List.of(name));
            throw new IOException("a part of it was lost");
        }
        return chunk;
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
