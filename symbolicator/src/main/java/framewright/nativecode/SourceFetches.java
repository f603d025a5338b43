package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Candidate.Download;
import framewright.api.Candidate.DownloadStatus;
import framewright.api.Cause;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.cache.Scope;
import framewright.fetch.WebUrl;
import framewright.objects.Parallel;
import framewright.objects.StoredSources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Gets source files that are not within the module's own files. */
final class SourceFetches {
    private static final Features SOURCES_ONLY = new Features(false, false, false, true, null);

    private static final String SOURCE_LINK = "sourcelink";

    /** How many files of a request are fetched at a time. */
    private static final int PARALLEL_FETCHES = 16;

    private final SourceTexts texts;

    SourceFetches(SourceTexts texts) {
        this.texts = texts;
    }

    /** Where a file is to be had. */
    sealed interface Way {}

    /**
     * On the web, where the debug file links to.
     *
     * @param scope whose copy of the file it becomes
     * @param verify whether the host must have a valid certificate
     */
    record Link(WebUrl url, Map<String, String> headers, Scope scope, boolean verify) implements Way {}

    /** At sources that may keep it, of which the first that has it counts. */
    record Kept(List<StoredSources.Stored> places) implements Way {}

    /**
     * What came of one way.
     *
     * @param text null where nothing did
     * @param candidates each place that was asked
     */
    record Fetched(Way way, @Nullable SourceText text, List<Candidate> candidates) {}

    /** In the order of the ways. */
    List<Fetched> fetch(Collection<Way> ways) throws InterruptedException {
        Semaphore turns = new Semaphore(PARALLEL_FETCHES);
        List<Callable<Fetched>> fetches = new ArrayList<>();
        for (Way way : ways) {
            fetches.add(() -> {
                turns.acquire();
                try {
                    return fetch(way);
                } finally {
                    turns.release();
                }
            });
        }
        return Parallel.all(fetches);
    }

    private Fetched fetch(Way way) throws InterruptedException {
        List<Candidate> candidates = new ArrayList<>();
        SourceText text = null;
        switch (way) {
            case Link link -> {
                Outcome<KnownSource> outcome = texts.onTheWeb(link.url, link.headers, link.scope, link.verify);
                text = text(outcome);
                candidates.add(candidate(SOURCE_LINK, link.url.toString(), outcome));
            }
            case Kept kept -> {
                for (StoredSources.Stored place : kept.places) {
                    Outcome<KnownSource> outcome = texts.stored(place);
                    text = text(outcome);
                    candidates.add(candidate(place.file().source(), place.file().location(), outcome));
                    if (text != null) {
                        break;
                    }
                }
            }
        }
        return new Fetched(way, text, candidates);
    }

    private static @Nullable SourceText text(Outcome<KnownSource> outcome) {
        return outcome instanceof Found<KnownSource>(KnownSource source) ? source.text() : null;
    }

    private static Candidate candidate(String source, String location, Outcome<KnownSource> outcome) {
        Finding finding = switch (outcome) {
            case Found<KnownSource> _ ->
                new Finding(Cause.FOUND, source, location, "", 0, "", Finding.Attempt.NONE, null);
            case Failed<KnownSource>(Failure failure) ->
                Finding.failed(failure, source, location, Finding.Attempt.NONE);
        };
        return new Candidate(source, location, download(outcome), null, null, finding);
    }

    private static Download download(Outcome<KnownSource> outcome) {
        return switch (outcome) {
            case Found<KnownSource> _ -> new Download(DownloadStatus.OK, SOURCES_ONLY, null);
            case Failed<KnownSource>(Failure failure) ->
                switch (failure) {
                    case Missing _ -> new Download(DownloadStatus.NOTFOUND, null, null);
                    case Denied _ -> new Download(DownloadStatus.NOPERM, null, failure.describe());
                    case Malformed _ -> new Download(DownloadStatus.MALFORMED, null, null);
                    default -> new Download(DownloadStatus.ERROR, null, failure.describe());
                };
        };
    }
}
