package framewright.fetch;

import framewright.api.Outcome.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a body goes. An {@link IOException} is the local disk's, never the network's. */
interface Sink {
    /**
     * Before each body; what an earlier one has brought is void from its place on.
     *
     * @param from place of its first byte in the file: 0, or what {@link #written} says
     * @param total bytes of the whole file that the server promises, -1 where it does not say
     * @param head what the answer says beside its body
     * @return why the body is not wanted; null: go on
     */
    @Nullable
    Failure begin(long from, long total, Head head) throws IOException;

    /** @return why no more is wanted; null: go on */
    @Nullable
    Failure write(byte[] bytes, int count) throws IOException;

    /** Bytes from the beginning of the file without a gap. */
    long written();
}
