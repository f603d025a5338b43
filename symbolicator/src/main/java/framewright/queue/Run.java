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

    /** The same message, for another lane. */
    static Message sentOn(Message message) {
        Run run = of(message);
        return new Run(run.name, run.reason, run.hops + 1).in(message);
    }

    /** The message, saying so. */
    Message in(Message message) {
        Map<String, String> headers = new TreeMap<>(message.headers());
        headers.put(NAME, name);
        headers.put(REASON, reason.wireName());
        headers.put(HOPS, Integer.toString(hops));
        return new Message(message.key(), message.priority(), headers, message.body());
    }
}
