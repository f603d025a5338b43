package framewright.crash;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.CrashRequest;
import framewright.api.Outcome;
import framewright.api.Outcome.Unreachable;
import framewright.config.CrashSettings;
import framewright.nativebridge.CrashProgram;
import framewright.telemetry.Metrics;
import framewright.testkit.RealDumps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that end as they should not; programs of a few lines stand in for what a hostile dump could do to ours. */
@Timeout(60)
class CrashProcessesTest {
    private static final String HELLO = "printf '\\036\\000\\000\\000{\"hello\":{\"protocol\":1}      }'\n";

    @TempDir
    private Path folder;

    private final Metrics metrics = new Metrics();
    private final Deque<Outcome<Path>> programs = new ArrayDeque<>();
    private CrashProcesses processes = processes(Duration.ofSeconds(50));

    /** At most one at a time, so that one which is lost and not replaced would leave none. */
    private CrashProcesses processes(Duration wall) {
        Logger.getLogger("framewright").setLevel(Level.OFF);
        CrashSettings settings = new CrashSettings(1 << 20, 128, 1, 1 << 30, Duration.ofSeconds(30), wall);
        return new CrashProcesses(
                () -> programs.isEmpty() ? Outcome.found(CrashProgram.path()) : programs.pop(), settings, metrics);
    }

    @AfterEach
    void stop() {
        processes.close();
    }

    /** The next process is this. */
    private void next(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        programs.add(Outcome.found(program));
    }

    private Reply ask() throws InterruptedException {
        byte[] order = Order.process(RealDumps.callback(), 256, 1 << 30, CrashRequest.PLAIN);
        try (CrashProcesses.Lent lent = processes.lend()) {
            return lent.ask(order);
        }
    }

    private End end() throws InterruptedException {
        Reply reply = ask();
        assertThat(reply).isInstanceOf(Reply.Ended.class);
        return ((Reply.Ended) reply).end();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CPU_TIME    | kill -XCPU $$
            MEMORY      | echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$
            MEMORY      | kill -KILL $$
            STACK       | echo 'thread main has overflowed its stack' >&2; kill -ABRT $$
            DIED        | echo 'something else' >&2; kill -ABRT $$
            DIED        | exit 3
            PROTOCOL    | printf '\\377\\377\\377\\377'; cat >/dev/null
            DIED        | printf '\\377\\000\\000\\000cut off'
            """)
    void process_thatEnds_saysWhy_andTheNextDumpIsWalked(End.Reason reason, String script) throws Exception {
        next(HELLO + script);
        assertThat(end().reason()).isEqualTo(reason);
        assertThat(metrics.print())
                .contains("framewright_crash_processes_ended_total{reason=\"" + reason.code() + "\"} 1\n");
        assertThat(ask()).isInstanceOf(Reply.Message.class);
    }

    @Test
    void process_thatIsSilent_isEnded_andTheNextDumpIsWalked() throws Exception {
        processes.close();
        processes = processes(Duration.ofMillis(300));
        next(HELLO + "cat >/dev/null");
        assertThat(end().reason()).isEqualTo(End.Reason.WALL_TIME);
        processes.close();
        processes = processes(Duration.ofSeconds(50));
        assertThat(ask()).isInstanceOf(Reply.Message.class);
    }

    @Test
    void process_thatCannotBeStarted_isToldSo() throws Exception {
        programs.add(Outcome.found(folder.resolve("nothing")));
        assertThat(end().reason()).isEqualTo(End.Reason.NOT_STARTED);
        next(HELLO.replace(":1", ":2"));
        assertThat(end().reason()).isEqualTo(End.Reason.NOT_STARTED);
        programs.add(Outcome.failed(new Unreachable("no program")));
        assertThat(processes.check().ok()).isFalse();
        assertThat(processes.check().ok()).isTrue();
    }

    @Test
    void process_thatGaveAnAnswer_isUsedAgain() throws Exception {
        byte[] nothing = Order.process(folder.resolve("nothing"), 256, 1 << 30, CrashRequest.PLAIN);
        for (int turn = 0; turn < 3; turn++) {
            try (CrashProcesses.Lent lent = processes.lend()) {
                assertThat(lent.ask(nothing))
                        .isInstanceOfSatisfying(
                                Reply.Message.class,
                                message -> assertThat(ChildMessageReader.read(message.bytes(), false))
                                        .isInstanceOf(ChildMessage.Failed.class));
                lent.done();
            }
        }
        assertThat(metrics.print()).contains("framewright_crash_processes_started_total 1\n");
    }

    @Test
    void process_whoseDumpIsGivenUp_isNotUsedForAnother() throws Exception {
        assertThat(ask()).isInstanceOf(Reply.Message.class);
        assertThat(ask()).isInstanceOf(Reply.Message.class);
        assertThat(metrics.print()).contains("framewright_crash_processes_started_total 2\n");
    }
}
