package framewright.fetch;

import framewright.api.Outcome.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a body goes. An {@link IOException} is the local disk's, never the network's. */
interface Sink {
    /**
     * Before each try that begins anew; what an earlier one has brought is void. One that goes on where an earlier one
     * was cut goes on with {@link #write}.
     *
     * @param declared bytes that the server promises, -1 where it does not say
     * @param head what the answer says beside its body
     * @return why the body is not wanted; null: go on
     */
    @Nullable
    Failure begin(long declared, Head head) throws IOException;

    /** @return why no more is wanted; null: go on */
    @Nullable
    Failure write(byte[] bytes, int count) throws IOException;

    /** Bytes since {@link #begin}. */
    long written();
}
