package framewright.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Plays the server of artifacts of JavaScript, and the web that scripts are on. Lists all it has to whoever asks. */
public final class ArtifactServer implements AutoCloseable {
    /** A function that its map calls "original", and the comment that names the map. */
    public static final String SCRIPT = "function f(){throw x}\n//# sourceMappingURL=app.js.map\n";

    private static final ObjectMapper JSON = new ObjectMapper();

    public final FakeSymbolServer web = new FakeSymbolServer();
    private final ArrayNode artifacts = JSON.createArrayNode();

    public ArtifactServer() {
        web.on(
                "/lookup",
                exchange -> FakeSymbolServer.answer(
                        exchange, 200, artifacts.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The map of {@link #SCRIPT}. */
    public static String map() {
        return map("AAAA,SAASA");
    }

    /** A map of one source with one name. */
    public static String map(String mappings) {
        return """
                {"version":3,"sources":["src.js"],"sourcesContent":["function original() { throw x }\\n// end"],
                 "names":["original"],"mappings":"%s"}""".formatted(mappings);
    }

    /** Has a file that was uploaded on its own. */
    public void single(String absPath, byte[] file, Map<String, String> headers) {
        String path = "/lookup/single-" + artifacts.size();
        web.put(path, file);
        ObjectNode artifact = artifact("file", path).put("abs_path", absPath);
        headers.forEach(artifact.putObject("headers")::put);
    }

    public void single(String absPath, String file) {
        single(absPath, file.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Has a bundle. */
    public void bundle(byte[] zip) {
        String path = "/lookup/bundle-" + artifacts.size();
        web.put(path, zip);
        artifact("bundle", path);
    }

    private ObjectNode artifact(String type, String path) {
        return artifacts
                .addObject()
                .put("type", type)
                .put("id", Integer.toString(artifacts.size()))
                .put("url", web.url(path))
                .put("resolved_with", "release");
    }

    /** A bundle of these files, by name in the zip, with this object of files in its manifest. */
    public static byte[] zip(String files, Map<String, String> contents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "manifest.json", "{\"files\":" + files + "}");
            for (Map.Entry<String, String> file : contents.entrySet()) {
                put(zip, file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    /** A request about frames that asks this server; scraping as {@code scraping} says. */
    public String request(String frames, String more) {
        return """
                {"source":{"id":"artifacts","url":"%s","token":"secret"},"stacktraces":[{"frames":[%s]}]%s}""".formatted(web.url("/lookup"), frames, more.isEmpty() ? "" : "," + more);
    }

    /** Questions that were asked. */
    public long lookups() {
        return web.requests().stream()
                .filter(request -> request.target().startsWith("/lookup?")
                        || request.target().equals("/lookup"))
                .count();
    }

    public static String frame(String absPath, int line, int column) {
        return "{\"abs_path\":\"%s\",\"lineno\":%d,\"colno\":%d}".formatted(absPath, line, column);
    }

    @Override
    public void close() {
        web.close();
    }
}
