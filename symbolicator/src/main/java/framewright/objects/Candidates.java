package framewright.objects;

import framewright.api.Candidate;
import framewright.api.Candidate.Download;
import framewright.api.Candidate.DownloadStatus;
import framewright.api.Candidate.Use;
import framewright.api.Candidate.UseStatus;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.fetch.RemoteFile;

/** How the end of a download is told. */
final class Candidates {
    private static final Use MALFORMED = new Use(UseStatus.MALFORMED, null);

    private Candidates() {}

    static Candidate ok(RemoteFile file, ObjectMeta meta) {
        return of(file, new Download(DownloadStatus.OK, meta.features(), null));
    }

    static Candidate wrongId(RemoteFile file, String mismatch) {
        return of(file, new Download(DownloadStatus.ERROR, null, mismatch));
    }

    static Candidate failed(RemoteFile file, Failure failure) {
        Download download = switch (failure) {
            case Missing() -> new Download(DownloadStatus.NOTFOUND, null, null);
            case Malformed _ -> new Download(DownloadStatus.MALFORMED, null, null);
            case Denied(String details) -> new Download(DownloadStatus.NOPERM, null, details);
            default -> new Download(DownloadStatus.ERROR, null, failure.describe());
        };
        return of(file, download);
    }

    /** What stands for a source that had no file to try. */
    static Candidate nothingListed(String source) {
        Download download = new Download(DownloadStatus.NOTFOUND, null, null);
        return new Candidate(source, Candidate.NOTHING_LISTED, download, null, null);
    }

    /** A malformed file that was chosen for want of a better one has been of no use. */
    static Candidate malformedUse(Candidate candidate, Purpose purpose) {
        return switch (purpose) {
            case DEBUG -> candidate.withDebug(MALFORMED);
            case UNWIND -> candidate.withUnwind(MALFORMED);
            case SOURCE -> candidate;
        };
    }

    private static Candidate of(RemoteFile file, Download download) {
        return new Candidate(file.source(), file.location(), download, null, null);
    }
}
