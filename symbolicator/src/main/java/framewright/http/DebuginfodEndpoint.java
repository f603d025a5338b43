package framewright.http;

import framewright.api.Outcome;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Permission;
import framewright.store.Tenancy;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET} and {@code HEAD /buildid/BUILDID/debuginfo}, {@code executable}, {@code source/PATH} and {@code
 * section/NAME}, as debuginfod(8) answers them. What is not there is an empty 404: clients race several servers.
 */
final class DebuginfodEndpoint implements Handler {
    static final String PREFIX = "/buildid/";

    private static final HeaderName SIZE = HeaderNames.create("X-DEBUGINFOD-SIZE");
    private static final HeaderName FILE = HeaderNames.create("X-DEBUGINFOD-FILE");
    private static final HeaderName MAX_SIZE = HeaderNames.create("X-DEBUGINFOD-MAXSIZE");

    /** No linker makes a shorter one, and none a longer one. */
    private static final Pattern BUILD_ID = Pattern.compile("(?i)(?:[0-9a-f]{2}){4,64}");

    private final Engine engine;
    private final Callers callers;
    private final StoredFiles files;

    DebuginfodEndpoint(Engine engine, Callers callers, StoredFiles files) {
        this.engine = engine;
        this.callers = callers;
        this.files = files;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        Callers.Caller caller = callers.of(request, Permission.READ);
        // the client escapes each part of a path, and folds nothing
        String[] parts = request.path().rawPath().substring(PREFIX.length()).split("/", 3);
        CodeId id = BUILD_ID.matcher(parts[0]).matches() ? CodeId.parse(parts[0]) : null;
        List<DebugFile> all = id == null ? List.of() : elf(caller.tenancy(), id);
        if (id == null || all.isEmpty() || parts.length < 2) {
            Replies.notFound(response);
            return;
        }
        switch (parts[1]) {
            case "debuginfo" -> send(StoredFiles.first(all, "", StoredFiles::isDebug), request, response);
            case "executable" -> send(StoredFiles.first(all, "", StoredFiles::isProgram), request, response);
            case "section" -> section(all, parts.length < 3 ? "" : parts[2], request, response);
            case "source" -> source(caller, all.getFirst(), parts.length < 3 ? "" : parts[2], request, response);
            default -> Replies.notFound(response);
        }
    }

    private List<DebugFile> elf(Tenancy who, CodeId id) {
        return files.byCode(who, id).stream()
                .filter(StoredFiles.ofKind(DebugFileKind.ELF))
                .toList();
    }

    private void send(@Nullable DebugFile file, ServerRequest request, ServerResponse response) throws IOException {
        if (file == null) {
            Replies.notFound(response);
        } else {
            send(files.reply(file, FileReply.BINARY), StoredFiles.name(file), request, response);
        }
    }

    private static void send(FileReply reply, String name, ServerRequest request, ServerResponse response)
            throws IOException {
        String most = request.headers().first(MAX_SIZE).orElse("");
        if (most.matches("\\d{1,18}") && Long.parseLong(most) > 0 && reply.bytes() > Long.parseLong(most)) {
            response.status(Status.NOT_ACCEPTABLE_406)
                    .header(FileReply.TEXT)
                    .send("File too large, max size=" + most + "\n");
            return;
        }
        response.header(SIZE, Long.toString(reply.bytes()));
        response.header(FILE, StoredFiles.headerText(name));
        reply.send(request, response);
    }

    /** Of the file with debug information; what was stripped from that one, of the program. */
    private void section(List<DebugFile> all, String rawName, ServerRequest request, ServerResponse response)
            throws IOException, InterruptedException {
        String name = ProxyPath.decoded(rawName);
        Set<@Nullable DebugFile> holders = new LinkedHashSet<>();
        holders.add(StoredFiles.first(all, "", StoredFiles::isDebug));
        holders.add(StoredFiles.first(all, "", StoredFiles::isProgram));
        for (DebugFile file : holders) {
            if (file != null && name != null && !name.isEmpty()) {
                Outcome<FilePart> found = engine.section(file, name);
                if (found instanceof Outcome.Found<FilePart>(FilePart part)) {
                    try (HeldFile held = part.file()) {
                        FileReply reply = FileReply.part(FileReply.BINARY, held.path(), part.offset(), part.bytes());
                        send(reply, name, request, response);
                    }
                    return;
                }
            }
        }
        Replies.notFound(response);
    }

    private void source(
            Callers.Caller caller, DebugFile file, String rawPath, ServerRequest request, ServerResponse response)
            throws IOException, InterruptedException {
        String path = ProxyPath.decoded(rawPath);
        if (path == null || path.isEmpty()) {
            Replies.notFound(response);
            return;
        }
        DebugFile.Entry entry = file.entry();
        ObjectId module =
                new ObjectId(ObjectType.ELF, entry.codeId(), entry.name(), entry.debugId(), entry.name(), null);
        for (String named : List.of("/" + path, canonical(path))) {
            if (engine.source(module, named, caller.store()) instanceof Outcome.Found<byte[]>(byte[] text)) {
                FileReply reply = new FileReply(FileReply.BINARY, text.length, null, file.created(), (offset, _) -> {
                    ByteArrayInputStream in = new ByteArrayInputStream(text);
                    in.skipNBytes(offset);
                    return in;
                });
                send(reply, named.substring(named.lastIndexOf('/') + 1), request, response);
                return;
            }
        }
        Replies.notFound(response);
    }

    /** Without empty parts and those that lead nowhere or up; RFC 3986, 5.2.4. */
    private static String canonical(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }
}
