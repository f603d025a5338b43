package framewright.queue;

import framewright.api.EventResult.Reason;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why an event is worked on, and which time it is.
 *
 * @param name tells it from all other runs of the event; one that has ended is never done again
 * @param hops how often the event was sent on from lane to lane
 */
record Run(String name, Reason reason, int hops) {
    private static final String NAME = "run";
    private static final String REASON = "reason";
    private static final String HOPS = "hops";
    private static final String TAKEN = "taken";

    /** The event has just come. */
    static final Run FIRST = new Run("first", Reason.FIRST, 0);

    /** As a message says it. */
    static Run of(Message message) {
        Map<String, String> headers = message.headers();
        String hops = headers.getOrDefault(HOPS, "0");
        return new Run(
                headers.getOrDefault(NAME, FIRST.name),
                Reason.of(headers.get(REASON)),
                hops.matches("[0-9]{1,4}") ? Integer.parseInt(hops) : 0);
    }

    /** The message of an event that is taken in now. */
    static Message taken(Message message, long now) {
        return with(message, Map.of(TAKEN, Long.toString(now)));
    }

    /** When the event was taken in, in milliseconds; where the message does not say, it has just come. */
    static long takenAt(Message message, long now) {
        String taken = message.headers().getOrDefault(TAKEN, "");
        return taken.matches("[0-9]{1,15}") ? Math.min(now, Long.parseLong(taken)) : now;
    }

    /** The same message, for another lane. */
    static Message sentOn(Message message) {
        Run run = of(message);
        return new Run(run.name, run.reason, run.hops + 1).in(message);
    }

    /** The message, saying so. */
    Message in(Message message) {
        return with(message, Map.of(NAME, name, REASON, reason.wireName(), HOPS, Integer.toString(hops)));
    }

    private static Message with(Message message, Map<String, String> more) {
        Map<String, String> headers = new TreeMap<>(message.headers());
        headers.putAll(more);
        return new Message(message.key(), message.priority(), headers, message.body());
    }
}
