package framewright.objects;

import framewright.api.Outcome;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unsupported;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What a native failure means for a download. */
final class NativeFailures {
    private static final Logger LOG = Logger.getLogger(NativeFailures.class.getName());

    private NativeFailures() {}

    /** @throws IOException the local disk failed */
    static Failure of(NativeFailure failure) throws IOException {
        return switch (failure.status()) {
            case UNSUPPORTED -> new Unsupported(failure.describe());
            case NOT_FOUND -> new Missing();
            case IO -> throw new IOException(failure.describe());
            default -> new Malformed(failure.describe());
        };
    }

    /** A bug of ours that a file has brought to light: told to the log, and to the one module that it is of. */
    static <T> Outcome<T> bug(NativeException e) {
        LOG.log(Level.SEVERE, "a debug file made the native code fail", e);
        return Outcome.failed(new Malformed("the file made the parser fail"));
    }
}
