package framewright.store;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much is kept.
 *
 * @param kinds files of each of {@link #KINDS} that there is
 * @param blobs contents, each once
 */
public record Counts(Map<String, Amount> kinds, Amount blobs) {
    /** Those of debug files, and what else there is. */
    public static final List<String> KINDS = Stream.concat(
                    Arrays.stream(DebugFileKind.values()).map(DebugFileKind::wireName),
                    Stream.of("artifact_bundle", "release_file"))
            .toList();

    public static final Counts NONE = new Counts(Map.of(), new Amount(0, 0));

    public Counts {
        kinds = Map.copyOf(kinds);
    }

    /** @param bytes of their contents; one that several name counts for each */
    public record Amount(long files, long bytes) {}

    /** Of one of the kinds. */
    public Amount of(String kind) {
        return kinds.getOrDefault(kind, new Amount(0, 0));
    }
}
