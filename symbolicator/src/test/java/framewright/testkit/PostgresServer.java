package framewright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A server of PostgreSQL, with any number of databases. It takes no root: where a test runs as that, it runs as postgres. */
public final class PostgresServer implements AutoCloseable {
    private static final String USER = "tester";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path folder;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresServer(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts one that forgets what the machine forgets. */
    public static PostgresServer start() throws IOException, InterruptedException {
        Path initdb = program("initdb");
        Path folder = Files.createTempDirectory("framewright-postgres");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        PostgresServer server = new PostgresServer(folder, Program.freePort());
        server.run(initdb, "-D", server.data(), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
        server.startAgain();
        return server;
    }

    /** After {@link #stop}. */
    public void startAgain() throws IOException, InterruptedException {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder
                + " -c fsync=off -c max_connections=60";
        run(program("pg_ctl"), "-D", data(), "-w", "-l", folder.resolve("log").toString(), "-o", options, "start");
    }

    /** Ends all connections. */
    public void stop() throws IOException, InterruptedException {
        run(program("pg_ctl"), "-D", data(), "-w", "-m", "immediate", "stop");
    }

    /** The address of a new, empty database. */
    public String newDatabase() throws IOException, InterruptedException {
        String name = "test" + databases.incrementAndGet();
        run(program("createdb"), "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", USER, name);
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=" + USER;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void run(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve(program.getFileName() + ".out");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", program).isTrue();
        assertThat(process.exitValue()).as(() -> read(output)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Debian does not put the server's programs on the path. */
    private static Path program(String name) throws IOException {
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                List<Path> found = versions.map(
                                version -> version.resolve("bin").resolve(name))
                        .filter(Files::isExecutable)
                        .sorted()
                        .toList();
                if (!found.isEmpty()) {
                    return found.getLast();
                }
            }
        }
        return Program.find(name);
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
            TestDisk.delete(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
