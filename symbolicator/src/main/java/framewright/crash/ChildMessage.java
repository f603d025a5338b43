package framewright.crash;

import framewright.api.RawModule;
import java.util.List;

/** What a crash process says. */
sealed interface ChildMessage {
    /** It has started. */
    record Hello(long protocol) implements ChildMessage {}

    /** It lacks these files. */
    record Need(List<Row> rows) implements ChildMessage {}

    /** @param image with the names to look for */
    record Row(int module, What what, RawModule image) {}

    /** Kinds of files that it reads. */
    enum What {
        UNWIND,
        SYMBOLS
    }

    /** The dump is walked. */
    record Done(ProcessedDump dump) implements ChildMessage {}

    /**
     * The dump cannot be walked.
     *
     * @param code {@code malformed}, {@code limit}, {@code unsupported}, {@code internal}
     * @param message a sentence
     */
    record Failed(String code, String message) implements ChildMessage {}
}
