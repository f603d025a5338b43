package framewright.http;

import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.debugfiles.SymstorePath;
import framewright.store.Permission;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;

/** {@code GET} and {@code HEAD /proxy/name/signature/name}: the configured sources as one symbol server. */
final class ProxyEndpoint implements Handler {
    static final String PREFIX = "/proxy/";

    private final Engine engine;
    private final Callers callers;

    ProxyEndpoint(Engine engine, Callers callers) {
        this.engine = engine;
        this.callers = callers;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException, IOException {
        SymstorePath asked = ProxyPath.parse(request.path().rawPath().substring(PREFIX.length()));
        if (asked == null) {
            Replies.notFound(response);
            return;
        }
        List<SourceConfig> sources = callers.of(request, Permission.READ).sources(null);
        switch (engine.find(asked.type(), asked.id(), sources)) {
            case Outcome.Found<HeldFile>(HeldFile found) -> {
                try (found) {
                    FileReply.of(FileReply.BINARY, found.path()).send(request, response);
                }
            }
            case Outcome.Failed<HeldFile>(Outcome.Missing _) -> Replies.notFound(response);
            case Outcome.Failed<HeldFile>(Outcome.Failure failure) ->
                throw new ProblemException(new Problem(
                        Status.INTERNAL_SERVER_ERROR_500, "failed to download object", List.of(failure.describe())));
        }
    }
}
