package framewright.http;

import framewright.api.Answer;
import framewright.api.CacheQuery;
import framewright.api.JsRequest;
import framewright.api.Outcome;
import framewright.api.Readiness;
import framewright.api.SymbolicateRequest;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import org.jspecify.annotations.Nullable;

/** What the endpoints ask of the rest of the server. */
public interface Engine {
    /**
     * Resolves native stack traces.
     *
     * @param request with its sources filled in
     * @param scope whose private files may be used; null: everybody's
     */
    Answer symbolicate(SymbolicateRequest request, @Nullable String scope) throws InterruptedException;

    /**
     * Resolves stack traces of JavaScript.
     *
     * @param scope whose private files may be used; null: everybody's
     */
    Answer symbolicate(JsRequest request, @Nullable String scope) throws InterruptedException;

    /** Finds a file in the configured sources; the caller closes what was found. */
    Outcome<HeldFile> find(FileType type, ObjectId object) throws InterruptedException;

    /** Looks into the disk cache, or cleans it. */
    Answer cache(CacheQuery.Command command, CacheQuery query);

    /** Looks at what the server depends on. */
    Readiness ready();
}
