package framewright.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.JsonIn;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Store;
import framewright.uploads.Assembler;
import framewright.uploads.Assembler.Standing;
import framewright.uploads.Assembler.Wanted;
import framewright.uploads.Notes;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files of chunks: clients say what they have, and hear what is missing or how far it is (contract, A4 and A7). */
final class AssembleEndpoint {
    /** A command names all its files at once: 20,000 with some chunks each are a few MiB. */
    private static final long BODY_BYTES = 64 << 20;

    private final Store store;
    private final Access access;
    private final Assembler assembler;

    AssembleEndpoint(Store store, Access access, Assembler assembler) {
        this.store = store;
        this.access = access;
        this.assembler = assembler;
    }

    void debugFiles(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        List<Wanted> wanted = JsonIn.document(RequestBody.limited(request, BODY_BYTES), AssembleEndpoint::files);
        Map<String, Standing> standings = assembler.debugFiles(path.organization(), path.project(), wanted);
        ObjectNode answer = SentryJson.object();
        wanted.forEach(file -> answer.set(file.sha1(), standing(standings.get(file.sha1()))));
        SentryJson.send(response, Status.OK_200, answer);
    }

    private static List<Wanted> files(JsonIn in) throws IOException {
        List<Wanted> files = new ArrayList<>();
        in.object();
        String sha1;
        while ((sha1 = in.nextField()) != null) {
            if (!ChunkEndpoint.isSha1(sha1)) {
                throw SentryJson.refused("\"" + sha1 + "\" is not a SHA-1 of 40 lower-case digits");
            }
            files.add(BundleBody.read(in, sha1).wanted());
        }
        return files;
    }

    void bundle(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        BundleBody body = JsonIn.document(RequestBody.limited(request, BODY_BYTES), in -> BundleBody.read(in, null));
        if (body.projects().isEmpty()) {
            throw SentryJson.refused("`projects` must name one project at least");
        }
        List<Project> projects = body.projects().stream()
                .map(slug -> ReleaseBody.project(path, slug))
                .toList();
        bundle(path, projects, body, body.version(), response);
    }

    /** As 2.x sends it where it does not know artifact bundles. */
    void bundleOfRelease(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        List<Project> projects = path.release(request, store).projects().stream()
                .filter(path.principal()::reaches)
                .toList();
        BundleBody body = JsonIn.document(RequestBody.limited(request, BODY_BYTES), in -> BundleBody.read(in, null));
        bundle(path, projects, body, SentryPath.part(request, "version"), response);
    }

    private void bundle(
            SentryPath path,
            List<Project> projects,
            BundleBody body,
            @Nullable String version,
            ServerResponse response) {
        Standing standing = assembler.bundle(path.organization(), projects, body.wanted(), version, body.dist());
        SentryJson.send(response, Status.OK_200, standing(standing));
    }

    /** Never {@code created}: a client that hears it at first believes that there is nothing to do. */
    private static ObjectNode standing(@Nullable Standing standing) {
        ObjectNode node = SentryJson.object();
        switch (standing) {
            case Standing.NotFound(var missing) -> {
                node.put("state", "not_found").putNull("detail");
                var list = node.putArray("missingChunks");
                missing.forEach(list::add);
            }
            case Standing.Refused(String detail) ->
                node.put("state", "error").put("detail", detail).putArray("missingChunks");
            case Standing.Done(List<DebugFile> files) -> {
                node.put("state", "ok").put("detail", notes(files)).putArray("missingChunks");
                if (!files.isEmpty()) {
                    node.set("dif", SentryJson.debugFile(files.getFirst()));
                }
            }
            case Standing.Assembling() ->
                node.put("state", "assembling").putNull("detail").putArray("missingChunks");
            case null -> throw new IllegalStateException("a file was asked for and nobody knows how it stands");
        }
        return node;
    }

    private static @Nullable String notes(List<DebugFile> files) {
        List<String> notes =
                files.stream().flatMap(file -> Notes.of(file.entry()).stream()).toList();
        return notes.isEmpty() ? null : String.join("\n", notes);
    }

    /**
     * A file, or a bundle, as clients describe it.
     *
     * @param projects slugs or numbers
     */
    private record BundleBody(
            Wanted wanted,
            List<String> projects,
            @Nullable String version,
            @Nullable String dist) {
        /** @param sha1 where it stands outside of the object; null: it is the member {@code checksum} */
        static BundleBody read(JsonIn in, @Nullable String sha1) throws IOException {
            String checksum = sha1;
            String fileName = null;
            DebugId debugId = null;
            List<String> chunks = List.of();
            List<String> projects = List.of();
            String version = null;
            String dist = null;
            in.object();
            String name;
            while ((name = in.nextField()) != null) {
                switch (name) {
                    case "checksum" -> checksum = in.text();
                    case "name" -> fileName = in.text();
                    case "debug_id" -> debugId = debugId(in);
                    case "chunks" -> chunks = ReleaseBody.scalars(in);
                    case "projects" -> projects = ReleaseBody.scalars(in);
                    case "version" -> version = in.scalar();
                    case "dist" -> dist = in.scalar();
                    default -> in.skip();
                }
            }
            if (checksum == null || !ChunkEndpoint.isSha1(checksum)) {
                throw SentryJson.refused("`checksum` must be a SHA-1 of 40 lower-case digits");
            }
            for (String chunk : chunks) {
                if (!ChunkEndpoint.isSha1(chunk)) {
                    throw SentryJson.refused("\"" + chunk + "\" in `chunks` is not a SHA-1 of 40 lower-case digits");
                }
            }
            return new BundleBody(
                    new Wanted(checksum, fileName == null ? checksum : fileName, debugId, chunks),
                    projects,
                    version,
                    dist);
        }

        private static @Nullable DebugId debugId(JsonIn in) throws IOException {
            String text = in.text();
            if (text == null || text.isEmpty()) {
                return null;
            }
            DebugId id = DebugId.parse(text);
            if (id == null) {
                throw SentryJson.refused("\"" + text + "\" is not a debug id");
            }
            return id;
        }
    }
}
