package framewright.cli;

import com.sun.net.httpserver.SimpleFileServer;
import framewright.App;
import framewright.config.Settings;
import framewright.config.SettingsLoader;
import framewright.config.StoreSettings;
import framewright.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code framewright train}: checks the example's debug file, starts a server with a store, asks it for the example, from a
 * folder and from a web server, and for a frame of JavaScript, uploads a file in parts, and ends. The build runs it to record which
 * classes a start and a first answer need, and how the code that reads source maps and hashes uploads runs; it also proves that
 * the program works. With {@code --commands} it runs commands that are brief, for a record of what those need.
 */
@Command(name = "train", hidden = true, description = "Asks a server of its own for the example, and ends.")
final class TrainCommand implements Callable<Integer> {
    private static final String RESOLVED = "till::Receipt::add";

    /** Its own web server is at a reserved address. */
    private static final String SETTINGS = "{bind: '127.0.0.1:0', connect_to_reserved_ips: true}";

    /** Where no server listens: whoever may has a port above. */
    private static final String NOBODY = "http://127.0.0.1:1";

    /** More than one part of an upload has. */
    private static final long UPLOAD_BYTES = 12 << 20;

    private final Terminal terminal;

    @Option(names = "--commands", description = "Runs brief commands instead.")
    private boolean commands;

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.make("train")) {
            Example example = Example.unpack(folder.path());
            return commands
                    ? trainCommands(example)
                    : train(example, folder.path().resolve("store"));
        }
    }

    private int trainCommands(Example example) {
        boolean ran = checks(example)
                && run("version") == Exit.OK
                && run("help") == Exit.OK
                && run("ls", "--url", NOBODY) == Exit.FAILED;
        return ran ? Exit.OK : Exit.FAILED;
    }

    private int train(Example example, Path store) throws IOException {
        Settings settings =
                new SettingsLoader(Map.of()).parse(SETTINGS).settings().withStore(new StoreSettings(store));
        LogSetup.server(settings.logging());
        com.sun.net.httpserver.HttpServer files = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                example.symbols(),
                SimpleFileServer.OutputLevel.NONE);
        files.start();
        try {
            String url = "http://127.0.0.1:" + files.getAddress().getPort() + "/";
            TrainingBundle.write(example.symbols());
            boolean resolved = checks(example)
                    && resolves(example, example.addTo(settings))
                    && resolves(example, example.addTo(settings, url))
                    && resolvesScript(settings, url)
                    && takesUpload(settings, example);
            return resolved ? Exit.OK : Exit.FAILED;
        } finally {
            files.stop(0);
        }
    }

    /** The command that is run most while somebody waits, with the parser of the command line. */
    private boolean checks(Example example) {
        return run("check", example.symbols().toString()) == Exit.OK;
    }

    private int run(String... words) {
        Terminal silent = new Terminal(
                new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), terminal.colours());
        return Cli.commandLine(silent, Map.of(), words[0]).execute(words);
    }

    private boolean resolves(Example example, Settings settings) throws IOException {
        try (App app = new App(settings)) {
            HttpServer server = app.listen();
            String answer = ask(server.port(), "/symbolicate", Files.readAllBytes(example.request()));
            String from =
                    settings.sources().getLast().getClass().getSimpleName().toLowerCase(Locale.ROOT);
            return tell(from, answer, RESOLVED);
        }
    }

    private boolean resolvesScript(Settings settings, String url) throws IOException {
        try (App app = new App(settings)) {
            byte[] request = TrainingBundle.request(url).getBytes(StandardCharsets.UTF_8);
            String answer = ask(app.listen().port(), "/symbolicate-js", request);
            return tell("a source map", answer, TrainingBundle.RESOLVED);
        }
    }

    /** Of a file large enough that hashing it is worth compiling, and that it comes in parts. */
    private boolean takesUpload(Settings settings, Example example) throws IOException {
        Path large = Files.copy(example.debugFile(), example.symbols().resolve("large"));
        try (FileChannel file = FileChannel.open(large, StandardOpenOption.WRITE)) {
            int _ = file.write(ByteBuffer.allocate(1), UPLOAD_BYTES - 1);
        }
        try (App app = new App(settings)) {
            HttpServer server = app.listen();
            String token = FirstToken.create(Objects.requireNonNull(app.store()), "training");
            String url = "http://127.0.0.1:" + server.port();
            return run("upload", large.toString(), "--url", url, "--token", token, "--wait") == Exit.OK;
        }
    }

    private boolean tell(String from, String answer, String wanted) {
        boolean resolved = answer.contains(wanted);
        terminal.out().println("from " + from + ": " + (resolved ? "resolved" : "NOT resolved: " + answer));
        terminal.out().flush();
        return resolved;
    }

    /** Over a plain socket: an HTTP client would be trained along, and a server has no use for it. */
    private static String ask(int port, String path, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
