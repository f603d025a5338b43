package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.PathPattern;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.DebugFiles;
import framewright.store.Permission;
import framewright.store.Tenancy;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metadata?key=file&value=NAME} and {@code key=glob&value=PATTERN}: the build ids of the files that were sent with
 * such a name (contract, C1). A file that {@code /buildid} gives as both is told of as both.
 */
final class MetadataEndpoint implements Handler {
    static final String PATH = "/metadata";

    private static final int MOST_RESULTS = 1_000;

    /** A pattern is held against the names of so many files, the newest; no index knows patterns. */
    private static final int MOST_LOOKED_AT = 100_000;

    private static final int PAGE = 1_000;

    private final Callers callers;
    private final DebugFiles files;

    MetadataEndpoint(Callers callers, DebugFiles files) {
        this.callers = callers;
        this.files = files;
    }

    private record Result(String type, CodeId buildId, String file) {}

    /** @param complete whether there is nothing else of the kind */
    private record Found(List<DebugFile> files, boolean complete) {}

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Tenancy who = callers.of(request, Permission.READ).tenancy();
        String value = QueryParams.single(request.query(), "value");
        if (value == null || value.isEmpty()) {
            throw refused("the query needs a value: the name of a file, or a pattern of names");
        }
        Found found = switch (QueryParams.single(request.query(), "key")) {
            case "file" -> named(who, value);
            case "glob" -> matching(who, pattern(value));
            case null, default -> throw refused("key in the query must be file or glob");
        };
        Set<Result> results = new LinkedHashSet<>();
        found.files.forEach(file -> add(file, results));
        var body = SentryJson.object();
        ArrayNode list = body.putArray("results");
        results.stream()
                .limit(MOST_RESULTS)
                .forEach(result -> list.addObject()
                        .put("type", result.type)
                        .put("buildid", result.buildId.hex())
                        .put("file", result.file));
        body.put("complete", found.complete && results.size() <= MOST_RESULTS);
        SentryJson.send(response, Status.OK_200, body);
    }

    private static ProblemException refused(String problem) {
        return new ProblemException(Status.BAD_REQUEST_400, problem);
    }

    /** Debuginfod's patterns are those of SQLite, where a set is negated by another sign and stars in a row are one. */
    private static PathPattern pattern(String glob) {
        PathPattern pattern = PathPattern.of(glob.replaceAll("\\*+", "*").replace("[^", "[!"));
        if (pattern == null) {
            throw refused("value in the query is no pattern of `*`, `?` and `[a-z]`, or is too long");
        }
        return pattern;
    }

    private Found named(Tenancy who, String name) {
        List<DebugFile> named = files.named(who, name, MOST_RESULTS + 1);
        return new Found(named, named.size() <= MOST_RESULTS);
    }

    private Found matching(Tenancy who, PathPattern pattern) {
        List<DebugFile> matching = new ArrayList<>();
        long before = Long.MAX_VALUE;
        for (int looked = 0; looked < MOST_LOOKED_AT && matching.size() <= MOST_RESULTS; looked += PAGE) {
            List<DebugFile> page = files.newest(who, before, PAGE);
            page.stream()
                    .filter(file -> pattern.matches(file.entry().name()))
                    .filter(file -> buildId(file) != null)
                    .forEach(matching::add);
            if (page.size() < PAGE) {
                return new Found(matching, true);
            }
            before = page.getLast().id();
        }
        return new Found(matching, false);
    }

    private static @Nullable CodeId buildId(DebugFile file) {
        return file.entry().kind() == DebugFileKind.ELF ? file.entry().codeId() : null;
    }

    private static void add(DebugFile file, Set<Result> results) {
        CodeId buildId = buildId(file);
        if (buildId == null) {
            return;
        }
        if (StoredFiles.isDebug(file)) {
            results.add(new Result("debuginfo", buildId, file.entry().name()));
        }
        if (StoredFiles.isProgram(file)) {
            results.add(new Result("executable", buildId, file.entry().name()));
        }
    }
}
