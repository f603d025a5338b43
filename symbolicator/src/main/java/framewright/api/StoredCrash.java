package framewright.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /symbolicate-any}: a crash file that lies elsewhere.
 *
 * @param url of the file, http or https
 * @param token sent as a bearer token to the host of {@code url}
 * @param request what is asked of it; without sources there are none, and not the server's
 */
public record StoredCrash(
        CrashKind kind, String url, @Nullable String token, CrashRequest request) {

    /**
     * Reads a body to its end.
     *
     * @param extended whether to tell all
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     * @throws java.io.UncheckedIOException where the stream fails
     */
    public static StoredCrash read(InputStream body, boolean extended) {
        return JsonIn.document(body, in -> new Reading().read(in, extended));
    }

    /** The same, looked for elsewhere. */
    public StoredCrash withSources(List<SourceConfig> sources) {
        return new StoredCrash(kind, url, token, request.withSources(sources));
    }

    /** Without the address and the token, which are secrets. */
    @Override
    public String toString() {
        return "StoredCrash[kind=" + kind + ", request=" + request + "]";
    }

    private static final class Reading {
        private final CrashForm form = new CrashForm();
        private @Nullable CrashKind kind;
        private @Nullable String url;
        private @Nullable String token;
        private boolean rewrites;

        StoredCrash read(JsonIn in, boolean extended) throws IOException {
            boolean described = false;
            in.object();
            String name;
            while ((name = in.nextField()) != null) {
                if (name.equals("symbolicate")) {
                    file(in);
                    described = true;
                } else if (CrashForm.isField(name, false)) {
                    form.read(name, in);
                } else {
                    in.skip();
                }
            }
            if (!described || kind == null || url == null) {
                throw in.missing("symbolicate");
            }
            CrashRequest request = form.request(extended);
            return new StoredCrash(
                    kind, url, token, request.sources() == null ? request.withSources(List.of()) : request);
        }

        private void file(JsonIn in) throws IOException {
            in.object();
            String name;
            while ((name = in.nextField()) != null) {
                switch (name) {
                    case "type" -> kind = kind(in);
                    case "storage_url" -> url = url(in);
                    case "storage_token" -> token = in.text();
                    case "rewrite_first_module" -> {
                        form.read(name, in);
                        rewrites = true;
                    }
                    default -> in.skip();
                }
            }
            if (kind == null) {
                throw in.missing("type");
            }
            if (url == null) {
                throw in.missing("storage_url");
            }
            if (kind == CrashKind.MINIDUMP && !rewrites) {
                throw in.missing("rewrite_first_module");
            }
        }

        private static CrashKind kind(JsonIn in) throws IOException {
            String text = in.text();
            for (CrashKind kind : CrashKind.values()) {
                if (kind.wireName().equals(text)) {
                    return kind;
                }
            }
            throw in.invalid("must be \"minidump\" or \"applecrashreport\"");
        }

        private static @Nullable String url(JsonIn in) throws IOException {
            String text = in.text();
            String address = text == null ? null : WebAddress.normalise(text);
            if (text != null && address == null) {
                throw in.invalid("must be an http or https address");
            }
            return address;
        }
    }
}
