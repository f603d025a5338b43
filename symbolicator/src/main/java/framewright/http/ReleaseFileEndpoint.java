package framewright.http;

import framewright.api.Outcome;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Quotas;
import framewright.store.Release;
import framewright.store.ReleaseFile;
import framewright.store.Store;
import framewright.uploads.Incoming;
import framewright.uploads.Receiver;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code releases/{version}/files/}: single files of a release, as 2.x sends them to servers without bundles. */
final class ReleaseFileEndpoint {
    private static final int MAX_FIELD_BYTES = 16 << 10;
    private static final int MAX_HEADERS = 50;
    private static final int MOST = 100_000;

    private final Store store;
    private final Access access;
    private final long maxFileBytes;
    private final Receiver receiver;

    ReleaseFileEndpoint(Store store, Access access, long maxFileBytes) {
        this.store = store;
        this.access = access;
        this.maxFileBytes = maxFileBytes;
        this.receiver = new Receiver(store.blobs());
    }

    void list(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.READ);
        Release release = path.release(request, store);
        List<ReleaseFile> files = path.projects().stream()
                .flatMap(project -> store.releaseFiles().list(release, project, 0, MOST).stream())
                .toList();
        SentryPages.send(request, response, files, SentryJson::releaseFile);
    }

    void upload(ServerRequest request, ServerResponse response) throws IOException {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        Release release = path.release(request, store);
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        try (Fields form = new Fields()) {
            form.read(new MultipartReader(RequestBody.limited(request, maxFileBytes), MultipartReader.boundary(type)));
            Incoming file = form.file;
            if (file == null) {
                throw SentryJson.refused("the form has no `file`");
            }
            store.keep(file.file(), file.digest(), file.sha1(), file.size());
            ReleaseFile kept = null;
            for (Project project : path.projects()) {
                Quotas.Refusal full = store.quotas().refusal(project, file.digest(), file.size());
                if (full != null) {
                    throw SentryJson.refused(form.name() + ": " + full.describe());
                }
                kept = store.releaseFiles().put(release, project, form.dist, form.name(), form.headers, file.digest());
            }
            if (kept == null) {
                throw SentryJson.refused("the token reaches no project");
            }
            SentryJson.send(response, Status.CREATED_201, SentryJson.releaseFile(kept));
        }
    }

    void delete(ServerRequest request, ServerResponse response) {
        SentryPath path = SentryPath.of(request, store, access, Permission.UPLOAD);
        Release release = path.release(request, store);
        String key = SentryPath.part(request, "file");
        boolean deleted = key.matches("\\d{1,18}")
                && path.projects().stream()
                        .anyMatch(project -> store.releaseFiles().delete(release, project, Long.parseLong(key)));
        response.status(deleted ? Status.NO_CONTENT_204 : Status.NOT_FOUND_404).send();
    }

    /** The form that a file comes in. */
    private final class Fields implements AutoCloseable {
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String dist = "";
        private @Nullable String name;
        private @Nullable Incoming file;

        void read(MultipartReader parts) throws IOException {
            MultipartReader.Part part;
            while ((part = parts.next()) != null) {
                String field = part.name() == null ? "" : part.name();
                switch (field) {
                    case "file" -> file(part);
                    case "name" -> name = text(part);
                    case "dist" -> dist = text(part);
                    case "header" -> header(text(part));
                    default -> {
                        // what it is for, nobody knows
                    }
                }
            }
        }

        private void file(MultipartReader.Part part) throws IOException {
            close();
            String filename = part.filename() == null ? "" : part.filename();
            file = switch (receiver.receive(part.content(), filename, maxFileBytes, null)) {
                case Outcome.Found<Incoming>(Incoming received) -> received;
                case Outcome.Failed<Incoming>(Outcome.Failure failure) -> throw SentryJson.refused(failure.describe());
            };
        }

        private String text(MultipartReader.Part part) throws IOException {
            byte[] bytes = part.content().readNBytes(MAX_FIELD_BYTES + 1);
            if (bytes.length > MAX_FIELD_BYTES) {
                throw SentryJson.refused("a field of the form is longer than " + MAX_FIELD_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private void header(String line) {
            int colon = line.indexOf(':');
            if (colon > 0 && headers.size() < MAX_HEADERS && line.lines().count() == 1) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }

        String name() {
            String filename = file == null ? "" : file.name();
            return name == null ? filename : name;
        }

        @Override
        public void close() {
            if (file != null) {
                file.discard();
                file = null;
            }
        }
    }
}
