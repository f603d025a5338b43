package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Bytes that are no maps, almost maps, and tables with a byte gone wrong: values or the declared failure, always. */
class HostilePropertyTest {
    private static final String RICH = MapText.index(
            MapText.section(0, 0, MapText.map(2, 2, "AAAAA,CCCC;EADC", ",\"scopes\":\"BHAAAC,DC,CKA,ECAA,GB,FK\"")),
            MapText.section(
                    3,
                    4,
                    MapText.map(
                            2,
                            0,
                            "AAAA;".repeat(200) + "A",
                            ",\"sourcesContent\":[\"some text\",\"\\u00e9\\n\"],\"rangeMappings\":\";B\","
                                    + "\"ignoreList\":[1],\"x_facebook_sources\":"
                                    + "[[{\"names\":[\"f\"],\"mappings\":\"AAA,CAC\"}]]")));

    private Path file = Path.of("");
    private byte[] whole = new byte[0];

    @BeforeProperty
    void makeTable() throws IOException {
        file = Files.createTempFile("hostile", ".table");
        SourceMapTables.write(Read.map(RICH), file);
        whole = Files.readAllBytes(file);
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.deleteIfExists(file);
    }

    @Property(tries = 1000)
    void any_bytes_are_parsed_or_refused(@ForAll byte[] bytes) {
        askAll(bytes);
    }

    @Property(tries = 1000)
    void texts_of_the_fields_of_maps_are_parsed_or_refused(@ForAll("almostMaps") String text) {
        askAll(MapText.bytes(text));
    }

    @Property(tries = 1000)
    void maps_with_bytes_changed_or_cut_off_are_parsed_or_refused(
            @ForAll @IntRange(max = 10_000) int at, @ForAll byte value, @ForAll @IntRange(max = 3) int mode) {
        byte[] bytes = MapText.bytes(RICH);
        int place = at % bytes.length;
        if (mode == 0) {
            bytes = Arrays.copyOf(bytes, place);
        } else if (mode == 1) {
            bytes[place] = value;
        } else if (mode == 2) {
            bytes[place] = (byte) "{}[]\",:;A+/0".charAt((value & 0xFF) % 12);
        } else {
            byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
            System.arraycopy(bytes, place + 1, shorter, place, shorter.length - place);
            bytes = shorter;
        }
        askAll(bytes);
    }

    @Property(tries = 1000)
    void damaged_tables_are_refused_or_answer(
            @ForAll @IntRange(max = 100_000) int at, @ForAll byte value, @ForAll boolean cut) throws IOException {
        byte[] table = whole.clone();
        int place = at % table.length;
        if (cut) {
            table = Arrays.copyOf(table, place);
        } else {
            table[place] = value;
        }
        askDamaged(table);
    }

    /** Headers cannot be damaged by accident; this damage knows the checksum. */
    @Property(tries = 1000)
    void forged_headers_are_refused_or_answer(
            @ForAll @IntRange(min = 20, max = TableLayout.HEADER_LENGTH - 1) int at, @ForAll byte value)
            throws IOException {
        byte[] table = whole.clone();
        table[at] = value;
        int checksum = TableLayout.checksum(table);
        for (int i = 0; i < 4; i++) {
            table[16 + i] = (byte) (checksum >>> (8 * i));
        }
        askDamaged(table);
    }

    @Provide
    Arbitrary<String> almostMaps() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"version\":3",
                        "\"sources\":[\"a\",null]",
                        "\"mappings\":\"",
                        "\"mappings\":\"AAAA;CAAC\"",
                        "AAAA",
                        ";",
                        "g",
                        "\"",
                        "\"names\":[\"n\"]",
                        "\"sections\":[",
                        "{\"offset\":{\"line\":1,\"column\":2},\"map\":{",
                        "\"rangeMappings\":\"B;B\"",
                        "\"scopes\":\"BAAA,CAA\"",
                        "\"x_facebook_sources\":[[{",
                        "\"ignoreList\":[0,1]",
                        "\\u00",
                        "1e9",
                        "\"sourcesContent\":[\"x\",2]",
                        "\"debugId\":\"1\"",
                        "null")
                .list()
                .ofMaxSize(15)
                .map(parts -> String.join(parts.size() % 2 == 0 ? "," : "", parts));
    }

    private void askDamaged(byte[] table) throws IOException {
        Files.write(file, table);
        try (SourceMapTable damaged = SourceMapTable.open(file)) {
            for (Runnable question : questions(damaged)) {
                try {
                    question.run();
                } catch (DamagedTableException e) {
                    assertThat(e.getMessage()).isNotEmpty();
                }
            }
        } catch (DamagedTableException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void askAll(byte[] bytes) {
        for (Strictness strictness : Strictness.values()) {
            if (SourceMapParser.parse(bytes, strictness) instanceof SourceMapParser.Parsed parsed) {
                questions(parsed.map()).forEach(Runnable::run);
                Read.withTable(parsed.map(), table -> assertSame(parsed.map(), table));
            }
        }
    }

    private static void assertSame(SourceMap map, SourceMapTable table) {
        assertThat(table.sourceCount()).isEqualTo(map.sourceCount());
        assertThat(table.mappingCount()).isEqualTo(map.mappingCount());
        assertThat(table.hasFunctions()).isEqualTo(map.hasFunctions());
        for (int i = 0; i < map.sourceCount(); i++) {
            assertThat(table.hasContent(i)).isEqualTo(map.hasContent(i));
            assertThat(table.source(i)).isEqualTo(map.source(i));
            assertThat(table.content(i)).isEqualTo(map.content(i));
            assertThat(table.isIgnored(i)).isEqualTo(map.isIgnored(i));
            for (int line = 0; line < 12; line++) {
                assertThat(table.function(i, line, 1)).isEqualTo(map.function(i, line, 1));
            }
        }
        for (int i = 0; i < map.nameCount(); i++) {
            assertThat(table.name(i)).isEqualTo(map.name(i));
        }
        for (int line = 0; line < 12; line++) {
            for (int column = 0; column < 12; column++) {
                assertThat(table.lookup(line, column)).isEqualTo(map.lookup(line, column));
            }
        }
    }

    private static List<Runnable> questions(SourceLookup map) {
        List<Runnable> questions = new ArrayList<>();
        questions.add(map::file);
        questions.add(map::debugId);
        questions.add(map::modulePaths);
        questions.add(() -> map.moduleLine(0));
        for (int line : new int[] {0, 1, 3, 100, 203, Integer.MAX_VALUE}) {
            for (int column : new int[] {0, 2, 7, Integer.MAX_VALUE}) {
                questions.add(() -> ask(map, line, column));
            }
        }
        for (int i = 0; i < Math.min(map.sourceCount(), 5); i++) {
            int source = i;
            questions.add(() -> map.source(source));
            questions.add(() -> map.content(source));
            questions.add(() -> map.isIgnored(source));
            questions.add(() -> map.function(source, 0, 3));
        }
        for (int i = 0; i < Math.min(map.nameCount(), 5); i++) {
            int name = i;
            questions.add(() -> map.name(name));
        }
        return questions;
    }

    private static void ask(SourceLookup map, int line, int column) {
        @Nullable Mapping mapping = map.lookup(line, column);
        if (mapping != null && mapping.isMapped()) {
            map.source(mapping.source());
        }
        if (mapping != null && mapping.name() != Mapping.NONE) {
            map.name(mapping.name());
        }
    }
}
