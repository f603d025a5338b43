package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.testkit.Await;
import framewright.testkit.Form;
import framewright.testkit.HostileDump;
import framewright.testkit.RealDumps;
import framewright.testkit.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that take the program that walks them to its limits, against a whole server with room for one process. */
@Timeout(120)
class CrashLimitsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private RunningServer server;

    private void start(String limits) {
        Logger.getLogger("framewright").setLevel(Level.OFF);
        server = new RunningServer(
                "cache_dir: " + folder.resolve("cache"), "sources: []", "crash_processes: {max: 1, " + limits + "}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void dumpOfMuchMemory_isEndedAtTheLimit() throws Exception {
        start("memory: 256MiB");
        ends(walk(HostileDump.ofMemory()), "memory", "`crash_processes.memory`");
    }

    @Test
    void dumpOfMuchWork_isEndedWhenItsCpuTimeIsUsed() throws Exception {
        start("cpu_time: 1s");
        ends(walk(HostileDump.ofWork()), "cpu_time", "`crash_processes.cpu_time`");
    }

    @Test
    void dumpOfMuchWork_isEndedWhenItsTimeIsOver() throws Exception {
        start("wall_time: 300ms");
        ends(walk(HostileDump.ofWork()), "wall_time", "`crash_processes.wall_time`");
    }

    @Test
    void dumpThatTakesLong_isPending_andItsEndIsPolled() throws Exception {
        start("wall_time: 2s");
        JsonNode answer = server.post("/minidump?timeout=0", form(HostileDump.ofWork()));
        assertThat(answer.path("status").asText()).isEqualTo("pending");
        String request = "/requests/" + answer.path("request_id").asText();
        assertThat(JSON.readTree(server.get(request + "?timeout=0"))
                        .path("status")
                        .asText())
                .isEqualTo("pending");
        ends(JSON.readTree(server.get(request)), "wall_time", "`crash_processes.wall_time`");
    }

    @Test
    void processThatIsAborted_costsItsDumpAlone() throws Exception {
        start("cpu_time: 61s");
        FutureTask<JsonNode> asked = new FutureTask<>(() -> walk(HostileDump.ofWork()));
        Thread.ofVirtual().start(asked);
        Await.until("a process is at work", () -> server.get("/metrics").contains("_started_total 1\n"));
        // as its runtime does where a stack overflows
        assertThat(new ProcessBuilder(
                                "kill", "-ABRT", Long.toString(process("61").pid()))
                        .start()
                        .waitFor())
                .isZero();
        ends(asked.get(), "died", "a bug of ours");
    }

    /** The answer says which limit it was and which key holds it, it is counted, and the next dump is walked. */
    private void ends(JsonNode answer, String reason, String advice) throws Exception {
        assertThat(answer.path("status").asText()).isEqualTo("failed");
        assertThat(answer.path("message").asText()).isEqualTo("the minidump could not be processed: " + reason);
        assertThat(answer.path("causes"))
                .singleElement()
                .satisfies(cause -> assertThat(cause.asText()).contains(advice));
        JsonNode next = walk(Files.readAllBytes(RealDumps.callback()));
        assertThat(next.path("status").asText()).isEqualTo("completed");
        assertThat(next.at("/stacktraces/0/frames")).isNotEmpty();
        assertThat(server.get("/metrics"))
                .contains("framewright_crash_processes_ended_total{reason=\"" + reason + "\"} 1\n")
                .contains("framewright_crash_processes_started_total 2\n")
                .contains("framewright_crash_processes 1\n")
                .contains("framewright_crash_processes_busy 0\n");
        assertThat(folder.resolve("cache/tmp")).isEmptyDirectory();
    }

    private JsonNode walk(byte[] dump) throws Exception {
        return server.post("/minidump", form(dump));
    }

    private static Form form(byte[] dump) {
        return new Form().file("upload_file_minidump", dump);
    }

    /** Other tests in this JVM may have processes, too: this one has so many seconds. */
    private static ProcessHandle process(String seconds) {
        return ProcessHandle.current()
                .children()
                .filter(child -> Arrays.asList(child.info().arguments().orElse(new String[0]))
                        .containsAll(List.of("--cpu-seconds", seconds)))
                .findFirst()
                .orElseThrow();
    }
}
