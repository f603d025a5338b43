package framewright.sourcemap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A map on disk, asked without being read: lookups touch a few pages of the mapped file. Written by {@link
 * SourceMapTables}. Safe for any number of threads. Methods throw {@link DamagedTableException} where the file turns
 * out to be damaged, and {@link IllegalStateException} after {@link #close}.
 */
public final class SourceMapTable implements SourceLookup, AutoCloseable {
    /** No deflate stream inflates to more than this many times its length, give or take its end. */
    private static final long MAX_INFLATION = 1032;

    private final TableFile file;
    private final PackedMappings mappings;

    private SourceMapTable(TableFile file) {
        this.file = file;
        this.mappings = new PackedMappings(
                file.section(TableLayout.BLOCK_KEYS),
                file.section(TableLayout.BLOCK_STARTS),
                file.section(TableLayout.BLOCKS),
                file.mappings(),
                file.count(TableLayout.SOURCE_COUNT),
                file.count(TableLayout.NAME_COUNT));
    }

    /**
     * Maps a table.
     *
     * @param path the file; it must be whole, and may be unlinked but not changed while it is open
     * @throws IOException if the file cannot be opened
     * @throws DamagedTableException if it is no table of {@link SourceMapTables#VERSION}, or a broken one
     */
    public static SourceMapTable open(Path path) throws IOException {
        return new SourceMapTable(TableFile.open(path));
    }

    @Override
    public @Nullable Mapping lookup(int line, int column) {
        return mappings.lookup(line, column);
    }

    /** How many mappings there are. */
    public int mappingCount() {
        return file.mappings();
    }

    @Override
    public boolean hasFunctions() {
        return file.count(TableLayout.FUNCTION_ROW_COUNT) > 0;
    }

    @Override
    public @Nullable String file() {
        return file.headerText(TableLayout.FILE);
    }

    @Override
    public @Nullable String debugId() {
        return file.headerText(TableLayout.DEBUG_ID);
    }

    @Override
    public int sourceCount() {
        return file.count(TableLayout.SOURCE_COUNT);
    }

    @Override
    public @Nullable String source(int index) {
        return file.text(sourceField(index, 0), sourceField(index, 4));
    }

    @Override
    public boolean hasContent(int index) {
        return sourceField(index, 8) != TableLayout.ABSENT;
    }

    @Override
    public @Nullable String content(int index) {
        int chunk = sourceField(index, 8);
        if (chunk == TableLayout.ABSENT) {
            return null;
        }
        TableFile.check(chunk >= 0 && chunk < file.count(TableLayout.CHUNK_COUNT), "chunk that is not there");
        byte[] inflated = inflated(chunk);
        int offset = sourceField(index, 12);
        int length = sourceField(index, 16);
        TableFile.check(offset >= 0 && length >= 0 && offset <= inflated.length - length, "outside of its chunk");
        return new String(inflated, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean isIgnored(int index) {
        return (sourceField(index, 20) & 1) != 0;
    }

    @Override
    public int nameCount() {
        return file.count(TableLayout.NAME_COUNT);
    }

    @Override
    public String name(int index) {
        Objects.checkIndex(index, nameCount());
        return file.listed(TableLayout.NAMES, index);
    }

    @Override
    public FunctionName function(int source, int line, int column) {
        int first = sourceField(source, 24);
        int count = sourceField(source, 28);
        int all = file.count(TableLayout.FUNCTION_ROW_COUNT);
        TableFile.check(first >= 0 && count >= 0 && first <= all - count, "function rows that are not there");
        long position = MappingsDecoder.position(line, column);
        int low = first;
        int high = first + count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (file.longInteger(TableLayout.FUNCTION_ROWS, (long) middle * TableLayout.FUNCTION_ROW) <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int name = low == first
                ? FunctionMap.UNKNOWN
                : file.integer(TableLayout.FUNCTION_ROWS, (low - 1L) * TableLayout.FUNCTION_ROW + Long.BYTES);
        return switch (name) {
            case FunctionMap.UNKNOWN -> new FunctionName.Unknown();
            case FunctionMap.ANONYMOUS -> new FunctionName.Anonymous();
            default -> new FunctionName.Named(functionName(name));
        };
    }

    @Override
    public List<String> modulePaths() {
        return IntStream.range(0, file.count(TableLayout.MODULE_PATH_COUNT))
                .mapToObj(i -> file.listed(TableLayout.MODULE_PATHS, i))
                .toList();
    }

    @Override
    public int moduleLine(int module) {
        return module < 0 || module >= file.count(TableLayout.MODULE_LINE_COUNT)
                ? TableLayout.ABSENT
                : file.integer(TableLayout.MODULE_LINES, (long) module * Integer.BYTES);
    }

    @Override
    public void close() {
        file.close();
    }

    private String functionName(int name) {
        TableFile.check(name >= 0 && name < file.count(TableLayout.FUNCTION_NAME_COUNT), "function without a name");
        return file.listed(TableLayout.FUNCTION_NAMES, name);
    }

    private int sourceField(int index, int field) {
        Objects.checkIndex(index, sourceCount());
        return file.integer(TableLayout.SOURCES, (long) index * TableLayout.SOURCE_ROW + field);
    }

    private byte[] inflated(int chunk) {
        long row = (long) chunk * TableLayout.CHUNK_ROW;
        int packed = file.integer(TableLayout.CHUNKS, row + 8);
        int length = file.integer(TableLayout.CHUNKS, row + 12);
        byte[] bytes = file.bytes(TableLayout.CHUNK_DATA, file.longInteger(TableLayout.CHUNKS, row), packed);
        TableFile.check(length >= 0 && length <= (packed + 1) * MAX_INFLATION, "chunk of impossible length");
        byte[] inflated = new byte[length];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(bytes);
            int size = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(inflated, size, length - size);
                size += more;
                TableFile.check(more > 0 || inflater.finished(), "chunk of another length");
            }
            TableFile.check(size == length, "chunk of another length");
            return inflated;
        } catch (DataFormatException e) {
            throw new DamagedTableException("damaged chunk");
        }
    }
}
