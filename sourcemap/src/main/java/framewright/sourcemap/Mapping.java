package framewright.sourcemap;

import org.jspecify.annotations.Nullable;

/**
 * One mapping of a map, or what a position resolved to. Lines and columns count from 0.
 *
 * @param generatedLine line where the mapping starts in generated code
 * @param generatedColumn column where it starts
 * @param source index of the source; {@link #NONE} where the generated code has no original
 * @param line original line; meaningful with a source
 * @param column original column; meaningful with a source
 * @param name index of the original name; {@link #NONE} where there is none
 * @param range whether what follows maps character by character (the range mappings proposal)
 */
public record Mapping(
        int generatedLine, int generatedColumn, int source, int line, int column, int name, boolean range) {
    /** Stands for the absence of a source or name. */
    public static final int NONE = -1;

    /** Whether there is an original position. */
    public boolean isMapped() {
        return source != NONE;
    }

    /**
     * What this mapping, the greatest that is not after a generated position, says about the position: itself on the
     * same line; in a range, the original position moved as far as the generated one is past the start, over line
     * ends too; otherwise nothing.
     */
    @Nullable
    Mapping at(int atLine, int atColumn) {
        if (!range || source == NONE) {
            return generatedLine == atLine ? this : null;
        }
        long lines = (long) atLine - generatedLine;
        long columns = lines == 0 ? (long) column + atColumn - generatedColumn : atColumn;
        return new Mapping(generatedLine, generatedColumn, source, clamp(line + lines), clamp(columns), name, true);
    }

    private static int clamp(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
