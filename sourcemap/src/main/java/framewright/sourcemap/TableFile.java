package framewright.sourcemap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A mapped table as sections and numbers. Opening checks the header and that all sections lie in the file and have the
 * sizes that their counts ask for; every later access is checked against its section.
 */
final class TableFile implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment header;
    private final MemorySegment[] sections = new MemorySegment[TableLayout.SECTION_COUNT];

    private TableFile(Arena arena, MemorySegment file) {
        this.arena = arena;
        check(file.byteSize() >= TableLayout.HEADER_LENGTH, "shorter than its header");
        header = file.asSlice(0, TableLayout.HEADER_LENGTH);
        check(header.get(INT, 0) == TableLayout.MAGIC, "not a table");
        check(header.get(INT, 4) == TableLayout.VERSION, "version " + header.get(INT, 4));
        check(header.get(INT, 16) == TableLayout.checksum(header.toArray(JAVA_BYTE)), "damaged header");
        check(header.get(LONG, 8) == file.byteSize(), "not of its length");
        for (int i = 0; i < sections.length; i++) {
            long start = header.get(LONG, TableLayout.SECTION_TABLE + i * 16L);
            long length = header.get(LONG, TableLayout.SECTION_TABLE + i * 16L + 8);
            check(start >= 0 && length >= 0 && start <= file.byteSize() - length, "section outside of the file");
            sections[i] = file.asSlice(start, length);
        }
        checkRows(TableLayout.CHUNKS, TableLayout.CHUNK_COUNT, TableLayout.CHUNK_ROW, 0);
        checkRows(TableLayout.SOURCES, TableLayout.SOURCE_COUNT, TableLayout.SOURCE_ROW, 0);
        checkRows(TableLayout.BLOCK_KEYS, TableLayout.BLOCK_COUNT, Long.BYTES, 0);
        checkRows(TableLayout.BLOCK_STARTS, TableLayout.BLOCK_COUNT, Integer.BYTES, 1);
        checkRows(TableLayout.NAMES, TableLayout.NAME_COUNT, Integer.BYTES, 1);
        checkRows(TableLayout.FUNCTION_NAMES, TableLayout.FUNCTION_NAME_COUNT, Integer.BYTES, 1);
        checkRows(TableLayout.MODULE_PATHS, TableLayout.MODULE_PATH_COUNT, Integer.BYTES, 1);
        checkRows(TableLayout.FUNCTION_ROWS, TableLayout.FUNCTION_ROW_COUNT, TableLayout.FUNCTION_ROW, 0);
        checkRows(TableLayout.MODULE_LINES, TableLayout.MODULE_LINE_COUNT, Integer.BYTES, 0);
        check(mappings() >= 0, "fewer mappings than none");
        check(
                count(TableLayout.BLOCK_COUNT) == Math.ceilDiv(mappings(), TableLayout.BLOCK_MAPPINGS),
                "blocks do not fit the mappings");
    }

    @SuppressWarnings("MustBeClosedChecker") // The table owns the arena, and closes it with itself.
    static TableFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return new TableFile(arena, file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    int count(int headerField) {
        return header.get(INT, headerField);
    }

    int mappings() {
        return count(TableLayout.MAPPING_COUNT);
    }

    MemorySegment section(int section) {
        return sections[section];
    }

    int integer(int section, long at) {
        checkRange(section, at, Integer.BYTES);
        return sections[section].get(INT, at);
    }

    long longInteger(int section, long at) {
        checkRange(section, at, Long.BYTES);
        return sections[section].get(LONG, at);
    }

    byte[] bytes(int section, long at, int length) {
        checkRange(section, at, length);
        return sections[section].asSlice(at, length).toArray(JAVA_BYTE);
    }

    /** A text of the header; null where it is absent. */
    @Nullable
    String headerText(int at) {
        return text(header.get(INT, at), header.get(INT, at + 4));
    }

    /** A text by its offset and length; null where it is absent. */
    @Nullable
    String text(int offset, int length) {
        return offset == TableLayout.ABSENT ? null : utf8(Integer.toUnsignedLong(offset), length);
    }

    /** A text of a list: from its start to that of the next. */
    String listed(int section, int index) {
        long start = Integer.toUnsignedLong(integer(section, (long) index * Integer.BYTES));
        long end = Integer.toUnsignedLong(integer(section, (index + 1L) * Integer.BYTES));
        check(end - start <= Integer.MAX_VALUE, "text too long");
        return utf8(start, (int) (end - start));
    }

    static void check(boolean fine, String otherwise) {
        if (!fine) {
            throw new DamagedTableException(otherwise);
        }
    }

    private String utf8(long offset, int length) {
        return new String(bytes(TableLayout.TEXTS, offset, length), StandardCharsets.UTF_8);
    }

    private void checkRange(int section, long at, long length) {
        check(at >= 0 && length >= 0 && at <= sections[section].byteSize() - length, "outside of a section");
    }

    private void checkRows(int section, int headerField, int rowLength, int more) {
        int count = count(headerField);
        check(count >= 0 && sections[section].byteSize() == (count + (long) more) * rowLength, "section of other size");
    }

    @Override
    public void close() {
        arena.close();
    }
}
