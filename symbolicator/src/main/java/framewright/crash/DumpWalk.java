package framewright.crash;

import framewright.api.CrashRequest;
import framewright.api.FailedAnswer;
import framewright.api.InvalidRequestException;
import framewright.api.MalformedJsonException;
import framewright.api.Outcome;
import framewright.cache.CachedFile;
import framewright.crash.ChildMessage.Row;
import framewright.crash.ChildMessage.What;
import framewright.nativecode.FoundUnwind;
import framewright.objects.Parallel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One dump on its way to stacks: a process reads it, says which files it lacks, gets them, and goes on. Those files stay
 * until this is closed.
 */
final class DumpWalk implements AutoCloseable {
    /** Kept of each thread, as the peer does. */
    private static final int MAX_FRAMES = 256;

    private final CrashProcesses processes;
    private final ModuleFiles files;
    private final Map<Integer, FoundUnwind> unwind = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<CachedFile> leased = new ConcurrentLinkedQueue<>();
    private final Set<Asked> asked = new HashSet<>();

    /** Look for what the answer will need, while the walk goes on. */
    private final List<Thread> scouts = new ArrayList<>();

    /** How a walk has ended. */
    sealed interface Ending {}

    record Walked(ProcessedDump dump) implements Ending {}

    record Failed(FailedAnswer answer) implements Ending {}

    /** A file that was asked for. */
    private record Asked(int module, What what) {}

    DumpWalk(CrashProcesses processes, ModuleFiles files) {
        this.processes = processes;
        this.files = files;
    }

    /** Walks the stacks of a dump. */
    Ending walk(Path dump, CrashRequest request) throws InterruptedException {
        try (CrashProcesses.Lent process = processes.lend()) {
            byte[] message = Order.process(dump, MAX_FRAMES, processes.memoryBytes(), request);
            while (true) {
                switch (process.ask(message)) {
                    case Reply.Ended(End end) -> {
                        return failed(end);
                    }
                    case Reply.Message(byte[] bytes) -> {
                        ChildMessage said = read(bytes, request.extended());
                        switch (said) {
                            case ChildMessage.Need(List<Row> rows) when isNew(rows) -> message = provide(rows);
                            case ChildMessage.Done(ProcessedDump walked) -> {
                                process.done();
                                return new Walked(walked);
                            }
                            case ChildMessage.Failed failure -> {
                                process.done();
                                return failed(failure);
                            }
                            case null, default -> {
                                return failed(process.breakOff("a message that does not belong here"));
                            }
                        }
                    }
                }
            }
        }
    }

    /** With what the stacks of a module were walked; null: with nothing of its own. */
    @Nullable
    FoundUnwind unwind(int module) {
        return unwind.get(module);
    }

    private static @Nullable ChildMessage read(byte[] message, boolean notes) {
        try {
            return ChildMessageReader.read(message, notes);
        } catch (MalformedJsonException | InvalidRequestException e) {
            return null;
        }
    }

    /** Each file is asked for once, so that asking comes to an end. */
    private boolean isNew(List<Row> rows) {
        boolean fresh = !rows.isEmpty();
        for (Row row : rows) {
            fresh &= asked.add(new Asked(row.module(), row.what()));
        }
        return fresh;
    }

    /** Finds the files, all at once. */
    private byte[] provide(List<Row> rows) throws InterruptedException {
        List<Callable<Order.Provided>> tasks = new ArrayList<>();
        for (Row row : rows) {
            tasks.add(() -> new Order.Provided(row, find(row)));
            if (row.what() == What.UNWIND) {
                scouts.add(Thread.ofVirtual().name("scout").start(() -> files.lookAhead(row.image())));
            }
        }
        return Order.provide(Parallel.all(tasks));
    }

    /** Null: there is none. */
    private @Nullable Path find(Row row) throws InterruptedException {
        CachedFile file = switch (row.what()) {
            case UNWIND -> {
                FoundUnwind found = files.unwind(row.image());
                unwind.put(row.module(), found);
                yield found.table();
            }
            case SYMBOLS ->
                files.symbols(row.image()) instanceof Outcome.Found<CachedFile>(CachedFile table) ? table : null;
        };
        if (file == null) {
            return null;
        }
        leased.add(file);
        return file.path();
    }

    private static Failed failed(End end) {
        List<String> causes = new ArrayList<>();
        causes.add(end.reason().sentence());
        return new Failed(new FailedAnswer(
                "the minidump could not be processed: " + end.reason().code(), causes));
    }

    private static Failed failed(ChildMessage.Failed failure) {
        List<String> causes = failure.code().equals("limit")
                ? List.of(
                        "It needs more than the server allows: raise `crash_processes.memory`, or send a smaller dump.")
                : List.of();
        return new Failed(new FailedAnswer(failure.message(), causes));
    }

    /** Gives the files back. */
    @Override
    public void close() {
        scouts.forEach(Thread::interrupt);
        leased.forEach(CachedFile::close);
    }
}
