package framewright.http;

import framewright.database.StorageFailure;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.store.BlobKey;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Digest;
import framewright.store.Store;
import framewright.store.Tenancy;
import io.helidon.http.Header;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Files of the store, as those who ask for single files mean them. */
final class StoredFiles {
    private static final String DEBUG_COMPANION = "dbg";

    private final Store store;

    StoredFiles(Store store) {
        this.store = store;
    }

    /** Those with this code id, best first. */
    List<DebugFile> byCode(Tenancy who, CodeId id) {
        return store.debugFiles().find(who, null, id);
    }

    /** Those with this debug id, best first. */
    List<DebugFile> byDebugId(Tenancy who, DebugId id) {
        return store.debugFiles().find(who, id, null);
    }

    /** Those of any age of a debug id, best first. */
    List<DebugFile> byUuid(Tenancy who, UUID uuid) {
        return store.debugFiles().ofAnyAge(who, uuid);
    }

    /** Which portable PDBs a request is content with. */
    SymbolChecksum checksum(ServerRequest request) {
        return SymbolChecksum.of(request, store);
    }

    /** Whether it has what debuggers look for in a file beside the program. */
    static boolean isDebug(DebugFile file) {
        return file.entry().features().contains("debug") || isCompanion(file);
    }

    /** Whether it is a program or library with its code. */
    static boolean isProgram(DebugFile file) {
        return !isCompanion(file);
    }

    private static boolean isCompanion(DebugFile file) {
        return file.entry().objectKind().equals(DEBUG_COMPANION);
    }

    /**
     * The first of a kind that fits, rather one that is called so: two programs may have one time stamp and size.
     *
     * @param name in any case
     */
    static @Nullable DebugFile first(List<DebugFile> files, String name, Predicate<DebugFile> fits) {
        List<DebugFile> fitting = files.stream().filter(fits).toList();
        return fitting.stream()
                .filter(file -> name(file).equalsIgnoreCase(name))
                .findFirst()
                .orElse(fitting.isEmpty() ? null : fitting.getFirst());
    }

    static Predicate<DebugFile> ofKind(DebugFileKind... kinds) {
        return file -> List.of(kinds).contains(file.entry().kind());
    }

    /** What it is called, without folders. */
    static String name(DebugFile file) {
        String name = file.entry().name();
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    /** Sends one, which is a use of it. */
    FileReply reply(DebugFile file, Header type) {
        store.uses().note(file);
        return reply(type, file.size(), file.digest(), file.created());
    }

    FileReply reply(Header type, long bytes, Digest digest, Instant created) {
        return new FileReply(type, bytes, digest.hex(), created, (offset, length) -> {
            InputStream content = store.blobs().open(BlobKey.content(digest), offset, length);
            if (content == null) {
                throw new StorageFailure(
                        "the store has lost the content of a file; `framewright store verify` tells more");
            }
            return content;
        });
    }

    /** As it can stand in a header: other characters become underscores. */
    static String headerText(String name) {
        return name.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
    }

    /** Names of path parts, with their escapes undone; null where one is broken. */
    static @Nullable List<String> parts(String rawPath) {
        List<String> parts = new ArrayList<>();
        for (String part : rawPath.split("/", -1)) {
            String decoded = ProxyPath.decoded(part);
            if (decoded == null) {
                return null;
            }
            parts.add(decoded);
        }
        return parts;
    }
}
