package framewright.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How full a lane is.
 *
 * @param messages those that wait and those that some node has
 * @param oldest since when the oldest of them waits; null: there is none, or the engine cannot tell
 */
public record Depth(long messages, @Nullable Instant oldest) {}
