package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedFunctionsTest {
    @TempDir
    private Path folder;

    @Test
    void write_tableAnswersForThePositionsOfTheFile_withinItsBound() throws Exception {
        GeneratedFunctions functions = new GeneratedFunctions(List.of("outer", "innér"));
        functions.row(0, 4, 0);
        functions.row(0, 10, GeneratedFunctions.ANONYMOUS);
        functions.row(2, 0, 1);
        functions.row(2, 7, GeneratedFunctions.NO_FUNCTION);
        Path file = folder.resolve("table");
        long bytes = SourceMapTables.write(functions, file);
        assertThat(bytes).isEqualTo(Files.size(file)).isLessThanOrEqualTo(functions.maxBytes());
        try (SourceMapTable table = SourceMapTable.open(file)) {
            assertThat(table.hasFunctions()).isTrue();
            assertThat(table.function(0, 0, 3)).isEqualTo(new FunctionName.Unknown());
            assertThat(table.function(0, 0, 9)).isEqualTo(new FunctionName.Named("outer"));
            assertThat(table.function(0, 1, 99)).isEqualTo(new FunctionName.Anonymous());
            assertThat(table.function(0, 2, 6)).isEqualTo(new FunctionName.Named("innér"));
            assertThat(table.function(0, 2, 7)).isEqualTo(new FunctionName.Unknown());
            assertThat(table.lookup(0, 4)).isNull();
            assertThat(table.hasContent(0)).isFalse();
        }
    }
}
