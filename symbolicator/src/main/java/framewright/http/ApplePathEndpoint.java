package framewright.http;

import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Permission;
import framewright.store.Tenancy;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET} and {@code HEAD /uuid/XXXX/XXXX/XXXX/XXXX/XXXX/XXXXXXXXXXXX}, the tree of file-mapped UUIDs in which
 * debuggers of Apple look for a file with debug information; with {@code .app} behind it the program (contract, E3).
 */
final class ApplePathEndpoint implements Handler {
    static final String PREFIX = "/uuid/";

    private static final Pattern PATH = Pattern.compile("((?:[0-9A-Fa-f]{4}/){5}[0-9A-Fa-f]{12})(\\.app)?");

    private final Callers callers;
    private final StoredFiles files;

    ApplePathEndpoint(Callers callers, StoredFiles files) {
        this.callers = callers;
        this.files = files;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        Matcher path = PATH.matcher(request.path().rawPath().substring(PREFIX.length()));
        DebugId id = path.matches() ? DebugId.parse(path.group(1).replace("/", "")) : null;
        DebugFile file = id == null
                ? null
                : file(
                        id,
                        path.group(2) != null,
                        callers.of(request, Permission.READ).tenancy());
        if (file == null) {
            Replies.notFound(response);
        } else {
            files.reply(file, FileReply.BINARY).send(request, response);
        }
    }

    private @Nullable DebugFile file(DebugId id, boolean program, Tenancy who) {
        Predicate<DebugFile> wanted = program ? StoredFiles::isProgram : StoredFiles::isDebug;
        return StoredFiles.first(
                files.byDebugId(who, id),
                "",
                StoredFiles.ofKind(DebugFileKind.MACHO).and(wanted));
    }
}
