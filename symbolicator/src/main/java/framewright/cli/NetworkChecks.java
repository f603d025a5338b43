package framewright.cli;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unsupported;
import framewright.shared.SharedCache;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code framewright doctor} looks at beside the sources: the clock, and what servers keep together. */
final class NetworkChecks {
    /** Google takes no statement that is further off, Amazon no signature from a quarter of an hour on. */
    private static final Duration TOO_FAR = Duration.ofMinutes(5);

    /** Dates have no fractions, and answers take their time. */
    private static final Duration UNUSUAL = Duration.ofSeconds(10);

    private NetworkChecks() {}

    /** @param skew how far our clock is ahead of a server's; null: nobody has said */
    static Diagnosis clock(@Nullable Duration skew) {
        String what = "clock";
        if (skew == null) {
            return Diagnosis.warn(what, "no server has said what time it is", "Mend the sources first.");
        }
        Duration off = skew.abs();
        String seen = off.toSeconds() + " s " + (skew.isNegative() ? "behind" : "ahead of") + " a server that answered";
        if (off.compareTo(UNUSUAL) < 0) {
            return Diagnosis.ok(what, seen);
        }
        String remedy = "Have this machine's clock set over the network (NTP): signatures and certificates hang on it.";
        return off.compareTo(TOO_FAR) < 0 ? Diagnosis.warn(what, seen, remedy) : Diagnosis.fail(what, seen, remedy);
    }

    /** Writes, reads and removes an object. */
    static Diagnosis shared(SharedCache shared) throws InterruptedException {
        String what = SharedCache.NAME;
        Failure failure = shared.tryOut();
        if (failure == null) {
            return Diagnosis.ok(what, shared.location() + " can be written to and read");
        }
        String remedy = switch (failure) {
            case Denied _ -> "Let the account create, replace, read and remove objects there.";
            case Missing _ -> "Create the bucket or container, or correct its name under `shared_cache`.";
            case Unsupported _ ->
                "Use a server that honours conditional writes (If-None-Match: *), and correct `shared_cache`.";
            default -> "Check the address under `shared_cache`, the proxy and its certificates, or mount the folder.";
        };
        return Diagnosis.fail(what, shared.location() + ": " + failure.describe(), remedy);
    }
}
