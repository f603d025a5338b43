package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.JsonIn;
import framewright.api.Outcome;
import framewright.api.ZipFiles;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Store;
import framewright.uploads.Accepted;
import framewright.uploads.Incoming;
import framewright.uploads.Receiver;
import framewright.uploads.Uploads;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** {@code files/dsyms/} and what belongs to it: debug files in a zip, as 2.x sends them (contract, A5 and A8). */
final class DsymsEndpoint {
    private static final long BODY_BYTES = 1 << 20;
    private static final int MAX_CHECKSUMS = 10_000;

    /** What a zip may unpack to, by its own size: debug files shrink to a third, mappings to a tenth. */
    private static final int MAX_RATIO = 100;

    private static final long MIN_UNPACKED_BYTES = 64 << 20;

    private final Store store;
    private final Access access;
    private final Uploads uploads;
    private final long maxFileBytes;
    private final Receiver receiver;

    DsymsEndpoint(Store store, Access access, Uploads uploads, long maxFileBytes) {
        this.store = store;
        this.access = access;
        this.uploads = uploads;
        this.maxFileBytes = maxFileBytes;
        this.receiver = new Receiver(store.blobs());
    }

    /** Keeps what is in the zip, and lists it. The first file that is refused ends the request; those before it stay. */
    void upload(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        MultipartReader parts =
                new MultipartReader(RequestBody.limited(request, maxFileBytes), MultipartReader.boundary(type));
        MultipartReader.Part part;
        while ((part = parts.next()) != null) {
            if ("file".equals(part.name())) {
                Incoming archive = found(receiver.receive(part.content(), "the archive", maxFileBytes, null));
                try (ZipFile zip = ZipFiles.open(archive.file())) {
                    SentryJson.send(response, Status.CREATED_201, keep(path.project(), zip, archive.size()));
                    return;
                } catch (IOException e) {
                    throw SentryJson.refused("the archive cannot be read: " + e.getMessage());
                } finally {
                    archive.discard();
                }
            }
        }
        throw SentryJson.refused("the form has no `file`");
    }

    private ArrayNode keep(Project project, ZipFile zip, long zipBytes) throws IOException, InterruptedException {
        long left = Math.max(MIN_UNPACKED_BYTES, zipBytes * MAX_RATIO);
        List<String> kept = new ArrayList<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            if (entry.isDirectory()) {
                continue;
            }
            Incoming file;
            try (InputStream in = zip.getInputStream(entry)) {
                file = found(receiver.receive(in, entry.getName(), Math.min(left, maxFileBytes), null));
            }
            left -= file.size();
            if (uploads.accept(project, file) instanceof Outcome.Failed<Accepted>(Outcome.Failure failure)) {
                throw SentryJson.refused(failure.describe());
            }
            kept.add(file.sha1());
        }
        List<DebugFile> files = store.debugFiles().ofFiles(project, kept).values().stream()
                .flatMap(List::stream)
                .toList();
        return SentryJson.list(files, SentryJson::debugFile);
    }

    private static Incoming found(Outcome<Incoming> received) {
        return switch (received) {
            case Outcome.Found<Incoming>(Incoming file) -> file;
            case Outcome.Failed<Incoming>(Outcome.Failure failure) -> throw SentryJson.refused(failure.describe());
        };
    }

    /** {@code ?checksums=...}: those of the files that are not here. */
    void unknown(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        List<String> asked = request.query().all("checksums", List::of);
        if (asked.size() > MAX_CHECKSUMS) {
            throw SentryJson.refused("at most " + MAX_CHECKSUMS + " checksums at a time");
        }
        Set<String> missing = new HashSet<>(asked);
        missing.removeAll(store.debugFiles().ofFiles(path.project(), asked).keySet());
        ObjectNode answer = SentryJson.object();
        ArrayNode list = answer.putArray("missing");
        missing.forEach(list::add);
        SentryJson.send(response, Status.OK_200, answer);
    }

    /** {@code proguard-artifact-releases}: which mapping a release was built with. */
    void builtWith(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        Built built = JsonIn.document(RequestBody.limited(request, BODY_BYTES), Built::read);
        DebugId mapping = built.mapping == null ? null : DebugId.parse(built.mapping);
        if (built.release == null || mapping == null) {
            throw SentryJson.refused("`release_name` and `proguard_uuid` are needed");
        }
        if (store.debugFiles()
                .find(Access.tenancy(path.principal()), mapping, null)
                .isEmpty()) {
            throw SentryJson.refused("there is no mapping " + mapping);
        }
        boolean news = store.releases().builtWith(path.project(), built.release, mapping);
        response.status(news ? Status.CREATED_201 : Status.CONFLICT_409).send();
    }

    private record Built(@Nullable String release, @Nullable String mapping) {
        static Built read(JsonIn in) throws IOException {
            String release = null;
            String mapping = null;
            in.object();
            String name;
            while ((name = in.nextField()) != null) {
                switch (name) {
                    case "release_name" -> release = in.text();
                    case "proguard_uuid" -> mapping = in.text();
                    default -> in.skip();
                }
            }
            return new Built(release, mapping);
        }
    }
}
