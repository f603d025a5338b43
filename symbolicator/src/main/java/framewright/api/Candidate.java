package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * One object file that was considered for a module, and how that ended.
 *
 * @param source id of the source
 * @param location URI, or {@link #NOTHING_LISTED}
 * @param download how fetching it ended
 * @param unwind whether it could be used to walk stacks; null where nobody tried
 * @param debug whether it could be used to resolve frames; null where nobody tried
 * @param finding why it is as it is
 */
public record Candidate(
        String source,
        String location,
        Download download,
        @Nullable Use unwind,
        @Nullable Use debug,
        Finding finding) {
    /** The location of a source that had no file to try. */
    public static final String NOTHING_LISTED = "No object files listed on this source";

    /** @param details a sentence, for {@code noperm} and {@code error} */
    public record Download(
            DownloadStatus status,
            @Nullable Features features,
            @Nullable String details) {}

    public enum DownloadStatus {
        OK,
        MALFORMED,
        NOPERM,
        NOTFOUND,
        ERROR
    }

    /** @param details a sentence, for {@code error} */
    public record Use(UseStatus status, @Nullable String details) {}

    public enum UseStatus {
        OK,
        MALFORMED,
        ERROR
    }

    public Candidate withDebug(Use use) {
        return new Candidate(source, location, download, unwind, use, finding);
    }

    public Candidate withUnwind(Use use) {
        return new Candidate(source, location, download, use, debug, finding);
    }

    public Candidate withFinding(Finding other) {
        return new Candidate(source, location, download, unwind, debug, other);
    }
}
