package framewright.queue;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine keeps.
 *
 * @param key {@code project/event}: what is told apart, and by what a broker may spread
 * @param priority from 0 to 9, the highest first where the engine knows priorities
 * @param headers short texts, also for those who look at the broker; control characters become spaces
 * @param body not looked at by engines; not changed by anyone
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
public record Message(String key, int priority, Map<String, String> headers, byte[] body) {
    public Message {
        Map<String, String> clean = new TreeMap<>();
        headers.forEach((name, value) -> clean.put(Headers.clean(name).replace('=', ' '), Headers.clean(value)));
        headers = Collections.unmodifiableMap(clean);
    }
}
