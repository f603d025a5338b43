package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.uploads.Intake;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /upload/}: a form with a zip of symbols, as clients of Tecken send it (contract, D6). The field's name is
 * the file's.
 */
final class TeckenUploadEndpoint implements Handler {
    /** Lists of what a build has, which its tools add. */
    private static final Pattern PASSED_OVER = Pattern.compile("[^/]*-symbols\\.txt");

    private static final String NO_FILE = "Must be multipart form data with at least one file";

    private final StoreServices services;
    private final Access access;

    TeckenUploadEndpoint(StoreServices services, Access access) {
        this.services = services;
        this.access = access;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        try {
            Intake.Target target = UploadTarget.of(request, services.store(), access);
            Sent sent = read(request, target);
            SentryJson.send(response, Status.CREATED_201, answer(sent));
        } catch (ProblemException e) {
            // clients print the member `error`, and know no 401
            Status status = e.problem().status().equals(Status.UNAUTHORIZED_401)
                    ? Status.FORBIDDEN_403
                    : e.problem().status();
            SentryJson.send(
                    response,
                    status,
                    SentryJson.object().put("error", e.problem().detail()));
        }
    }

    private record Sent(String name, Intake.Taken taken) {}

    private Sent read(ServerRequest request, Intake.Target target) throws IOException, InterruptedException {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw SentryJson.refused(NO_FILE);
        }
        MultipartReader parts = new MultipartReader(
                RequestBody.limited(request, services.maxFileBytes()), MultipartReader.boundary(type));
        for (MultipartReader.Part part; (part = parts.next()) != null; ) {
            if (part.filename() != null) {
                String name = zipName(part);
                Intake.Taken taken = services.intake().take(target, part.content(), name, Intake.VERDICT);
                List<Intake.Refused> refused = taken.refused().stream()
                        .filter(file -> !PASSED_OVER.matcher(file.name()).matches())
                        .toList();
                if (!refused.isEmpty()) {
                    Intake.Refused first = refused.getFirst();
                    throw SentryJson.refused(
                            first.name().equals(name)
                                    ? "File is not a zip file: " + first.reason()
                                    : "Unrecognized file pattern. " + first.name() + ": " + first.reason());
                }
                return new Sent(name, taken);
            }
        }
        throw SentryJson.refused(NO_FILE);
    }

    private static String zipName(MultipartReader.Part part) {
        String name = name(part.name(), part.filename());
        if (!name.toLowerCase(Locale.ROOT).endsWith(".zip")) {
            String extension = name.substring(Math.max(0, name.lastIndexOf('.')));
            throw SentryJson.refused("Unrecognized archive file extension \"" + extension + "\"");
        }
        return name;
    }

    private static String name(@Nullable String field, @Nullable String file) {
        return field != null && field.toLowerCase(Locale.ROOT).endsWith(".zip") ? field : file == null ? "" : file;
    }

    private static ObjectNode answer(Sent sent) {
        ObjectNode answer = SentryJson.object();
        ObjectNode upload = answer.putObject("upload");
        List<Intake.Kept> kept = new ArrayList<>(sent.taken.kept());
        upload.put("id", 0)
                .put("size", kept.stream().mapToLong(Intake.Kept::size).sum())
                .put("filename", sent.name)
                .putNull("bucket")
                .putNull("download_url")
                .put("try_symbols", false)
                .putNull("completed_at")
                .putNull("created_at")
                .putNull("user");
        upload.putArray("redirect_urls");
        upload.putArray("skipped_keys");
        ArrayNode files = upload.putArray("files");
        kept.forEach(file -> files.add(file.name()));
        return answer;
    }
}
