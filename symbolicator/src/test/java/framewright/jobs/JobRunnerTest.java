package framewright.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import framewright.jobs.JobState.Completed;
import framewright.jobs.JobState.Errored;
import framewright.jobs.JobState.Pending;
import framewright.jobs.JobState.TimedOut;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.RequestId;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JobRunnerTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final HandTimers time = new HandTimers();
    private final Metrics metrics = new Metrics();
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void work_thatIsDone_isAnswered() throws Exception {
        JobRunner jobs = runner(null);
        assertThat(text(jobs.run(() -> bytes("done"), null))).isEqualTo("done");
        assertThat(jobs.running()).isZero();
        assertThat(time.tasks()).as("timers left behind").isZero();
        assertThat(metrics.counted(Metric.JOBS_ENDED, "completed")).isEqualTo(1);
    }

    @Test
    void waiting_pastTheTimeout_isPendingAndTheWorkGoesOn() throws Exception {
        JobRunner jobs = runner(null);
        CompletableFuture<JobState> first = async(() -> jobs.run(held("late"), Duration.ofSeconds(5)));
        time.awaitTasks(2);
        time.advance(Duration.ofSeconds(5));
        UUID id = pending(first.get());

        assertThat(pending(jobs.poll(id, AT_ONCE))).isEqualTo(id);
        release.countDown();
        assertThat(text(jobs.poll(id, null))).isEqualTo("late");
        assertThat(text(jobs.poll(id, null))).as("polled again").isEqualTo("late");
    }

    @Test
    void answer_afterTheLinger_isForgotten() throws Exception {
        JobRunner jobs = runner(null);
        UUID id = keptAnswer(jobs, "kept");
        time.advance(Duration.ofSeconds(89));
        assertThat(text(jobs.poll(id, null))).isEqualTo("kept");
        time.advance(Duration.ofSeconds(1));
        assertThat(jobs.poll(id, null)).isNull();
        assertThat(time.tasks()).isZero();
    }

    @Test
    void poll_ofAnUnknownId_isNull() throws Exception {
        assertThat(runner(null).poll(UUID.randomUUID(), null)).isNull();
    }

    @Test
    void jobs_aboveTheLimit_areRefusedUntilOneEnds() throws Exception {
        JobRunner jobs = runner(1);
        CompletableFuture<JobState> first = async(() -> jobs.run(held("first"), null));
        time.awaitTasks(1);
        assertThatExceptionOfType(AtCapacityException.class)
                .isThrownBy(() -> jobs.run(() -> bytes("second"), null))
                .withMessage("maximum number of concurrent requests reached");
        release.countDown();
        assertThat(text(first.get())).isEqualTo("first");
        assertThat(text(jobs.run(() -> bytes("third"), null))).isEqualTo("third");
        assertThat(metrics.counted(Metric.JOBS_REFUSED)).isEqualTo(1);
        assertThat(metrics.counted(Metric.JOBS_ADMITTED)).isEqualTo(2);
    }

    @Test
    void slot_isFreeWhileTheAnswerLingers() throws Exception {
        JobRunner jobs = runner(1);
        keptAnswer(jobs, "kept");
        assertThat(text(jobs.run(() -> bytes("next"), null))).isEqualTo("next");
    }

    @Test
    void work_pastTheWallLimit_endsAsTimeoutAndIsInterrupted() throws Exception {
        JobRunner jobs = runner(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CompletableFuture<JobState> job = async(() -> jobs.run(
                () -> {
                    try {
                        release.await();
                        return bytes("too late");
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                },
                null));
        time.awaitTasks(1);
        time.advance(Duration.ofMinutes(15));
        assertThat(job.get()).isEqualTo(new TimedOut());
        interrupted.await();
        assertThat(text(jobs.run(() -> bytes("next"), null))).isEqualTo("next");
        assertThat(metrics.counted(Metric.JOBS_ENDED, "timeout")).isEqualTo(1);
    }

    @Test
    void work_thatFails_isAnInternalErrorAndInTheLogAsOne() throws Exception {
        AtomicReference<LogRecord> logged = new AtomicReference<>();
        Logger logger = Logger.getLogger(JobRunner.class.getName());
        Handler handler = recorder(logged);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            JobState state = runner(1)
                    .run(
                            () -> {
                                throw new IllegalStateException("a bug");
                            },
                            null);
            assertThat(state).isEqualTo(new Errored());
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        assertThat(logged.get().getLevel()).isEqualTo(Level.SEVERE);
        assertThat(logged.get().getThrown()).hasMessage("a bug");
    }

    @Test
    void answers_thatTakeTooMuchMemory_giveWayOldestFirst() throws Exception {
        JobRunner jobs = runner(null);
        UUID oldest = keptAnswer(jobs, "x".repeat(60));
        UUID newer = keptAnswer(jobs, "y".repeat(40));
        assertThat(jobs.poll(oldest, null)).isNotNull();
        UUID newest = keptAnswer(jobs, "z".repeat(50));
        assertThat(jobs.poll(oldest, null)).isNull();
        assertThat(text(jobs.poll(newer, null))).startsWith("y");
        assertThat(text(jobs.poll(newest, null))).startsWith("z");
        UUID huge = keptAnswer(jobs, "h".repeat(1000));
        assertThat(jobs.poll(newest, null)).isNull();
        assertThat(text(jobs.poll(huge, null))).as("the newest always fits").hasSize(1000);
        assertThat(metrics.print()).contains("framewright_answers_kept 1\n", "framewright_answers_kept_bytes 1000\n");
    }

    @Test
    void answer_thatNobodyCanAskFor_isNotKept() throws Exception {
        JobRunner jobs = runner(null);
        jobs.run(() -> bytes("direct"), Duration.ofSeconds(5));
        assertThat(metrics.print()).contains("framewright_answers_kept 0");
    }

    @Test
    void threadsOfAJob_knowItsId() throws Exception {
        JobRunner jobs = runner(null);
        JobState state = jobs.run(
                () -> {
                    AtomicReference<String> inner = new AtomicReference<>();
                    Thread.ofVirtual()
                            .start(() -> inner.set(String.valueOf(RequestId.current())))
                            .join();
                    return bytes(inner.get());
                },
                null);
        assertThat(UUID.fromString(text(state))).isNotNull();
        assertThat(RequestId.current()).isNull();
    }

    @Test
    void close_interruptsWhatRuns() throws Exception {
        JobRunner jobs = runner(null);
        CompletableFuture<JobState> job = async(() -> jobs.run(held("never"), null));
        time.awaitTasks(1);
        jobs.close();
        assertThat(job.get()).isEqualTo(new TimedOut());
    }

    private JobRunner runner(@Nullable Integer limit) {
        return new JobRunner(JobLimits.of(limit, 100), time, time, metrics);
    }

    private Work held(String answer) {
        return () -> {
            release.await();
            return bytes(answer);
        };
    }

    /** The id of a job that was pending and has ended since. */
    private static UUID keptAnswer(JobRunner jobs, String answer) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        UUID id = pending(jobs.run(
                () -> {
                    told.await();
                    return bytes(answer);
                },
                AT_ONCE));
        told.countDown();
        assertThat(jobs.poll(id, null)).isNotNull();
        return id;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(@Nullable JobState state) {
        return new String(((Completed) java.util.Objects.requireNonNull(state)).body(), UTF_8);
    }

    private static UUID pending(@Nullable JobState state) {
        return ((Pending) java.util.Objects.requireNonNull(state)).id();
    }

    private static CompletableFuture<JobState> async(Callable<JobState> call) {
        CompletableFuture<JobState> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static Handler recorder(AtomicReference<LogRecord> last) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                last.set(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
