package framewright.http;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Project;
import framewright.store.Store;
import framewright.store.Tenancy;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET .../files/dsyms/}: which debug files there are, and with {@code id} one of them, as Sentry answers its own
 * symbolicator (contract, B1 and B2).
 */
final class DebugFileList implements Handler {
    /** Symbolicator reads no further page, and takes twenty rows for a sign that there are more. */
    private static final int MOST_ROWS = 19;

    private static final int PAGE = 20;
    private static final String SYMBOLICATOR = "symbolicator/";

    private static final Map<DebugFileKind, String> EXTENSIONS = Map.of(
            DebugFileKind.PE, ".dll",
            DebugFileKind.PDB, ".pdb",
            DebugFileKind.PORTABLEPDB, ".pdb",
            DebugFileKind.MACHO, ".dSYM",
            DebugFileKind.ELF, ".debug",
            DebugFileKind.WASM, ".wasm",
            DebugFileKind.BREAKPAD, ".sym",
            DebugFileKind.SOURCEBUNDLE, ".src.zip",
            DebugFileKind.UUIDMAP, ".plist",
            DebugFileKind.BCSYMBOLMAP, ".bcsymbolmap");

    private final Callers callers;
    private final Store store;
    private final StoredFiles files;

    DebugFileList(Callers callers, Store store) {
        this.callers = callers;
        this.store = store;
        this.files = new StoredFiles(store);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        Project project = UpstreamRoutes.project(callers, request);
        String id = QueryParams.single(request.query(), "id");
        if (id != null) {
            download(id, project, request, response);
            return;
        }
        boolean peer =
                request.headers().first(HeaderNames.USER_AGENT).orElse("").startsWith(SYMBOLICATOR);
        Page page = page(request.query(), project);
        if (!peer) {
            response.header(HeaderNames.LINK, link(request, page));
        }
        List<DebugFile> shown =
                page.files.stream().limit(peer ? MOST_ROWS : Long.MAX_VALUE).toList();
        SentryJson.send(response, Status.OK_200, SentryJson.list(shown, SentryJson::debugFile));
    }

    // ---- which

    /** @param next where the next page begins; 0: there is none */
    private record Page(List<DebugFile> files, long next) {}

    /** A debug id outweighs a code id, and both what else is asked. */
    private Page page(UriQuery query, Project project) {
        Tenancy who = project.tenancy();
        String debugId = QueryParams.single(query, "debug_id");
        String codeId = QueryParams.single(query, "code_id");
        if (debugId != null && !debugId.isEmpty()) {
            DebugId parsed = DebugId.parse(debugId);
            return whole(query, parsed == null ? List.of() : newestFirst(files.byDebugId(who, parsed), project));
        }
        if (codeId != null && !codeId.isEmpty()) {
            CodeId parsed = CodeId.parse(codeId);
            return whole(query, parsed == null ? List.of() : newestFirst(files.byCode(who, parsed), project));
        }
        String text = QueryParams.single(query, "query");
        List<DebugFile> all = store.debugFiles().list(project, text == null ? "" : text, cursor(query), PAGE + 1);
        List<DebugFile> shown = all.size() > PAGE ? all.subList(0, PAGE) : all;
        return new Page(
                ofFormats(query, shown), all.size() > PAGE ? shown.getLast().id() : 0);
    }

    private static Page whole(UriQuery query, List<DebugFile> files) {
        return new Page(ofFormats(query, files), 0);
    }

    private static List<DebugFile> ofFormats(UriQuery query, List<DebugFile> files) {
        List<String> formats = query.all("file_formats", List::of);
        return files.stream()
                .filter(file -> formats.isEmpty()
                        || formats.contains(file.entry().kind().wireName()))
                .toList();
    }

    /** The project's own before the others'; of those that are for the same use only the newest. */
    private static List<DebugFile> newestFirst(List<DebugFile> files, Project project) {
        record Use(@Nullable DebugId debugId, @Nullable CodeId codeId, DebugFileKind kind, Set<String> features) {}
        Set<Use> seen = new HashSet<>();
        return files.stream()
                .sorted(Comparator.comparing((DebugFile file) -> file.project() != project.id())
                        .thenComparing(DebugFile::id, Comparator.reverseOrder()))
                .filter(file -> {
                    DebugFile.Entry entry = file.entry();
                    return seen.add(new Use(entry.debugId(), entry.codeId(), entry.kind(), entry.features()));
                })
                .toList();
    }

    /** Sentry's form is {@code 0:offset:0}; here the number is the last one's key. */
    private static long cursor(UriQuery query) {
        String cursor = QueryParams.single(query, "cursor");
        return cursor != null && cursor.matches("\\d{1,18}") ? Long.parseLong(cursor) : Long.MAX_VALUE;
    }

    private static String link(ServerRequest request, Page page) {
        StringBuilder url =
                new StringBuilder(PublicUrl.of(request)).append("?cursor=").append(page.next);
        for (String name : new TreeSet<>(request.query().names())) {
            if (!name.equals("cursor")) {
                request.query()
                        .all(name, List::of)
                        .forEach(value -> url.append('&')
                                .append(escaped(name))
                                .append('=')
                                .append(escaped(value)));
            }
        }
        return "<" + url + ">; rel=\"next\"; results=\"" + (page.next > 0) + "\"; cursor=\"" + page.next + "\"";
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    // ---- one

    private void download(String id, Project project, ServerRequest request, ServerResponse response)
            throws IOException {
        DebugFile file = id.matches("\\d{1,18}") ? store.debugFiles().get(project.tenancy(), Long.parseLong(id)) : null;
        if (file == null) {
            throw new ProblemException(Status.NOT_FOUND_404, "there is no debug file " + id);
        }
        DebugFile.Entry entry = file.entry();
        Object known = entry.debugId() == null ? entry.codeId() : entry.debugId();
        String name = known + EXTENSIONS.getOrDefault(entry.kind(), "").toLowerCase(Locale.ROOT);
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
        files.reply(file, FileReply.BINARY).send(request, response);
    }
}
