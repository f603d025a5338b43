package framewright.crash;

import framewright.api.InvalidRequestException;
import framewright.api.MalformedJsonException;
import framewright.api.Outcome;
import framewright.api.Readiness.Check;
import framewright.config.CrashSettings;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The processes that walk stacks: started when they are needed, lent for one dump at a time, and used again until one
 * reaches a bound or breaks the agreement. Where all are lent, the next dump waits its turn.
 */
public final class CrashProcesses implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CrashProcesses.class.getName());

    /** Which messages both sides know. */
    private static final long PROTOCOL = 1;

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Supplier<Outcome<Path>> program;
    private final CrashSettings settings;
    private final Metrics metrics;
    private final Semaphore turns;
    private final Set<CrashProcess> all = new HashSet<>();
    private final Deque<CrashProcess> idle = new ArrayDeque<>();
    private boolean closed;

    /** @param program where it is; asked when a process is started */
    public CrashProcesses(Supplier<Outcome<Path>> program, CrashSettings settings, Metrics metrics) {
        this.program = program;
        this.settings = settings;
        this.metrics = metrics;
        this.turns = new Semaphore(settings.processes(), true);
        metrics.gauge(Metric.CRASH_PROCESSES, this::count);
        metrics.gauge(Metric.CRASH_PROCESSES_BUSY, () -> settings.processes() - turns.availablePermits());
    }

    /** A process for one dump, to be given back by closing it. It is started with the first message. */
    Lent lend() throws InterruptedException {
        turns.acquire();
        return new Lent(takeIdle());
    }

    /** Memory that each process may take, in bytes. */
    long memoryBytes() {
        return settings.memoryBytes();
    }

    /** Whether there is a process, or one can be started. Waits for nobody's dump. */
    public Check check() throws InterruptedException {
        Reply.Ended failure = null;
        if (count() == 0 && turns.tryAcquire()) {
            try (Lent lent = new Lent(takeIdle())) {
                failure = lent.prepare();
            }
        }
        return new Check(
                "crash_processes",
                failure == null,
                failure == null
                        ? count() + " of at most " + settings.processes() + " are there"
                        : failure.end().reason().sentence() + " "
                                + failure.end().details());
    }

    /** One dump's process. */
    final class Lent implements AutoCloseable {
        private @Nullable CrashProcess process;
        private boolean between = true;

        private Lent(@Nullable CrashProcess process) {
            this.process = process;
        }

        /** Starts the process where there is none; null: it is there. */
        private Reply.@Nullable Ended prepare() throws InterruptedException {
            if (process != null) {
                return null;
            }
            return switch (program.get()) {
                case Outcome.Failed<Path>(Outcome.Failure failure) ->
                    new Reply.Ended(new End(End.Reason.NOT_STARTED, failure.describe()));
                case Outcome.Found<Path>(Path path) -> start(path);
            };
        }

        private Reply.@Nullable Ended start(Path path) throws InterruptedException {
            CrashProcess started = new CrashProcess(List.of(
                    path.toString(),
                    "--memory-bytes",
                    Long.toString(settings.memoryBytes()),
                    "--cpu-seconds",
                    Long.toString(Math.max(1, settings.cpuTime().toSeconds()))));
            enlist(started);
            process = started;
            Reply hello = started.start(START_LIMIT);
            if (hello instanceof Reply.Message(byte[] bytes) && !isHello(bytes)) {
                hello = new Reply.Ended(new End(End.Reason.NOT_STARTED, "the program is of another version"));
            }
            if (hello instanceof Reply.Ended ended) {
                lose(ended.end());
                return ended;
            }
            metrics.count(Metric.CRASH_PROCESSES_STARTED);
            return null;
        }

        /** Says something and waits for the answer; {@link #done} tells which was the last of a dump. */
        Reply ask(byte[] message) throws InterruptedException {
            Reply.Ended failure = prepare();
            CrashProcess asked = process;
            if (failure != null || asked == null) {
                return failure == null ? new Reply.Ended(new End(End.Reason.DIED, "it is gone")) : failure;
            }
            between = false;
            Reply reply = asked.ask(message, settings.wallTime());
            if (reply instanceof Reply.Ended(End end)) {
                lose(end);
            }
            return reply;
        }

        /** The process has said its last word on the dump, so that another may have it. */
        void done() {
            between = true;
        }

        /** The process has said what it must not say. */
        End breakOff(String problem) {
            End end = new End(End.Reason.PROTOCOL, problem);
            lose(end);
            return end;
        }

        private void lose(End end) {
            metrics.count(Metric.CRASH_PROCESSES_ENDED, end.reason().code());
            LOG.log(
                    end.reason() == End.Reason.DIED || end.reason() == End.Reason.PROTOCOL
                            ? Level.SEVERE
                            : Level.WARNING,
                    "a process that walks stacks has ended ({0}): {1}",
                    new Object[] {end.reason().code(), end.details()});
            discard();
        }

        private void discard() {
            if (process != null) {
                delist(process);
                process = null;
            }
        }

        @Override
        public void close() {
            if (process != null && between) {
                putIdle(process);
            } else {
                discard();
            }
            turns.release();
        }
    }

    private static boolean isHello(byte[] message) {
        try {
            return ChildMessageReader.read(message, false) instanceof ChildMessage.Hello(long protocol)
                    && protocol == PROTOCOL;
        } catch (MalformedJsonException | InvalidRequestException e) {
            return false;
        }
    }

    private synchronized int count() {
        return all.size();
    }

    /** The one that was used last, whose memory is warm; null: all are lent or gone. */
    private synchronized @Nullable CrashProcess takeIdle() {
        CrashProcess process;
        while ((process = idle.pollLast()) != null) {
            if (process.isAlive()) {
                return process;
            }
            delist(process);
        }
        return null;
    }

    private synchronized void putIdle(CrashProcess process) {
        if (closed) {
            delist(process);
        } else {
            idle.add(process);
        }
    }

    private synchronized void enlist(CrashProcess process) {
        all.add(process);
        if (closed) {
            process.close();
        }
    }

    private synchronized void delist(CrashProcess process) {
        all.remove(process);
        process.close();
    }

    /** Ends all processes, whatever they are doing. */
    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(CrashProcess::close);
        all.clear();
        idle.clear();
    }
}
