package framewright.objects;

import framewright.api.Candidate;
import framewright.api.Candidate.Download;
import framewright.api.Candidate.DownloadStatus;
import framewright.api.Candidate.Use;
import framewright.api.Candidate.UseStatus;
import framewright.api.Cause;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.Finding.Attempt;
import framewright.api.Finding.FileFacts;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.ResolvedModule;
import framewright.debugfiles.FileType;
import framewright.fetch.RemoteFile;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the end of a download is told. */
final class Candidates {
    private static final Use MALFORMED = new Use(UseStatus.MALFORMED, null);

    private Candidates() {}

    /** A file that could be had; {@code mismatch} says why it is another module's, null: it is not. */
    static Candidate had(RemoteFile file, ObjectMeta meta, @Nullable String mismatch, Attempt attempt) {
        Cause cause = mismatch == null ? cause(meta) : Cause.ID_MISMATCH;
        String details = mismatch == null ? "" : mismatch;
        Finding finding = Finding.found(cause, details, file.source(), file.location(), attempt, meta.facts());
        return of(
                file,
                mismatch == null
                        ? new Download(DownloadStatus.OK, meta.features(), null)
                        : new Download(DownloadStatus.ERROR, null, mismatch),
                finding);
    }

    /** What a right file lacks. One with source code alone has what it is there for. */
    private static Cause cause(ObjectMeta meta) {
        if (meta.features().hasDebugInfo()) {
            return Cause.FOUND;
        }
        if (meta.features().hasSymbols()) {
            return Cause.NO_DEBUG_INFO;
        }
        return meta.features().hasSources() ? Cause.FOUND : Cause.STRIPPED;
    }

    /** A file that is no debug file and could be had. */
    static Candidate sideFile(RemoteFile file, long bytes, FileType type, Attempt attempt) {
        FileFacts facts = new FileFacts(bytes, null, null, ResolvedModule.UNKNOWN_ARCH, type.wireName(), false);
        return of(
                file,
                new Download(DownloadStatus.OK, Features.NONE, null),
                Finding.found(Cause.FOUND, "", file.source(), file.location(), attempt, facts));
    }

    static Candidate failed(RemoteFile file, Failure failure, Attempt attempt) {
        Download download = switch (failure) {
            case Missing _ -> new Download(DownloadStatus.NOTFOUND, null, null);
            case Malformed _ -> new Download(DownloadStatus.MALFORMED, null, null);
            case Denied(String details) -> new Download(DownloadStatus.NOPERM, null, details);
            default -> new Download(DownloadStatus.ERROR, null, failure.describe());
        };
        boolean unusable = file instanceof RemoteFile.Unusable && !(failure instanceof Missing);
        Cause cause = unusable ? Cause.MISCONFIGURED_SOURCE : Cause.of(failure);
        return of(file, download, Finding.failed(cause, failure, file.source(), file.location(), attempt));
    }

    /** What stands for a source that had no file to try. */
    static Candidate nothingListed(Finding why) {
        Download download = new Download(DownloadStatus.NOTFOUND, null, null);
        return new Candidate(Objects.requireNonNull(why.source()), Candidate.NOTHING_LISTED, download, null, null, why);
    }

    /** A malformed file that was chosen for want of a better one has been of no use. */
    static Candidate malformedUse(Candidate candidate, Purpose purpose) {
        return switch (purpose) {
            case DEBUG -> candidate.withDebug(MALFORMED);
            case UNWIND -> candidate.withUnwind(MALFORMED);
            case SOURCE -> candidate;
        };
    }

    private static Candidate of(RemoteFile file, Download download, Finding finding) {
        return new Candidate(file.source(), file.location(), download, null, null, finding);
    }
}
