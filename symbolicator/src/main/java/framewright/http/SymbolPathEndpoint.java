package framewright.http;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.debugfiles.SymstorePath;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Permission;
import framewright.store.Tenancy;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET} and {@code HEAD /NAME/ID/FILE}, also below {@code /try}, as stack walkers and debuggers ask for symbols:
 * {@code .sym} files of Breakpad, which are made where nobody uploaded them, and the files of a symstore or of SSQP. It
 * answers every path that nobody else does; what is not there is an empty 404, since misses are most of what is asked.
 */
final class SymbolPathEndpoint implements Handler {
    private static final String SYM = ".sym";
    private static final String PDB = ".pdb";

    /** Portable PDBs are asked for with this age, whatever theirs is. */
    private static final int ANY_AGE = -1;

    /** Debug ids have an age behind 32 digits; code ids of PE files are shorter. */
    private static final int MIN_BREAKPAD_ID = 33;

    private final Engine engine;
    private final Callers callers;
    private final StoredFiles files;

    SymbolPathEndpoint(Engine engine, Callers callers, StoredFiles files) {
        this.engine = engine;
        this.callers = callers;
        this.files = files;
    }

    /** @param name of the module or its debug file */
    private record Path(String name, String id, String file) {
        static @Nullable Path parse(String rawPath) {
            List<String> parts = StoredFiles.parts(rawPath.replaceFirst("^/+", ""));
            if (parts != null && parts.size() == 4 && parts.getFirst().equals("try")) {
                parts = parts.subList(1, 4);
            }
            return parts == null || parts.size() != 3 || parts.contains("")
                    ? null
                    : new Path(parts.get(0), parts.get(1), parts.get(2));
        }

        boolean isBreakpads() {
            return endsWith(file, SYM) && !file.equalsIgnoreCase(name);
        }
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        Method method = request.prologue().method();
        Path path = Path.parse(request.path().rawPath());
        if (path == null) {
            Replies.notFound(response);
        } else if (!method.equals(Method.GET) && !method.equals(Method.HEAD)) {
            Replies.notAllowed(request, response, "GET, HEAD");
        } else if (path.isBreakpads()) {
            breakpad(path, callers.of(request, Permission.READ), request, response);
        } else {
            SymstorePath asked = SymstorePath.parse(path.name + "/" + path.id + "/" + path.file);
            DebugFile file = asked == null
                    ? null
                    : symstore(
                            asked,
                            path.name,
                            callers.of(request, Permission.READ).tenancy(),
                            files.checksum(request));
            if (file == null) {
                Replies.notFound(response);
            } else {
                files.reply(file, FileReply.BINARY).send(request, response);
            }
        }
    }

    // ---- symstore and SSQP

    private @Nullable DebugFile symstore(SymstorePath asked, String name, Tenancy who, SymbolChecksum checksum) {
        DebugId debugId = asked.id().debugId();
        CodeId codeId = asked.id().codeId();
        if (debugId != null) {
            List<DebugFile> all = debugId.appendix() == ANY_AGE
                    ? files.byUuid(who, debugId.uuid()).stream()
                            .filter(StoredFiles.ofKind(DebugFileKind.PORTABLEPDB))
                            .toList()
                    : files.byDebugId(who, debugId);
            return StoredFiles.first(
                    all,
                    name,
                    StoredFiles.ofKind(DebugFileKind.PDB, DebugFileKind.PORTABLEPDB)
                            .and(checksum::allows));
        }
        if (codeId == null) {
            return null;
        }
        List<DebugFile> all = files.byCode(who, codeId);
        return switch (asked.type()) {
            case PE -> StoredFiles.first(all, name, StoredFiles.ofKind(DebugFileKind.PE));
            case ELF_DEBUG ->
                StoredFiles.first(
                        all, name, StoredFiles.ofKind(DebugFileKind.ELF).and(StoredFiles::isDebug));
            case ELF_CODE ->
                StoredFiles.first(
                        all, name, StoredFiles.ofKind(DebugFileKind.ELF).and(StoredFiles::isProgram));
            case MACH_DEBUG ->
                StoredFiles.first(
                        all, name, StoredFiles.ofKind(DebugFileKind.MACHO).and(StoredFiles::isDebug));
            case MACH_CODE ->
                StoredFiles.first(
                        all, name, StoredFiles.ofKind(DebugFileKind.MACHO).and(StoredFiles::isProgram));
            default -> null;
        };
    }

