package framewright.sourcemap;

import java.util.List;

/** The functions of a generated file, collected for {@link SourceMapTables#write(GeneratedFunctions, Path)}. */
public final class GeneratedFunctions {
    /** Name of a row where no function is. */
    public static final int NO_FUNCTION = FunctionMap.UNKNOWN;

    /** Name of a row in a function without a name. */
    public static final int ANONYMOUS = FunctionMap.ANONYMOUS;

    private final FunctionMap.Builder rows;
    private long bytes = TableLayout.HEADER_LENGTH + TableLayout.SOURCE_ROW + (1 << 10);

    /** @param names that rows refer to by index */
    public GeneratedFunctions(List<String> names) {
        this.rows = new FunctionMap.Builder(names);
        for (String name : names) {
            bytes += Integer.BYTES + 3L * name.length();
        }
    }

    /** The table of these is no longer than this. */
    public long maxBytes() {
        return bytes;
    }

    /**
     * From here to the next row the innermost function is this one.
     *
     * @param line line in the file, from 0
     * @param column column, from 0
     * @param name index of its name, {@link #NO_FUNCTION} or {@link #ANONYMOUS}
     */
    public void row(int line, int column, int name) {
        rows.row(line, column, name);
        bytes += TableLayout.FUNCTION_ROW;
    }

    FunctionMap build() {
        return rows.build();
    }
}
