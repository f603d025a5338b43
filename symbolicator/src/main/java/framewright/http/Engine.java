package framewright.http;

import framewright.api.Answer;
import framewright.api.CacheQuery;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.JsRequest;
import framewright.api.JvmRequest;
import framewright.api.Outcome;
import framewright.api.Readiness;
import framewright.api.SourceConfig;
import framewright.api.StoredCrash;
import framewright.api.SymbolicateRequest;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.store.DebugFile;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
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

    /** The same for stack traces of the JVM. */
    Answer symbolicate(JvmRequest request, @Nullable String scope) throws InterruptedException;

    /** The same for stack traces of JavaScript, which name one source themselves. */
    Answer symbolicate(JsRequest request, @Nullable String scope) throws InterruptedException;

    /**
     * Takes a crash file in; the caller closes it.
     *
     * @param file read to its end, and not closed
     * @param mostBytes no more than these come; -1: nobody knows
     */
    Outcome<HeldFile> receive(InputStream file, long mostBytes);

    /**
     * Resolves the stacks of a crash file.
     *
     * @param request with its sources filled in
     * @param scope whose private files may be used; null: everybody's
     */
    Answer crash(CrashKind kind, Path file, CrashRequest request, @Nullable String scope) throws InterruptedException;

    /** The same for a file that has to be fetched first. */
    Answer crash(StoredCrash crash, @Nullable String scope) throws InterruptedException;

    /** Finds a file in these sources; the caller closes what was found. */
    Outcome<HeldFile> find(FileType type, ObjectId object, List<SourceConfig> sources) throws InterruptedException;

    /**
     * A module's symbols as Breakpad writes them; the caller closes the file.
     *
     * @param name of the debug file, without folders
     */
    Outcome<HeldFile> breakpadSymbols(ObjectId module, String name, List<SourceConfig> sources)
            throws InterruptedException;

    /** Where the bytes of a section of an ELF file of the store are; the caller closes its file. */
    Outcome<FilePart> section(DebugFile file, String name) throws InterruptedException;

    /** A source file that was uploaded with a module, by a path that the module's debug information names. */
    Outcome<byte[]> source(ObjectId module, String path, List<SourceConfig> sources) throws InterruptedException;

    /** Looks into the disk cache, or cleans it. */
    Answer cache(CacheQuery.Command command, CacheQuery query) throws InterruptedException;

    /** Looks at what the server depends on. */
    Readiness ready() throws InterruptedException;
}
