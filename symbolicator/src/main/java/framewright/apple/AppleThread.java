package framewright.apple;

import framewright.api.RawFrame;
import framewright.api.RawStacktrace;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A thread while its report is read. */
final class AppleThread {
    /** Name of the stack that is no thread's: where the exception was thrown that nobody caught. */
    static final String LAST_EXCEPTION = "Last Exception Backtrace";

    /** How reports name a thread that has no name, but works off a queue. */
    static final String QUEUE = "Dispatch queue: ";

    @Nullable
    Long id;

    @Nullable
    String name;

    boolean crashed;
    final List<RawFrame> frames = new ArrayList<>();
    SortedMap<String, Long> registers = new TreeMap<>();

    /** The backtrace of an exception. */
    static AppleThread thrown(String name) {
        AppleThread thread = new AppleThread();
        thread.name = name;
        return thread;
    }

    /** As a request has it. */
    RawStacktrace stacktrace() {
        if (id == null && !frames.isEmpty()) {
            // the innermost frame of a thread is where it stands, that of a backtrace is a return address like all
            frames.getFirst().adjustInstructionAddr = true;
        }
        return new RawStacktrace(id, name, crashed, registers, frames);
    }
}
