package framewright.debugfiles;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymstoreIndexTest {
    @Test
    void read_transaction_givesThePathsOfItsLines() {
        String transaction = """
                "crash.pdb\\3249D99D0C4049318610F4E4FB0B69361","C:\\out\\crash.pdb"\r
                "crash.exe\\5AB380779000","C:\\out\\crash.exe"
                not a line
                "no separator","x"
                "\\5AB380779000","no name"
                "name\\","no id"
                "a\\b\\c","one too many"
                "open\\1
                """;
        assertThat(SymstoreIndex.read(transaction))
                .containsExactlyInAnyOrder(
                        "crash.pdb/3249D99D0C4049318610F4E4FB0B69361/crash.pdb", "crash.exe/5AB380779000/crash.exe");
    }

    @ParameterizedTest
    @CsvSource({
        "0000000012, 12",
        "'7\r\n', 7",
        "0, 0",
        "10000, 10000",
        "10001, -1",
        "'', -1",
        "x, -1",
        "-1, -1",
        "99999999999, -1"
    })
    void lastId_isANumberWithinReason(String text, int expected) {
        assertThat(SymstoreIndex.lastId(text)).isEqualTo(expected);
    }

    @Test
    void transaction_isATenDigitNumber() {
        assertThat(SymstoreIndex.transaction(42)).isEqualTo("000Admin/0000000042");
    }

    @Property
    void read_anyText_neverThrows(@ForAll String text) {
        assertThat(SymstoreIndex.read(text)).doesNotContain("");
    }

    @ParameterizedTest
    @CsvSource({
        "crash.pdb/3249D99D0C4049318610F4E4FB0B69361/Crash.PDB, PDB",
        "crash.exe/5AB380779000/crash.exe, PE",
        "_.debug/elf-buildid-sym-dfb85de42d/_.debug, ELF_DEBUG",
        "libm.so/elf-buildid-dfb85de42d/libm.so, ELF_CODE",
        "_.dwarf/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/_.dwarf, MACH_DEBUG",
        "Crash/mach-uuid-67e9247c814e392ba027dbde6748fcbf/Crash, MACH_CODE",
    })
    void symstorePath_leadsBackToItself(String path, FileType type) {
        SymstorePath parsed = SymstorePath.parse(path);
        assertThat(parsed).isNotNull();
        assertThat(parsed.type()).isEqualTo(type);
        Layout layout = new Layout(Layout.Kind.SYMSTORE, Layout.Casing.LOWERCASE);
        assertThat(Layouts.paths(layout, parsed.type(), parsed.id())).contains(Casing.lower(path));
    }

    @ParameterizedTest
    @CsvSource({"a/b", "a/12/b", "a/12/a/a", "//", "crash.pdb/12/crash.pdb", "a/xyz/a", "a/elf-buildid-/a", "''"})
    void symstorePath_ofAnotherForm_isNone(String path) {
        assertThat(SymstorePath.parse(path)).isNull();
    }
}
