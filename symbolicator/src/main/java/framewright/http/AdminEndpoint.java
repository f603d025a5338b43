package framewright.http;

import framewright.api.CacheQuery;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /admin/cache/...}: one command on the disk cache, for who has the token. What changes nothing is a {@code GET}
 * with a query, the rest a {@code POST} with a query or none; both take {@code kind}, {@code scope}, {@code id} and
 * {@code failures}.
 */
final class AdminEndpoint implements Handler {
    private static final String BEARER = "Bearer ";

    private final Engine engine;
    private final CacheQuery.Command command;
    private final byte[] token;

    /** @param token never empty */
    AdminEndpoint(Engine engine, CacheQuery.Command command, String token) {
        this.engine = engine;
        this.command = command;
        this.token = digest(token);
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        if (!isAllowed(request)) {
            response.header(HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer"));
            throw new ProblemException(Status.UNAUTHORIZED_401, "give the server's admin_token as a bearer token");
        }
        UriQuery query = request.query();
        CacheQuery asked = new CacheQuery(
                filter(query, "kind"), filter(query, "scope"), filter(query, "id"), query.contains("failures"));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        engine.cache(command, asked).write(body);
        Replies.json(response, body.toByteArray());
    }

    /** Digests have one length, so that the time that comparing takes tells nothing. */
    private boolean isAllowed(ServerRequest request) {
        String given = request.headers().value(HeaderNames.AUTHORIZATION).orElse("");
        return given.startsWith(BEARER) && MessageDigest.isEqual(digest(given.substring(BEARER.length())), token);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** An empty value would mean everything, and be meant to mean something else. */
    private static @Nullable String filter(UriQuery query, String name) {
        String value = QueryParams.single(query, name);
        if (value != null && value.isBlank()) {
            throw new ProblemException(Status.BAD_REQUEST_400, name + " in the query has no value");
        }
        return value;
    }
}
