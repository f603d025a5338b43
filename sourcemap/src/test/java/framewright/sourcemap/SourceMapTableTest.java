package framewright.sourcemap;

import static framewright.sourcemap.MapText.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceMapTableTest {
    @TempDir
    Path folder = Path.of("");

    private Path write(String json) throws IOException {
        Path file = folder.resolve("map.table");
        SourceMapTables.write(Read.map(json), file);
        return file;
    }

    @Test
    void mappings_are_packed_as_the_layout_says() throws IOException {
        byte[] table = Files.readAllBytes(write(map(1, 1, "AAAA,IAAIA,EAAC", "")));
        ByteBuffer header = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
        int row = TableLayout.SECTION_TABLE + TableLayout.BLOCKS * 16;
        byte[] blocks = new byte[(int) header.getLong(row + 8)];
        System.arraycopy(table, (int) header.getLong(row), blocks, 0, blocks.length);
        assertThat(blocks).containsExactly(0x00, 0x41, 0x40, 0x22);
    }

    @Test
    void contents_of_any_size_come_back() throws IOException {
        String large = "line of a large source\\n".repeat(10_000);
        String json = "{\"version\":3,\"sources\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"mappings\":\"\",\"sourcesContent\":"
                + "[\"small\",null,\"" + large + "\",\"\",\"after\"]}";
        try (SourceMapTable table = SourceMapTable.open(write(json))) {
            assertThat(table.content(0)).isEqualTo("small");
            assertThat(table.content(1)).isNull();
            assertThat(table.content(2)).isEqualTo(large.replace("\\n", "\n"));
            assertThat(table.content(3)).isEmpty();
            assertThat(table.content(4)).isEqualTo("after");
            assertThat(Files.size(folder.resolve("map.table"))).isLessThan(json.length() / 10);
        }
    }

    @Test
    void indexes_that_no_lookup_gave_are_bugs() throws IOException {
        try (SourceMapTable table = SourceMapTable.open(write(map(1, 1, "AAAA", "")))) {
            assertThatThrownBy(() -> table.source(1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.content(-1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.name(1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void a_closed_table_answers_no_more() throws IOException {
        SourceMapTable table = SourceMapTable.open(write(map(1, 0, "AAAA", "")));
        table.close();
        assertThatThrownBy(() -> table.lookup(0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_table_that_was_unlinked_still_answers() throws IOException {
        Path file = write(map(1, 0, "AAAA", ""));
        try (SourceMapTable table = SourceMapTable.open(file)) {
            Files.delete(file);
            assertThat(table.lookup(0, 0)).isNotNull();
        }
    }

    @Test
    void files_that_are_no_tables_are_refused() throws IOException {
        Path file = folder.resolve("other");
        assertThatThrownBy(() -> SourceMapTable.open(file)).isInstanceOf(NoSuchFileException.class);
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> SourceMapTable.open(file)).isInstanceOf(DamagedTableException.class);
        Files.write(file, new byte[1000]);
        assertThatThrownBy(() -> SourceMapTable.open(file)).hasMessage("not a table");
    }

    @Test
    void tables_of_another_version_are_refused() throws IOException {
        Path file = write(map(1, 0, "AAAA", ""));
        byte[] table = Files.readAllBytes(file);
        table[4]++;
        Files.write(file, table);
        assertThatThrownBy(() -> SourceMapTable.open(file)).hasMessage("version " + (SourceMapTables.VERSION + 1));
    }
}
