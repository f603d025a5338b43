package framewright.nativebridge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request asks of its mappings, and what they say. Mirrors {@code rust/core/src/proguard_remap.rs}, which
 * has the rules.
 */
public final class Remapping {
    /** For a line that is not known. */
    public static final long NO_LINE = -1;

    /** Of a frame that stays as it is. */
    public static final int UNTOUCHED = -1;

    private Remapping() {}

    /**
     * @param classes obfuscated names of classes with their packages
     * @param stacks stack traces
     * @param texts stack traces as programs print them
     */
    public record Question(List<String> classes, List<Stack> stacks, List<String> texts) {}

    /**
     * @param exception obfuscated name of what was thrown
     * @param frames innermost first
     */
    public record Stack(@Nullable String exception, List<Frame> frames) {}

    /**
     * An obfuscated frame.
     *
     * @param line {@link #NO_LINE} where it has none
     * @param signature of the method as in bytecode, {@code (La/b;I)V}
     */
    public record Frame(
            String type, String method, long line, @Nullable String signature) {}

    /**
     * The answer, everything in the order of the question.
     *
     * @param classes original names, null where no mapping has the class
     * @param mapIds ids of mappings that the texts name ({@code r8-map-id-...}), each once
     * @param used of each mapping, how many frames and classes it knew
     */
    public record Answer(
            List<@Nullable String> classes,
            List<RemappedStack> stacks,
            List<String> texts,
            List<String> mapIds,
            List<Integer> used) {}

    /**
     * @param frames in place of the obfuscated ones, innermost first
     * @param counts of each obfuscated frame, how many of {@code frames} took its place, or {@link #UNTOUCHED}
     * @param signatures of each obfuscated frame, {@code (a.b, int): c}, null where it had none
     */
    public record RemappedStack(List<RemappedFrame> frames, List<Integer> counts, List<@Nullable String> signatures) {}

    /**
     * @param line {@link #NO_LINE} where it has none
     * @param synthesized whether the compiler made the method
     */
    public record RemappedFrame(
            String type, String method, long line, @Nullable String file, boolean synthesized) {}
}
