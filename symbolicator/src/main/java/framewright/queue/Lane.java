package framewright.queue;

import framewright.api.EventKind;
import java.util.Locale;

/**
 * Where events wait, by what they are about to cost. Each is a queue of its own at the engine, so that slow work of one
 * kind holds up nothing else.
 */
public enum Lane {
    /** Where events come in: all they need is likely at hand. */
    WARM,
    /** Some file is here and has to be converted. */
    CONVERT,
    /** A file has to be fetched from a source. */
    DOWNLOAD,
    /** Scripts or maps have to be fetched from the web. */
    SCRAPE,
    /** Stacks of a minidump have to be walked first. */
    DUMP,
    /** Events of projects that have sent more than their share. */
    CROWDED,
    /** Events that are resolved again because a file has come. */
    LATE;

    /** Where an event begins, by what is known before anyone has looked. */
    public static Lane of(EventKind kind) {
        return kind == EventKind.MINIDUMP ? DUMP : WARM;
    }

    /** Stable name: in metrics, and the end of the names of queues and topics. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
