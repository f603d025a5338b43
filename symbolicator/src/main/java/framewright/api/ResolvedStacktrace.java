package framewright.api;

import java.util.List;

/**
 * One thread's stack as answered.
 *
 * @param raw the thread, which is sent back
 * @param frames in the order of the request
 */
public record ResolvedStacktrace(RawStacktrace raw, List<ResolvedFrame> frames) {}
