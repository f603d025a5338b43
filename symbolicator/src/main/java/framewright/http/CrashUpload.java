package framewright.http;

import framewright.api.CrashForm;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.InvalidRequestException;
import framewright.api.MalformedJsonException;
import framewright.api.Outcome;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The form that a crash file comes in. The file goes to disk as it arrives; fields that nobody knows are passed over. */
final class CrashUpload implements AutoCloseable {
    /** As the peer allows each. */
    private static final int MAX_FIELD_BYTES = 1 << 20;

    /** How a form begins that was put into a form. */
    private static final String FORM = "--";

    private final Engine engine;
    private final CrashKind kind;
    private final String fileField;
    private final CrashForm fields = new CrashForm();
    private @Nullable HeldFile file;

    CrashUpload(Engine engine, CrashKind kind) {
        this.engine = engine;
        this.kind = kind;
        this.fileField = switch (kind) {
            case MINIDUMP -> "upload_file_minidump";
            case APPLE_REPORT -> "apple_crash_report";
        };
    }

    /** Reads the whole body, up to so many bytes; what is wrong with it ends the request. */
    void read(ServerRequest request, long maxBytes) throws IOException {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        String boundary = MultipartReader.boundary(type);
        // a packed body says nothing of what comes
        long declared = request.headers().contains(HeaderNames.CONTENT_ENCODING)
                ? -1
                : request.headers().contentLength().orElse(-1);
        MultipartReader parts = new MultipartReader(RequestBody.limited(request, maxBytes), boundary);
        MultipartReader.Part part;
        while ((part = parts.next()) != null) {
            String name = part.name();
            if (fileField.equals(name)) {
                receive(part.content(), declared);
            } else if (name != null && CrashForm.isField(name, kind == CrashKind.MINIDUMP)) {
                field(name, part.content());
            }
        }
    }

    private void receive(InputStream content, long declared) throws IOException {
        close();
        PushbackInputStream in = new PushbackInputStream(content, FORM.length());
        byte[] start = in.readNBytes(FORM.length());
        if (kind == CrashKind.MINIDUMP && new String(start, StandardCharsets.US_ASCII).equals(FORM)) {
            throw new ProblemException(Status.BAD_REQUEST_400, "minidump contains multipart form data");
        }
        in.unread(start);
        file = switch (engine.receive(in, declared)) {
            case Outcome.Found<HeldFile>(HeldFile received) -> received;
            case Outcome.Failed<HeldFile>(Outcome.Failure failure) ->
                throw new ProblemException(Status.INSUFFICIENT_STORAGE_507, failure.describe());
        };
    }

    private void field(String name, InputStream content) throws IOException {
        byte[] value = content.readNBytes(MAX_FIELD_BYTES + 1);
        if (value.length > MAX_FIELD_BYTES) {
            throw new ProblemException(
                    Status.REQUEST_ENTITY_TOO_LARGE_413,
                    "Field " + name + " larger than " + MAX_FIELD_BYTES + " bytes");
        }
        try {
            fields.read(name, new ByteArrayInputStream(value));
        } catch (MalformedJsonException | InvalidRequestException e) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400, "the field " + name + " cannot be used: " + e.getMessage());
        }
    }

    CrashRequest request(boolean extended) {
        return fields.request(extended);
    }

    /** The file, which is the caller's to close from now on. */
    HeldFile takeFile() {
        HeldFile taken = file;
        if (taken == null) {
            throw new ProblemException(
                    Status.BAD_REQUEST_400,
                    switch (kind) {
                        case MINIDUMP -> "missing minidump";
                        case APPLE_REPORT -> "missing apple crash report";
                    });
        }
        file = null;
        return taken;
    }

    /** Lets go of a file that was not taken. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
