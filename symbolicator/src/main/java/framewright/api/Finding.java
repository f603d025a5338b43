package framewright.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A cause with the facts that led to it.
 *
 * @param source id of the source; null where none was asked
 * @param location URI of the file
 * @param details what the failure itself says, a part of a sentence; empty where it says nothing
 * @param httpStatus the status that was answered; 0: none, or not told
 * @param address what was not connected to; empty where that is not the matter
 * @param attempt how the file was asked for
 * @param file what the file is; null where there was none to look at
 */
public record Finding(
        Cause cause,
        @Nullable String source,
        @Nullable String location,
        String details,
        int httpStatus,
        String address,
        Attempt attempt,
        @Nullable FileFacts file) {

    /**
     * How a file was asked for.
     *
     * @param cached whether what is told was known before
     * @param elapsedMillis from the question to the answer, unpacking included; -1: nobody asked now, or
     *     another part of the same request did
     * @param nextTry when it is asked for again; null: with the next request, or never where it was found
     * @param remembered what the earlier try ended with; null where this is not told from memory
     */
    public record Attempt(
            boolean cached,
            long elapsedMillis,
            @Nullable Instant nextTry,
            @Nullable Cause remembered) {
        /** Nobody asked. */
        public static final Attempt NONE = new Attempt(false, -1, null, null);

        /** Asked just now. */
        public static Attempt fresh(long elapsedMillis, @Nullable Instant nextTry) {
            return new Attempt(false, elapsedMillis, nextTry, null);
        }

        /** Known from before. */
        public static Attempt known(@Nullable Instant nextTry) {
            return new Attempt(true, -1, nextTry, null);
        }
    }

    /**
     * What a file is.
     *
     * @param bytes unpacked
     * @param kind {@code elf}, {@code pdb}, {@code breakpad}, ...
     * @param stripped whether it has neither debug information nor symbols
     */
    public record FileFacts(
            long bytes,
            @Nullable String debugId,
            @Nullable String codeId,
            String arch,
            String kind,
            boolean stripped) {}

    /** One that no source was asked for. */
    public static Finding of(Cause cause) {
        return of(cause, null, "");
    }

    /** What a source says before any file is tried. */
    public static Finding of(Cause cause, @Nullable String source, String details) {
        return new Finding(cause, source, null, details, 0, "", Attempt.NONE, null);
    }

    /** What trying a file ended with. */
    public static Finding failed(Outcome.Failure failure, String source, String location, Attempt attempt) {
        return failed(Cause.of(failure), failure, source, location, attempt);
    }

    /** As {@link #failed(Outcome.Failure, String, String, Attempt)}, where the cause is known better. */
    public static Finding failed(
            Cause cause, Outcome.Failure failure, String source, String location, Attempt attempt) {
        String details = details(failure);
        String address = failure instanceof Outcome.Unreachable unreachable ? unreachable.address() : "";
        Finding fresh = new Finding(cause, source, location, details, HttpStatus.in(details), address, attempt, null);
        return attempt.cached() ? fresh.asKnown() : fresh;
    }

    /** What a file that was had turned out to be. */
    public static Finding found(
            Cause cause, String details, String source, String location, Attempt attempt, FileFacts file) {
        return new Finding(cause, source, location, details, 0, "", attempt, file);
    }

    private static String details(Outcome.Failure failure) {
        return switch (failure) {
            case Outcome.Missing(String details) -> details;
            case Outcome.Unreachable unreachable -> unreachable.details();
            default -> failure.describe();
        };
    }

    /** The same, told again from memory. */
    public Finding asKnown() {
        if (attempt.equals(Attempt.NONE) || attempt.remembered != null) {
            return this;
        }
        boolean failed = file == null;
        Attempt known = new Attempt(true, -1, attempt.nextTry, failed ? cause : null);
        Cause now = failed ? Cause.NEGATIVE_CACHED : cause;
        return new Finding(now, source, location, details, httpStatus, address, known, file);
    }

    /** Another cause of the same facts. */
    public Finding because(Cause other, String why) {
        return new Finding(other, source, location, why, httpStatus, address, attempt, file);
    }

    /** The cause, or the one that is remembered, where this is told from memory. */
    public Cause rootCause() {
        return attempt.remembered == null ? cause : attempt.remembered;
    }

    /** A sentence for a person. */
    public String sentence() {
        String text = details.isEmpty() && attempt.remembered != null ? attempt.remembered.code() : details;
        return cause.sentence()
                .replace("{details}", text)
                .replace("{address}", address.isEmpty() ? "a reserved address" : address)
                .replace("{next_try}", attempt.nextTry == null ? "the server starts again" : attempt.nextTry.toString())
                .replace("{source}", source == null ? "The source" : source)
                .replace("{location}", location == null ? "The file" : location);
    }
}
