package framewright.http;

import framewright.api.InvalidRequestException;
import framewright.api.MalformedJsonException;
import framewright.database.StorageFailure;
import framewright.jobs.AtCapacityException;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The only place that turns a failure into a status and a body. */
final class ErrorMapper {
    private static final Logger LOG = Logger.getLogger(ErrorMapper.class.getName());

    private ErrorMapper() {}

    /** What a client is told of a failure. */
    static Problem problem(Throwable failure) {
        return switch (failure) {
            case ProblemException e -> e.problem();
            case MalformedJsonException e ->
                new Problem(Status.BAD_REQUEST_400, "the body is not JSON: " + e.getMessage());
            case BrokenBodyException e ->
                new Problem(Status.BAD_REQUEST_400, "the body cannot be read: " + e.getMessage());
            case InvalidRequestException e ->
                new Problem(Status.UNPROCESSABLE_CONTENT_422, "the body does not fit: " + e.getMessage());
            case AtCapacityException _ ->
                new Problem(Status.SERVICE_UNAVAILABLE_503, "maximum number of concurrent requests reached");
            case StorageFailure e -> new Problem(Status.SERVICE_UNAVAILABLE_503, String.valueOf(e.getMessage()));
            case InterruptedException _ -> new Problem(Status.SERVICE_UNAVAILABLE_503, "the server is stopping");
            case HttpException e -> new Problem(e.status(), e.status().reasonPhrase());
            default -> new Problem(Status.INTERNAL_SERVER_ERROR_500, "internal error; the server's log has it");
        };
    }

    /** Answers failures of handlers. */
    static void register(HttpRouting.Builder routing) {
        routing.error(Throwable.class, ErrorMapper::answer);
    }

    /** Answers requests that are too broken to reach a handler. */
    static DirectHandlers directHandlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, ErrorMapper::answer);
        }
        return handlers.build();
    }

    private static TransportResponse answer(
            TransportRequest request, EventType type, Status found, ServerResponseHeaders headers, String message) {
        // Where there is no request yet, an internal error of Helidon's means bytes that are no HTTP.
        boolean noHttp = type == EventType.INTERNAL_ERROR && request.equals(TransportRequest.empty());
        Status status = noHttp ? Status.BAD_REQUEST_400 : found;
        boolean silent = noHttp || message == null || message.isBlank();
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderValues.CONTENT_TYPE_JSON)
                .keepAlive(type.keepAlive())
                .entity(new Problem(status, silent ? status.reasonPhrase() : message).body())
                .build();
    }

    private static void answer(ServerRequest request, ServerResponse response, Throwable failure) {
        Problem problem = problem(failure);
        if (problem.status().equals(Status.INTERNAL_SERVER_ERROR_500)) {
            LOG.log(
                    Level.SEVERE,
                    failure,
                    () -> request.prologue().method() + " " + request.path().path() + " failed by a bug of ours");
        }
        if (failure instanceof BrokenBodyException) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        Replies.json(response.status(problem.status()), problem.body());
    }
}
