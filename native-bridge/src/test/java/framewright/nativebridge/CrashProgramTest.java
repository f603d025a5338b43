package framewright.nativebridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The crash program as the jar carries it, and the tables that it reads. */
class CrashProgramTest {
    private static final Path ELF = Path.of("../rust/core/tests/fixtures/elf-dwarf5.so");

    @TempDir
    Path temp;

    @Test
    void path_isAnExecutableThatSaysHelloAndEndsWithItsInput() throws Exception {
        Path program = CrashProgram.path();
        assertThat(program).isExecutable().isEqualTo(CrashProgram.path());
        Process process = new ProcessBuilder(program.toString(), "--memory-bytes", "268435456").start();
        try (DataInputStream from = new DataInputStream(process.getInputStream())) {
            byte[] hello = from.readNBytes(Integer.reverseBytes(from.readInt()));
            assertThat(new String(hello, StandardCharsets.UTF_8)).startsWith("{\"hello\":{\"protocol\":1,");
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void build_ofAnObjectWithUnwindInformation_writesATableOfTheToldSize() throws IOException {
        Path table = temp.resolve("table");
        UnwindTables.Built built = UnwindTables.build(ELF, table, 1 << 20, 128).orThrow();
        assertThat(built.records()).isPositive();
        assertThat(Files.size(table)).isEqualTo(built.bytes());
    }

    @Test
    void build_beyondItsBound_isALimitAndLeavesNoFile() {
        Path table = temp.resolve("table");
        NativeResult<UnwindTables.Built> result = UnwindTables.build(ELF, table, 200, 128);
        assertThat(result)
                .isInstanceOfSatisfying(
                        NativeResult.Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo("output_too_large"));
        assertThat(table).doesNotExist();
    }
}
