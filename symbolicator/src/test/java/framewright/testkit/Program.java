package framewright.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server of somebody else's, run by a test. Where the program is not installed the test is left out, unless
 * {@code FRAMEWRIGHT_TEST_PROGRAMS=required} says that it must be there, as in {@code .ci/run}.
 */
public final class Program implements AutoCloseable {
    private static final String REQUIRED = "FRAMEWRIGHT_TEST_PROGRAMS";

    private final Process process;
    private final int port;
    private final Path output;

    private Program(Process process, int port, Path output) {
        this.process = process;
        this.port = port;
        this.output = output;
    }

    /** What follows the program's name, given the port it shall listen at. */
    @FunctionalInterface
    public interface Arguments {
        List<String> at(int port) throws IOException;
    }

    /**
     * Starts a program and waits until it takes connections on a port of the loopback address.
     *
     * @param folder for what it prints
     */
    public static Program start(String name, Path folder, Arguments arguments) throws IOException {
        Path program = find(name);
        int port = freePort();
        return start(program, folder, Map.of(), port, arguments.at(port));
    }

    /** As the other, for one that listens at the port by what is in its environment. */
    static Program start(Path program, Path folder, Map<String, String> environment, int port, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Path output = folder.resolve(program.getFileName() + ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Program started = new Program(process, port, output);
        started.awaitListening();
        return started;
    }

    /** Leaves the test out where there is no such program. */
    public static Path find(String name) {
        String folders = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
        Optional<Path> found = Stream.of(folders.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        if ("required".equals(System.getenv(REQUIRED))) {
            assertThat(found).as("%s, which .ci/run installs", name).isPresent();
        }
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.get();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening() {
        while (!isListening()) {
            assertIsAlive();
            Thread.onSpinWait();
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Fails with what the program printed last. */
    public void assertIsAlive() {
        if (!process.isAlive()) {
            try {
                throw new AssertionError("it ended with " + process.exitValue() + ": " + Files.readString(output));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    int port() {
        return port;
    }

    /** Ends it, and what it has started, without asking. */
    void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(one -> one.onExit().join());
        process.onExit().join();
    }

    /** An address of this server. */
    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
