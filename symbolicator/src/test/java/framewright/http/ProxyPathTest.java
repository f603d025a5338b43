package framewright.http;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.debugfiles.FileType;
import framewright.debugfiles.SymstorePath;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyPathTest {
    @ParameterizedTest
    @CsvSource({
        "_.debug/elf-buildid-sym-180a373d6afbabf0eb1f09be1bc45bd796a71085/_.debug, ELF_DEBUG",
        "libc.so.dbg/elf-buildid-sym-180a373d6afbabf0eb1f09be1bc45bd796a71085/libc.so.dbg, ELF_DEBUG",
        "libc/ELF-BuildId-Sym-180a373d6afbabf0eb1f09be1bc45bd796a71085/libc, ELF_DEBUG",
        "libc.so/elf-buildid-180a373d6afbabf0eb1f09be1bc45bd796a71085/LIBC.SO, ELF_CODE",
        "_.dwarf/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/_.dwarf, MACH_DEBUG",
        "App/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/App, MACH_DEBUG",
        "CoreFoundation/mach-uuid-67e9247c814e392ba027dbde6748fcbf/CoreFoundation, MACH_CODE",
        "kernel32.dll/590285E9e0000/kernel32.dll, PE"
    })
    void path_withACodeId_asksForThatFile(String path, FileType type) {
        SymstorePath parsed = Objects.requireNonNull(ProxyPath.parse(path));
        assertThat(parsed.type()).isEqualTo(type);
        assertThat(Objects.requireNonNull(parsed.id().codeId()).hex())
                .isEqualTo(path.replaceAll(".*[/-]([0-9a-fA-F]{12,})/.*", "$1").toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void path_ofAPdb_asksByDebugIdAndKeepsPlusSigns() {
        SymstorePath parsed =
                Objects.requireNonNull(ProxyPath.parse("c++%20x.pdb/3249D99D0C4049318610F4E4FB0B69361/c++%20x.pdb"));
        assertThat(parsed.type()).isEqualTo(FileType.PDB);
        assertThat(String.valueOf(parsed.id().debugId())).isEqualTo("3249d99d-0c40-4931-8610-f4e4fb0b6936-1");
        assertThat(parsed.id().debugFile()).isEqualTo("c++ x.pdb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/b",
                "a.pdb/xyz/a.pdb",
                "a.dll/590285E9e0000/b.dll",
                "a.dll/590285E9e0000/a.dll/more",
                "/590285E9e0000/",
                "a%zz/590285E9e0000/a%zz",
                "a.dll//a.dll",
                "a.cs/sha1-180a373d6afbabf0eb1f09be1bc45bd796a71085/a.cs",
                "a.so/elf-buildid-/a.so",
                "a.so/elf-buildid-sym/a.so",
                "a.so/elf-buildid-sym-x180a/a.so"
            })
    void path_ofAnotherForm_asksForNothing(String path) {
        assertThat(ProxyPath.parse(path)).isNull();
    }
}
