package framewright.apple;

import framewright.api.RawFrame;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is kept of a report while it is read, within bounds that real ones stay far below. */
final class Kept {
    private static final int MAX_FRAMES = 250_000;
    private static final int MAX_THREADS = 20_000;
    private static final int MAX_MODULES = 20_000;

    private final List<AppleThread> threads = new ArrayList<>();
    private final List<RawModule> modules = new ArrayList<>();
    private int frames;

    List<AppleThread> threads() {
        return threads;
    }

    /** The stacks as a request has them: of all threads, then those of exceptions. */
    List<RawStacktrace> stacktraces() {
        return threads.stream()
                .sorted(Comparator.comparing(thread -> thread.id == null))
                .map(AppleThread::stacktrace)
                .toList();
    }

    List<RawModule> modules() {
        return modules;
    }

    AppleThread add(AppleThread thread) {
        check(threads.size(), MAX_THREADS, "threads");
        threads.add(thread);
        return thread;
    }

    void add(RawModule module) {
        check(modules.size(), MAX_MODULES, "images");
        modules.add(module);
    }

    void add(AppleThread to, RawFrame frame) {
        check(frames, MAX_FRAMES, "frames");
        frames++;
        to.frames.add(frame);
    }

    private static void check(int count, int max, String what) {
        if (count >= max) {
            throw new TooMuchException("the report has more than " + max + " " + what);
        }
    }
}
