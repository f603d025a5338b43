package framewright.api;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One thread's stack as a request describes it.
 *
 * @param threadId unsigned
 * @param registers unsigned values by name, of the innermost frame
 * @param frames in the order of the request
 */
public record RawStacktrace(
        @Nullable Long threadId,
        @Nullable String threadName,
        @Nullable Boolean isRequesting,
        SortedMap<String, Long> registers,
        List<RawFrame> frames) {}
