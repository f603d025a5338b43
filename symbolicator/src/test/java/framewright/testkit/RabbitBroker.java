package framewright.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A broker of RabbitMQ, Debian's, with an epmd of its own. All of it listens at the loopback address only. */
public final class RabbitBroker implements AutoCloseable {
    /** Debian's command on the path changes to a user of its own first. */
    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    /** More than any other test sends. */
    public static final int LARGEST_MESSAGE = 1_000_000;

    private final Path folder;
    private final int port;
    private final Program epmd;
    private final Map<String, String> environment;
    private @Nullable Program server;

    private RabbitBroker(Path folder, int port, Program epmd, Map<String, String> environment) {
        this.folder = folder;
        this.port = port;
        this.epmd = epmd;
        this.environment = environment;
    }

    /**
     * Leaves the test out where it is not installed.
     *
     * @param folder for its data
     */
    public static RabbitBroker start(Path folder) throws IOException {
        var _ = Program.find("rabbitmq-server");
        int port = Program.freePort();
        Program epmd =
                Program.start("epmd", folder, at -> List.of("-port", Integer.toString(at), "-address", "127.0.0.1"));
        Path settings = folder.resolve("rabbitmq.conf");
        Files.writeString(settings, "max_message_size = " + LARGEST_MESSAGE + "\n");
        Map<String, String> environment = Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(epmd.port())),
                Map.entry("RABBITMQ_NODENAME", "test" + port + "@localhost"),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(Program.freePort())),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("plugins").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", settings.toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString()));
        RabbitBroker broker = new RabbitBroker(folder, port, epmd, environment);
        try {
            broker.startAgain();
        } catch (IOException | RuntimeException | Error e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    /** On the same port, with the same data; returns when it serves. */
    public void startAgain() throws IOException {
        server = Program.start(SERVER, folder, environment, port, List.of());
    }

    /** As a machine that loses its power. */
    public void kill() {
        if (server != null) {
            server.kill();
        }
    }

    /** Whether there is less free disk than it wants, so that it takes nothing. */
    public void full(boolean full) throws IOException, InterruptedException {
        ProcessBuilder control = new ProcessBuilder(
                SERVER.resolveSibling("rabbitmqctl").toString(), "set_disk_free_limit", full ? "1000000GB" : "1MB");
        control.environment().putAll(environment);
        Process process = control.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("control.out").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("control.out")));
        }
    }

    /** For clients, as the user that there is. */
    public String uri() {
        return uri("guest", "guest");
    }

    public String uri(String user, String password) {
        return "amqp://" + user + ":" + password + "@127.0.0.1:" + port;
    }

    @Override
    public void close() {
        kill();
        epmd.close();
    }
}
