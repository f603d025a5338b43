package framewright.http;

import framewright.debugfiles.DebugId;
import framewright.store.Permission;
import framewright.store.Principal;
import framewright.store.Store;
import framewright.store.UploadKeys;
import framewright.uploads.Intake;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Breakpad's {@code sym_upload}, both protocols (contract, E4). In the second one, a key stands for the right to send one
 * file, to any node, for an hour. A file is kept when it is there, and what says that it is complete has nothing to add.
 */
final class BreakpadUploadEndpoint {
    private static final String STATUS_SUFFIX = ":checkStatus";
    private static final String COMPLETE_SUFFIX = ":complete";

    /** Enough for the line that names the module. */
    private static final int HEAD_BYTES = 1024;

    private final Store store;
    private final Intake intake;
    private final long maxFileBytes;
    private final Access access;

    BreakpadUploadEndpoint(StoreServices services, Access access) {
        this.store = services.store();
        this.intake = services.intake();
        this.maxFileBytes = services.maxFileBytes();
        this.access = access;
    }

    /** {@code POST /upload-v1}: a form with the file and what it says of itself. */
    void whole(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        Intake.Target target = UploadTarget.of(request, store, access);
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        MultipartReader parts =
                new MultipartReader(RequestBody.limited(request, maxFileBytes), MultipartReader.boundary(type));
        for (MultipartReader.Part part; (part = parts.next()) != null; ) {
            if ("symbol_file".equals(part.name())) {
                keep(target, part.content(), name(part.filename()));
                response.header(HeaderValues.CONTENT_TYPE_TEXT_PLAIN).send("kept\n");
                return;
            }
        }
        throw SentryJson.refused("the form has no symbol_file");
    }

    private static String name(@Nullable String filename) {
        String name = filename == null ? "symbols.sym" : filename.replace('\\', '/');
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private void keep(Intake.Target target, InputStream in, String name) throws IOException, InterruptedException {
        Intake.Taken taken = intake.take(target, in, name, Intake.VERDICT);
        if (taken.kept().isEmpty()) {
            throw new ProblemException(
                    Status.UNPROCESSABLE_CONTENT_422, taken.refused().getFirst().reason());
        }
    }

    /** {@code GET /v1/symbols/{file}/{id}:checkStatus}: whether there is anything of the id. */
    void status(ServerRequest request, ServerResponse response) {
        Principal principal = access.require(request, Permission.UPLOAD);
        String id = withoutSuffix(request.path().pathParameters().get("id"), STATUS_SUFFIX);
        DebugId debugId = DebugId.parse(id);
        boolean found = debugId != null
                && !store.debugFiles()
                        .find(Access.tenancy(principal), debugId, null)
                        .isEmpty();
        // the client looks for the word with a blank before it
        send(response, found ? "{\"status\": \"FOUND\"}" : "{\"status\": \"MISSING\"}");
    }

    /** {@code POST /v1/uploads:create}: where to send a file. */
    void create(ServerRequest request, ServerResponse response) {
        Intake.Target target = UploadTarget.of(request, store, access);
        String authority = request.headers().first(HeaderNames.HOST).orElse("localhost");
        String scheme = request.headers().first(HeaderNames.X_FORWARDED_PROTO).orElse("http");
        if (!authority.matches("[A-Za-z0-9.:\\[\\]_-]+") || !scheme.matches("https?")) {
            throw new ProblemException(Status.BAD_REQUEST_400, "the request does not say what this server is called");
        }
        String key = store.uploadKeys().create(target.project());
        send(
                response,
                "{\"uploadUrl\": \"" + scheme + "://" + authority + "/v1/uploads/" + key + "\", \"uploadKey\": \"" + key
                        + "\"}");
    }

    /** {@code PUT /v1/uploads/{key}}: the file. */
    void content(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        String key = request.path().pathParameters().get("key");
        UploadKeys.Right right = right(key);
        PushbackInputStream in = new PushbackInputStream(RequestBody.limited(request, maxFileBytes), HEAD_BYTES);
        byte[] head = in.readNBytes(HEAD_BYTES);
        in.unread(head);
        keep(Intake.Target.of(right.organization(), right.project()), in, module(head));
        store.uploadKeys().kept(key);
        response.send();
    }

    /** {@code POST /v1/uploads/{key}:complete}; the body is no JSON, and of no use. */
    void complete(ServerRequest request, ServerResponse response) {
        access.require(request, Permission.UPLOAD);
        String key = withoutSuffix(request.path().pathParameters().get("key"), COMPLETE_SUFFIX);
        if (!right(key).kept()) {
            throw new ProblemException(Status.CONFLICT_409, "the file of this upload was not sent");
        }
        store.uploadKeys().end(key);
        send(response, "{\"result\": \"OK\"}");
    }

    /** What a file calls its module in its first line: {@code MODULE os arch id name}. */
    private static String module(byte[] head) {
        String line =
                new String(head, StandardCharsets.UTF_8).lines().findFirst().orElse("");
        String[] words = line.split(" ", 5);
        return words.length == 5 && words[0].equals("MODULE") ? name(words[4].strip() + ".sym") : "symbols";
    }

    private UploadKeys.Right right(String key) {
        UploadKeys.Right right = store.uploadKeys().find(key);
        if (right == null) {
            throw new ProblemException(
                    Status.NOT_FOUND_404,
                    "no upload of this key was begun, or not within the last hour; begin it anew with"
                            + " /v1/uploads:create");
        }
        return right;
    }

    private static String withoutSuffix(String text, String suffix) {
        if (!text.endsWith(suffix)) {
            throw new ProblemException(Status.NOT_FOUND_404, "expected an address that ends in " + suffix);
        }
        return text.substring(0, text.length() - suffix.length());
    }

    private static void send(ServerResponse response, String json) {
        Replies.json(response, json.getBytes(StandardCharsets.UTF_8));
    }
}
