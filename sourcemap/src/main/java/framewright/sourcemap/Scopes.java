package framewright.sourcemap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scopes of a map (scopes proposal): which functions and blocks the original sources have, and where they are
 * found in generated code.
 *
 * @param originals the outermost scope of each source, in the order of the sources; null where the map has none
 * @param ranges the outermost ranges of generated code
 */
public record Scopes(List<@Nullable OriginalScope> originals, List<GeneratedRange> ranges) {
    /** Neither scopes nor ranges. */
    public static final Scopes NONE = new Scopes(List.of(), List.of());

    /** A line and column, counted from 0. */
    public record Position(int line, int column) {}

    /**
     * A scope in a source.
     *
     * @param start its first position
     * @param end the position after it
     * @param name its name, as of a function or class
     * @param kind a word for people, such as {@code function}
     * @param isStackFrame whether a call of it shows in stack traces
     * @param variables what it declares
     * @param children the scopes in it, in order
     */
    public record OriginalScope(
            Position start,
            Position end,
            @Nullable String name,
            @Nullable String kind,
            boolean isStackFrame,
            List<String> variables,
            List<OriginalScope> children) {}

    /**
     * A stretch of generated code.
     *
     * @param start its first position
     * @param end the position after it
     * @param definition the original scope it comes from, as an index into all of them in the order they open, source
     *     by source; -1 for none
     * @param stackFrameType whether a call of it shows in stack traces
     * @param callSite where an inlined function was called; null for what was not inlined
     * @param bindings for each variable of the scope the expressions of its value; none where it has no value
     * @param children the ranges in it, in order
     */
    public record GeneratedRange(
            Position start,
            Position end,
            int definition,
            StackFrameType stackFrameType,
            @Nullable CallSite callSite,
            List<List<Binding>> bindings,
            List<GeneratedRange> children) {}

    /** What a range is to a stack trace. */
    public enum StackFrameType {
        /** Not a function. */
        NONE,
        /** A function that the original has too. */
        ORIGINAL,
        /** A function that only the generated code has; traces leave it out. */
        HIDDEN
    }

    /** An original position where a function was called. */
    public record CallSite(int source, int line, int column) {}

    /** From a position on, a variable's value is what an expression gives; null where it has none. */
    public record Binding(Position from, @Nullable String expression) {}
}
