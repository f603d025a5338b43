package framewright.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What servers answer that this one asks. Rows that say nothing of use are passed over one by one. */
public final class UpstreamAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A day, whatever a server says. */
    private static final long MAX_SECONDS = 86_400;

    private UpstreamAnswers() {}

    /**
     * One debug file that a Sentry-compatible server lists.
     *
     * @param id what to download it by
     * @param symbolType {@code elf}, {@code pdb}, {@code sourcebundle}, ...
     */
    public record SentryFile(String id, String symbolType) {}

    /** The list of debug files; null where the answer is no list. */
    public static @Nullable List<SentryFile> sentryFiles(byte[] json) {
        JsonNode list = read(json);
        if (list == null || !list.isArray()) {
            return null;
        }
        List<SentryFile> files = new ArrayList<>();
        for (JsonNode row : list) {
            JsonNode id = row.path("id");
            String type = row.path("symbolType").asText("");
            if ((id.isTextual() || id.isIntegralNumber()) && !id.asText().isEmpty() && !type.isEmpty()) {
                files.add(new SentryFile(id.asText(), type));
            }
        }
        return List.copyOf(files);
    }

    /**
     * One artifact of JavaScript that a Sentry-compatible server knows.
     *
     * @param bundle whether it is a bundle of files
     * @param id what the server calls it
     * @param url where to get it, absolute
     * @param absPath the address that a single file was uploaded under; empty for a bundle
     * @param headers of a single file, by lower-case name
     * @param resolvedWith how the server found it
     */
    public record Listed(
            boolean bundle,
            String id,
            String url,
            String absPath,
            Map<String, String> headers,
            ResolvedWith resolvedWith) {}

    /** The list of artifacts; null where the answer is no list. */
    public static @Nullable List<Listed> artifacts(byte[] json) {
        JsonNode list = read(json);
        if (list == null || !list.isArray()) {
            return null;
        }
        List<Listed> artifacts = new ArrayList<>();
        for (JsonNode row : list) {
            String type = row.path("type").asText("");
            String id = row.path("id").asText("");
            String url = row.path("url").asText("");
            String absPath = row.path("abs_path").asText("");
            boolean bundle = type.equals("bundle");
            if (!id.isEmpty() && !url.isEmpty() && (bundle || (type.equals("file") && !absPath.isEmpty()))) {
                ResolvedWith how = ResolvedWith.of(row.path("resolved_with").asText(""));
                artifacts.add(new Listed(bundle, id, url, bundle ? "" : absPath, headers(row), how));
            }
        }
        return List.copyOf(artifacts);
    }

    private static Map<String, String> headers(JsonNode row) {
        Map<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> header : row.path("headers").properties()) {
            if (header.getValue().isTextual()) {
                headers.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().textValue());
            }
        }
        return headers;
    }

    /** The token that an OAuth server grants; null where the answer holds none. */
    public static @Nullable String accessToken(byte[] json) {
        JsonNode answer = read(json);
        return answer == null ? null : answer.path("access_token").asText(null);
    }

    /** How long the token is good for, a number or a text of seconds; zero where the answer does not say. */
    public static Duration expiresIn(byte[] json) {
        JsonNode answer = read(json);
        long seconds = answer == null ? 0 : answer.path("expires_in").asLong(0);
        return Duration.ofSeconds(Math.clamp(seconds, 0, MAX_SECONDS));
    }

    private static @Nullable JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            return null;
        }
    }
}