    // ---- Breakpad

    private void breakpad(Path path, Callers.Caller caller, ServerRequest request, ServerResponse response)
            throws IOException, InterruptedException {
        Tenancy who = caller.tenancy();
        DebugId debugId = path.id.length() < MIN_BREAKPAD_ID ? null : DebugId.parse(path.id);
        List<DebugFile> all = debugId == null ? List.of() : files.byDebugId(who, debugId);
        DebugFile made = StoredFiles.first(all, path.name, StoredFiles.ofKind(DebugFileKind.BREAKPAD));
        DebugFile source = StoredFiles.first(
                all,
                path.name,
                StoredFiles.ofKind(DebugFileKind.ELF, DebugFileKind.MACHO, DebugFileKind.PE, DebugFileKind.PDB));
        if (made != null) {
            files.reply(made, FileReply.TEXT).send(request, response);
        } else if (source != null && debugId != null) {
            make(source, debugId, caller, request, response);
        } else {
            redirect(path, who, request, response);
        }
    }

    private void make(
            DebugFile source, DebugId debugId, Callers.Caller caller, ServerRequest request, ServerResponse response)
            throws IOException, InterruptedException {
        String name = StoredFiles.name(source);
        ObjectType type = switch (source.entry().kind()) {
            case ELF -> ObjectType.ELF;
            case MACHO -> ObjectType.MACHO;
            default -> ObjectType.PE;
        };
        ObjectId module = new ObjectId(type, source.entry().codeId(), name, debugId, name, null);
        switch (engine.breakpadSymbols(module, name, caller.store())) {
            case Found<HeldFile>(HeldFile symbols) -> {
                try (symbols) {
                    FileReply.of(FileReply.TEXT, symbols.path()).send(request, response);
                }
            }
            case Failed<HeldFile>(Outcome.Unreachable why) ->
                throw new ProblemException(Status.SERVICE_UNAVAILABLE_503, why.describe());
            case Failed<HeldFile>(Failure _) -> Replies.notFound(response);
        }
    }

    /** A module without debug information names itself: by its code id, its debug file is found. */
    private void redirect(Path path, Tenancy who, ServerRequest request, ServerResponse response) {
        CodeId codeId = CodeId.parse(path.id);
        DebugFile module = codeId == null
                ? null
                : StoredFiles.first(
                        files.byCode(who, codeId),
                        path.name,
                        file -> file.entry().debugId() != null);
        DebugId debugId = module == null ? null : module.entry().debugId();
        if (module == null || debugId == null) {
            Replies.notFound(response);
            return;
        }
        DebugFile debugFile = StoredFiles.first(
                files.byDebugId(who, debugId),
                path.name,
                StoredFiles.ofKind(DebugFileKind.PDB, DebugFileKind.BREAKPAD));
        String name = debugFileName(debugFile == null ? module : debugFile);
        String query = request.query().isEmpty() ? "" : "?" + request.query().rawValue();
        response.status(Status.FOUND_302)
                .header(
                        HeaderNames.LOCATION,
                        "/" + escaped(name) + "/" + debugId.breakpad() + "/" + escaped(symName(name)) + query)
                .send();
    }

    private static String debugFileName(DebugFile file) {
        String name = StoredFiles.name(file);
        if (file.entry().kind() == DebugFileKind.PE) {
            int dot = name.lastIndexOf('.');
            return (dot < 0 ? name : name.substring(0, dot)) + PDB;
        }
        return endsWith(name, SYM) ? name.substring(0, name.length() - SYM.length()) : name;
    }

    private static String symName(String debugFile) {
        return (endsWith(debugFile, PDB) ? debugFile.substring(0, debugFile.length() - PDB.length()) : debugFile) + SYM;
    }

    private static boolean endsWith(String name, String suffix) {
        return name.toLowerCase(Locale.ROOT).endsWith(suffix);
    }

    private static String escaped(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
