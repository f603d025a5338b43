package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Parses text that a test knows to be fine, or not. */
final class Read {
    private Read() {}

    static SourceMap map(String json) {
        return parsed(SourceMapParser.parse(MapText.bytes(json), Strictness.STRICT))
                .map();
    }

    static SourceMapParser.Parsed tolerant(String json) {
        return parsed(SourceMapParser.parse(MapText.bytes(json), Strictness.TOLERANT));
    }

    static Violation violation(String json) {
        return violation(SourceMapParser.parse(MapText.bytes(json), Strictness.STRICT));
    }

    static Violation violation(SourceMapParser.Result result) {
        assertThat(result).isInstanceOf(SourceMapParser.Malformed.class);
        return ((SourceMapParser.Malformed) result).violation();
    }

    static SourceMapParser.Parsed parsed(SourceMapParser.Result result) {
        assertThat(result).isInstanceOf(SourceMapParser.Parsed.class);
        return (SourceMapParser.Parsed) result;
    }

    /** Gives the map in both its forms, in memory and as a table on disk, to a check. */
    static void both(byte[] json, Strictness strictness, Consumer<SourceLookup> check) {
        SourceMap map = parsed(SourceMapParser.parse(json, strictness)).map();
        check.accept(map);
        withTable(map, table -> check.accept(table));
    }

    static void withTable(SourceMap map, Consumer<SourceMapTable> check) {
        try {
            Path file = Files.createTempFile("sourcemap", ".table");
            try {
                assertThat(SourceMapTables.write(map, file)).isEqualTo(Files.size(file));
                try (SourceMapTable table = SourceMapTable.open(file)) {
                    check.accept(table);
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
