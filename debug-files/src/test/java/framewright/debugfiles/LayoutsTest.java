package framewright.debugfiles;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.debugfiles.Layout.Casing;
import framewright.debugfiles.Layout.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LayoutsTest {
    private static final ObjectId ANY = new ObjectId(
            ObjectType.UNKNOWN,
            Samples.ELF.codeId(),
            Samples.ELF.codeFile(),
            Samples.ELF.debugId(),
            Samples.ELF.debugFile(),
            null);

    private static ObjectId sample(String name) {
        return switch (name) {
            case "elf" -> Samples.ELF;
            case "macho" -> Samples.MACHO;
            case "pe" -> Samples.PE;
            case "dotnet" -> Samples.DOTNET;
            case "wasm" -> Samples.WASM;
            case "jvm" -> Samples.JVM;
            case "map_id" -> Samples.JVM_BY_MAP_ID;
            default -> ANY;
        };
    }

    private static List<String> paths(Kind kind, FileType type, ObjectId id) {
        return Layouts.paths(new Layout(kind, Casing.DEFAULT), type, id);
    }

    /** Every cell of the table that has paths, in the order of trying. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            native | elf_code | elf | df/b85de42daffd09640c8fe377d572de3e168920
            native | elf_debug | elf | df/b85de42daffd09640c8fe377d572de3e168920.debug
            native | elf_debug | macho | 67/e9247c814e392ba027dbde6748fcbf.debug
            native | mach_code | macho | 67E9/247C/814E/392B/A027/DBDE6748FCBF.app
            native | mach_debug | macho | 67E9/247C/814E/392B/A027/DBDE6748FCBF
            native | mach_debug | pe | 3249/D99D/0C40/4931/8610/F4E4FB0B6936
            native | pdb | pe | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pdb Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pd_
            native | portablepdb | pe | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pdb
            native | pdb | dotnet | Portable.Embedded.pdb/B6919861510C48879994943F64F70C37ffffffff/Portable.Embedded.pdb Portable.Embedded.pdb/B6919861510C48879994943F64F70C37ffffffff/Portable.Embedded.pd_
            native | portablepdb | dotnet | Portable.Embedded.pdb/B6919861510C48879994943F64F70C37ffffffff/Portable.Embedded.pdb
            native | portablepdb | wasm | demo.wasm/BDA18FD85D4A4EB893022D6BFAD846B10/demo.wasm
            native | pdb | macho | Crash/67E9247C814E392BA027DBDE6748FCBF0/Crash Crash/67E9247C814E392BA027DBDE6748FCBF0/Cras_
            native | pe | pe | Crash.exe/5AB380779000/Crash.exe Crash.exe/5AB380779000/Crash.ex_
            native | wasm_code | wasm | bd/a18fd85d4a4eb893022d6bfad846b1
            native | wasm_debug | wasm | bd/a18fd85d4a4eb893022d6bfad846b1.debug
            native | breakpad | pe | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.sym
            native | breakpad | macho | Crash/67E9247C814E392BA027DBDE6748FCBF0/Crash.sym
            native | breakpad | elf | libM-2.23.so/E45DB8DFAF2D09FD640C8FE377D572DE0/libM-2.23.so.sym
            native | breakpad | dotnet | Portable.Embedded.pdb/B6919861510C48879994943F64F70C37870b9ef9/Portable.Embedded.sym
            native | sourcebundle | elf | df/b85de42daffd09640c8fe377d572de3e168920.src.zip libM-2.23.so/E45DB8DFAF2D09FD640C8FE377D572DE0/libM-2.23.so.src.zip
            native | sourcebundle | macho | 67E9/247C/814E/392B/A027/DBDE6748FCBF.src.zip Crash/67E9247C814E392BA027DBDE6748FCBF0/Crash.src.zip
            native | sourcebundle | pe | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.src.zip
            native | sourcebundle | dotnet | Portable.Embedded.pdb/B6919861510C48879994943F64F70C37ffffffff/Portable.Embedded.src.zip Portable.Embedded.pdb/B6919861510C48879994943F64F70C37870b9ef9/Portable.Embedded.src.zip
            native | sourcebundle | wasm | bd/a18fd85d4a4eb893022d6bfad846b1.src.zip
            native | sourcebundle | any | libM-2.23.so/E45DB8DFAF2D09FD640C8FE377D572DE0/libM-2.23.so.src.zip
            symstore | elf_code | elf | libM-2.23.so/elf-buildid-dfb85de42daffd09640c8fe377d572de3e168920/libM-2.23.so
            symstore | elf_debug | elf | _.debug/elf-buildid-sym-dfb85de42daffd09640c8fe377d572de3e168920/_.debug
            symstore | mach_code | macho | Crash/mach-uuid-67e9247c814e392ba027dbde6748fcbf/Crash
            symstore | mach_debug | macho | _.dwarf/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/_.dwarf
            symstore | pdb | pe | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pdb Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pd_
            symstore | portablepdb | dotnet | Portable.Embedded.pdb/B6919861510C48879994943F64F70C37ffffffff/Portable.Embedded.pdb
            symstore | pe | pe | Crash.exe/5AB380779000/Crash.exe Crash.exe/5AB380779000/Crash.ex_
            symstore | sourcebundle | pe | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.src.zip
            symstore_index2 | elf_code | elf | li/libM-2.23.so/elf-buildid-dfb85de42daffd09640c8fe377d572de3e168920/libM-2.23.so
            symstore_index2 | elf_debug | elf | _/_.debug/elf-buildid-sym-dfb85de42daffd09640c8fe377d572de3e168920/_.debug
            symstore_index2 | mach_code | macho | Cr/Crash/mach-uuid-67e9247c814e392ba027dbde6748fcbf/Crash
            symstore_index2 | mach_debug | macho | _/_.dwarf/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/_.dwarf
            symstore_index2 | pdb | pe | Cr/Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pdb Cr/Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pd_
            symstore_index2 | pe | pe | Cr/Crash.exe/5AB380779000/Crash.exe Cr/Crash.exe/5AB380779000/Crash.ex_
            symstore_index2 | sourcebundle | pe | Cr/Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.src.zip
            ssqp | elf_code | elf | libm-2.23.so/elf-buildid-dfb85de42daffd09640c8fe377d572de3e168920/libm-2.23.so
            ssqp | elf_debug | elf | _.debug/elf-buildid-sym-dfb85de42daffd09640c8fe377d572de3e168920/_.debug
            ssqp | mach_code | macho | crash/mach-uuid-67e9247c814e392ba027dbde6748fcbf/crash
            ssqp | mach_debug | macho | _.dwarf/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/_.dwarf
            ssqp | pdb | pe | crash.pdb/3249d99d0c4049318610f4e4fb0b69361A/crash.pdb crash.pdb/3249d99d0c4049318610f4e4fb0b69361A/crash.pd_
            ssqp | portablepdb | dotnet | portable.embedded.pdb/b6919861510c48879994943f64f70c37FFFFFFFF/portable.embedded.pdb
            ssqp | pe | pe | crash.exe/5ab380779000/crash.exe crash.exe/5ab380779000/crash.ex_
            ssqp | sourcebundle | pe | crash.pdb/3249d99d0c4049318610f4e4fb0b69361A/crash.src.zip
            debuginfod | elf_code | elf | dfb85de42daffd09640c8fe377d572de3e168920/executable
            debuginfod | elf_debug | elf | dfb85de42daffd09640c8fe377d572de3e168920/debuginfo
            unified | elf_code | elf | df/b85de42daffd09640c8fe377d572de3e168920/executable
            unified | elf_debug | elf | df/b85de42daffd09640c8fe377d572de3e168920/debuginfo
            unified | mach_code | macho | 67/e9247c814e392ba027dbde6748fcbf/executable
            unified | mach_debug | macho | 67/e9247c814e392ba027dbde6748fcbf/debuginfo
            unified | pe | pe | 32/49d99d0c4049318610f4e4fb0b69361a/executable 32/49d99d0c4049318610f4e4fb0b69361a/executabl_
            unified | pdb | pe | 32/49d99d0c4049318610f4e4fb0b69361a/debuginfo 32/49d99d0c4049318610f4e4fb0b69361a/debuginf_
            unified | portablepdb | dotnet | b6/919861510c48879994943f64f70c37870b9ef9/debuginfo
            unified | wasm_code | wasm | bd/a18fd85d4a4eb893022d6bfad846b1/executable
            unified | wasm_debug | wasm | bd/a18fd85d4a4eb893022d6bfad846b1/debuginfo
            unified | breakpad | pe | 32/49d99d0c4049318610f4e4fb0b69361a/breakpad
            unified | breakpad | elf | df/b85de42daffd09640c8fe377d572de3e168920/breakpad
            unified | sourcebundle | elf | df/b85de42daffd09640c8fe377d572de3e168920/sourcebundle
            unified | sourcebundle | macho | 67/e9247c814e392ba027dbde6748fcbf/sourcebundle
            unified | sourcebundle | pe | 32/49d99d0c4049318610f4e4fb0b69361a/sourcebundle
            unified | proguard | jvm | 24/6fb328fc4e406a87fffc35f6149d8f/proguard
            unified | proguard | map_id | 9a/7c1f2/proguard
            unified | sourcebundle | jvm | 24/6fb328fc4e406a87fffc35f6149d8f/sourcebundle
            unified | uuidmap | macho | 67/e9247c814e392ba027dbde6748fcbf/uuidmap
            unified | bcsymbolmap | macho | 67/e9247c814e392ba027dbde6748fcbf/bcsymbolmap
            unified | il2cpp | elf | df/b85de42daffd09640c8fe377d572de3e168920/il2cpp
            slashsymbols | elf_code | elf | libM-2.23.so/DFB85DE42DAFFD09640C8FE377D572DE3E168920/symbols libM-2.23.so/dfb85de42daffd09640c8fe377d572de3e168920/symbols
            slashsymbols | breakpad | elf | libM-2.23.so/DFB85DE42DAFFD09640C8FE377D572DE3E168920/symbols libM-2.23.so/dfb85de42daffd09640c8fe377d572de3e168920/symbols
            """)
    void paths_eachCell_areAsTheTableSays(String kind, String type, String sample, String expected) {
        Kind layout = Kind.of(kind);
        FileType file = FileType.of(type);
        assertThat(layout).isNotNull();
        assertThat(file).isNotNull();
        assertThat(paths(layout, file, sample(sample))).containsExactly(expected.split(" "));
    }

    /** The cells of the table that are empty. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void paths_emptyCells_areEmpty(Kind kind) {
        Set<FileType> empty = switch (kind) {
            case NATIVE ->
                EnumSet.of(
                        FileType.UUIDMAP,
                        FileType.BCSYMBOLMAP,
                        FileType.IL2CPP,
                        FileType.PROGUARD,
                        FileType.DARTSYMBOLMAP);
            case SYMSTORE, SYMSTORE_INDEX2, SSQP ->
                EnumSet.of(
                        FileType.WASM_CODE,
                        FileType.WASM_DEBUG,
                        FileType.BREAKPAD,
                        FileType.SOURCEBUNDLE,
                        FileType.UUIDMAP,
                        FileType.BCSYMBOLMAP,
                        FileType.IL2CPP,
                        FileType.PROGUARD,
                        FileType.DARTSYMBOLMAP);
            case DEBUGINFOD -> EnumSet.complementOf(EnumSet.of(FileType.ELF_CODE, FileType.ELF_DEBUG));
            case UNIFIED -> EnumSet.of(FileType.PROGUARD);
            case SLASHSYMBOLS -> EnumSet.noneOf(FileType.class);
        };
        for (FileType type : FileType.values()) {
            assertThat(paths(kind, type, Samples.ELF).isEmpty())
                    .as("%s %s", kind, type)
                    .isEqualTo(empty.contains(type));
        }
    }

    @Test
    void paths_wasm_hasNoBreakpadFilesNorBundlesBesideThem() {
        assertThat(paths(Kind.NATIVE, FileType.BREAKPAD, Samples.WASM)).isEmpty();
    }

    @Test
    void paths_unknownModule_hasNoUnifiedPlaceForFilesOfSeveralPlatforms() {
        for (FileType type :
                List.of(FileType.BREAKPAD, FileType.SOURCEBUNDLE, FileType.IL2CPP, FileType.DARTSYMBOLMAP)) {
            assertThat(paths(Kind.UNIFIED, type, ANY)).isEmpty();
        }
    }

    @Test
    void paths_elfWithoutCodeId_areNone() {
        ObjectId id = Samples.id(ObjectType.ELF, null, "/a/b", "e45db8df-af2d-09fd-640c-8fe377d572de", "/a/b");
        for (Kind kind : Kind.values()) {
            assertThat(paths(kind, FileType.ELF_DEBUG, id)).isEmpty();
            assertThat(paths(kind, FileType.ELF_CODE, id)).isEmpty();
        }
    }

    @Test
    void paths_machoWhoseCodeIdIsNoUuid_takesTheDebugId() {
        ObjectId id = Samples.id(ObjectType.MACHO, "abcd", null, "67e9247c-814e-392b-a027-dbde6748fcbf", null);
        assertThat(paths(Kind.NATIVE, FileType.MACH_DEBUG, id))
                .containsExactly("67E9/247C/814E/392B/A027/DBDE6748FCBF");
        assertThat(paths(Kind.UNIFIED, FileType.MACH_DEBUG, id)).containsExactly("ab/cd/debuginfo");
    }

    @Test
    void paths_casing_coversTheWholePathButLeavesOtherLettersAlone() {
        ObjectId id = Samples.named("C:\\\u00dcmlaut\u0130.Exe", null);
        Layout lower = new Layout(Kind.NATIVE, Casing.LOWERCASE);
        Layout upper = new Layout(Kind.SYMSTORE_INDEX2, Casing.UPPERCASE);
        assertThat(Layouts.paths(lower, FileType.PE, id))
                .containsExactly(
                        "\u00dcmlaut\u0130.exe/5ab380779000/\u00dcmlaut\u0130.exe",
                        "\u00dcmlaut\u0130.exe/5ab380779000/\u00dcmlaut\u0130.ex_");
        assertThat(Layouts.paths(upper, FileType.SOURCEBUNDLE, Samples.PE))
                .containsExactly("CR/CRASH.PDB/3249D99D0C4049318610F4E4FB0B69361A/CRASH.SRC.ZIP");
    }

    @Test
    void paths_nameEndingOutsideTheFirstPlane_loseOneCharacterAndNotHalfOfOne() {
        ObjectId id = Samples.named(null, "a\uD83D\uDE00");
        assertThat(paths(Kind.NATIVE, FileType.PDB, id))
                .allMatch(path -> path.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE));
    }

    @ParameterizedTest
    @CsvSource({"a/b, a", "ab, ab", "a.pdb, a", "\uD83D\uDE00x.pdb, \uD83D\uDE00x"})
    void index2_prefix_isTwoCharactersOrTheOneBeforeADotOrSlash(String name, String prefix) {
        ObjectId id = Samples.named(null, name.replace("a/b", "a"));
        assertThat(paths(Kind.SYMSTORE_INDEX2, FileType.PDB, id)).allMatch(path -> path.startsWith(prefix + "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "'C:\\dir\\a.pdb', a.pdb",
        "/dir/a.pdb, a.pdb",
        "'/dir\\a.pdb', a.pdb",
        "a.pdb, a.pdb",
        "'a b+c.pdb', 'a b+c.pdb'"
    })
    void names_ofAnySystem_loseTheirFolders(String path, String name) {
        assertThat(Samples.named(path, path).debugName()).isEqualTo(name);
        assertThat(Samples.named(path, path).codeName()).isEqualTo(name);
    }

    @Test
    void names_thatCannotNameAFile_areNone() {
        String longest = "x".repeat(255);
        assertThat(Samples.named(null, longest).debugName()).isEqualTo(longest);
        for (String bad : List.of(
                "",
                "/",
                "a/",
                "..",
                "/a/..",
                ".",
                "a\u0000b",
                "a\nb",
                "a\u007f",
                "a\u0085",
                "x".repeat(256),
                "\u00e4".repeat(128),
                "a\uD800",
                "y".repeat(1 << 20))) {
            assertThat(Samples.named(bad, bad).debugName()).as(bad).isNull();
            for (Kind kind : Kind.values()) {
                assertThat(paths(kind, FileType.PE, Samples.named(bad, bad)))
                        .as("%s %s", kind, bad)
                        .allMatch(path -> kind == Kind.UNIFIED);
            }
        }
    }

    @Test
    void paths_ofHostileModules_neverLeaveTheStore() {
        for (@Nullable String name : new String[] {"..\\..\\etc\\passwd", "/../..", "C:..", "....", "~", "con", null}) {
            for (Kind kind : Kind.values()) {
                for (FileType type : FileType.values()) {
                    for (String path : paths(kind, type, Samples.named(name, name))) {
                        assertThat(path).doesNotStartWith("/").doesNotContain("\\", "//");
                        assertThat(path.split("/", -1)).doesNotContain("..", "");
                    }
                }
            }
        }
    }
}
