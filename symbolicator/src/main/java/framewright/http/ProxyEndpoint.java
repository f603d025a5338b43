package framewright.http;

import framewright.api.Outcome;
import framewright.debugfiles.SymstorePath;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code GET} and {@code HEAD /proxy/name/signature/name}: the configured sources as one symbol server. */
final class ProxyEndpoint implements Handler {
    static final String PREFIX = "/proxy/";

    private final Engine engine;

    ProxyEndpoint(Engine engine) {
        this.engine = engine;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException, IOException {
        SymstorePath asked = ProxyPath.parse(request.path().rawPath().substring(PREFIX.length()));
        if (asked == null) {
            Replies.notFound(response);
            return;
        }
        switch (engine.find(asked.type(), asked.id())) {
            case Outcome.Found<HeldFile>(HeldFile found) -> {
                try (found) {
                    send(found.path(), request, response);
                }
            }
            case Outcome.Failed<HeldFile>(Outcome.Missing _) -> Replies.notFound(response);
            case Outcome.Failed<HeldFile>(Outcome.Failure failure) ->
                throw new ProblemException(new Problem(
                        Status.INTERNAL_SERVER_ERROR_500, "failed to download object", List.of(failure.describe())));
        }
    }

    private static void send(Path file, ServerRequest request, ServerResponse response) throws IOException {
        response.header(HeaderValues.CONTENT_TYPE_OCTET_STREAM);
        response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, Files.size(file)));
        if (request.prologue().method().equals(Method.HEAD)) {
            response.send();
            return;
        }
        try (OutputStream out = response.outputStream()) {
            Files.copy(file, out);
        }
    }
}
