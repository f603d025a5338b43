package framewright.testkit;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A whole server with a store, in a process of its own, that a test may kill. */
public final class ServerProcess implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final Path store;
    private final int port;

    private ServerProcess(Process process, Path store, int port) {
        this.process = process;
        this.store = store;
        this.port = port;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param folder for its store, cache and settings, also of one that was killed
     * @param before words of a command that runs the rest of them
     */
    public static ServerProcess start(Path folder, String... before) throws Exception {
        int port = Program.freePort();
        Path store = folder.resolve("store");
        Path settings = Files.writeString(
                folder.resolve("framewright.yml"),
                "bind: 127.0.0.1:" + port + "\ncache_dir: " + folder.resolve("cache") + "\nstore: {dir: " + store
                        + "}\n");
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")
                        + File.pathSeparator
                        + System.getProperty("surefire.test.class.path", ""),
                "framewright.Main",
                "serve",
                "-c",
                settings.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        ServerProcess started = new ServerProcess(process, store, port);
        Await.until("the server answers", started::answers);
        return started;
    }

    private boolean answers() throws InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError("the server has ended with " + process.exitValue());
        }
        try {
            return client.send(request("/healthcheck").build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** The one of its first start. */
    public String token() throws IOException {
        return Files.readString(store.resolve("first-token")).strip();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    /** Whatever comes of a request with the token. */
    public HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return client.send(
                request(path)
                        .header("Authorization", "Bearer " + token())
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** At once, as the system does where there is no memory left. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
