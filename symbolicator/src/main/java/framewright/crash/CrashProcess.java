package framewright.crash;

import framewright.crash.End.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process that walks stacks, from its start to its end. A message is a little-endian number of bytes, then so much
 * JSON; it answers each with one. Used by one thread at a time.
 *
 * <p>It has a platform thread of its own, which starts it and waits for its answers: reading from a pipe cannot be
 * interrupted, and would hold the carrier of a virtual thread. When this server is killed, its input ends and so does it.
 */
final class CrashProcess implements AutoCloseable {
    /** Either side gives up on the other beyond this. */
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private static final Duration LAST_MOMENTS = Duration.ofSeconds(5);

    private static final int SIGNALLED = 128;
    private static final int SIGABRT = 6;
    private static final int SIGKILL = 9;
    private static final int SIGXCPU = 24;

    private final List<String> command;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("crash-process").daemon().factory());
    private volatile @Nullable Process process;
    private volatile @Nullable LastWords lastWords;
    private volatile boolean closed;

    /** @param command the program with its options */
    CrashProcess(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** Starts it; its first message is the answer. */
    Reply start(Duration limit) throws InterruptedException {
        return await(this::begin, limit);
    }

    /** Says something and waits for the answer; one that does not come in time ends the process. */
    Reply ask(byte[] message, Duration limit) throws InterruptedException {
        return await(() -> exchange(message), limit);
    }

    boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    private Reply await(Callable<Reply> turn, Duration limit) throws InterruptedException {
        Future<Reply> reply = thread.submit(turn);
        boolean answered = false;
        try {
            Reply came = reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            answered = true;
            return came;
        } catch (TimeoutException e) {
            return new Reply.Ended(new End(Reason.WALL_TIME, "no answer within " + limit));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            if (!answered) {
                close();
            }
        }
    }

    private Reply begin() {
        ProcessBuilder builder = new ProcessBuilder(command);
        // what it reads is hostile; it must hold no secret of ours
        builder.environment().clear();
        try {
            Process started = builder.start();
            process = started;
            if (closed) {
                started.destroyForcibly();
            }
            lastWords = LastWords.of(started.getErrorStream());
            return read(started);
        } catch (IOException e) {
            return new Reply.Ended(new End(Reason.NOT_STARTED, String.valueOf(e.getMessage())));
        }
    }

    private Reply exchange(byte[] message) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        try {
            OutputStream to = running.getOutputStream();
            to.write(number(message.length));
            to.write(message);
            to.flush();
        } catch (IOException e) {
            return new Reply.Ended(end(running));
        }
        return read(running);
    }

    private Reply read(Process running) {
        try {
            DataInputStream from = new DataInputStream(running.getInputStream());
            int length = Integer.reverseBytes(from.readInt());
            if (length < 0 || length > MAX_MESSAGE_BYTES) {
                running.destroyForcibly();
                return new Reply.Ended(
                        new End(Reason.PROTOCOL, "a message of " + Integer.toUnsignedString(length) + " bytes"));
            }
            // grows with what comes, not with what was promised
            byte[] message = from.readNBytes(length);
            return message.length < length ? new Reply.Ended(end(running)) : new Reply.Message(message);
        } catch (IOException e) {
            return new Reply.Ended(end(running));
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** What its exit status says of its end. */
    private End end(Process ended) {
        try {
            if (!ended.waitFor(LAST_MOMENTS)) {
                ended.destroyForcibly();
                return new End(Reason.PROTOCOL, "it closed its output and went on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new End(Reason.DIED, "closing");
        }
        LastWords words = lastWords;
        String said = words == null ? "" : words.await(LAST_MOMENTS);
        int status = ended.exitValue();
        Reason reason = switch (status - SIGNALLED) {
            case SIGXCPU -> Reason.CPU_TIME;
            // the system's own, for want of memory: ours has come to its end before
            case SIGKILL -> Reason.MEMORY;
            case SIGABRT -> aborted(said);
            default -> Reason.DIED;
        };
        return new End(reason, "exit status " + status + (said.isEmpty() ? "" : ": " + said));
    }

    /** What the last words of Rust's runtime, which aborts for either, say. */
    private static Reason aborted(String said) {
        if (said.contains("memory allocation of")) {
            return Reason.MEMORY;
        }
        return said.contains("has overflowed its stack") ? Reason.STACK : Reason.DIED;
    }

    /** Ends it, whatever it is doing. */
    @Override
    public void close() {
        closed = true;
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        thread.shutdown();
    }
}
