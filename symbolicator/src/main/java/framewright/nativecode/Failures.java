package framewright.nativecode;

import framewright.api.Outcome;
import framewright.nativebridge.NativeFailure;

/** What a native failure means for the module whose file it was. */
final class Failures {
    private Failures() {}

    static Outcome.Failure of(NativeFailure failure) {
        return switch (failure.status()) {
            case UNSUPPORTED -> new Outcome.Unsupported(failure.describe());
            case IO -> new Outcome.Unreachable("the local disk failed: " + failure.describe());
            default -> new Outcome.Malformed(failure.describe());
        };
    }
}
