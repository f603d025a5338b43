package framewright.debugfiles;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.debugfiles.Layout.Casing;
import framewright.debugfiles.Layout.Kind;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PathIdsTest {
    /** Without portable PDBs, whose paths do not have their id, or look like others'. */
    private static final List<ObjectId> SAMPLES =
            List.of(Samples.PE, Samples.MACHO, Samples.ELF, Samples.WASM, Samples.JVM, Samples.JVM_BY_MAP_ID);

    private static @Nullable ObjectId of(String kind, String path) {
        return PathIds.of(Objects.requireNonNull(Kind.of(kind)), path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unified | df/b85de42daffd09640c8fe377d572de3e168920/debuginfo | elf | dfb85de42daffd09640c8fe377d572de3e168920
            unified | DF/B85DE42DAFFD09640C8FE377D572DE3E168920/EXECUTABLE | elf | dfb85de42daffd09640c8fe377d572de3e168920
            unified | 67/e9247c814e392ba027dbde6748fcbf/debuginfo | unknown | 67e9247c814e392ba027dbde6748fcbf
            unified | 32/49d99d0c4049318610f4e4fb0b69361a/debuginf_ | pe | 3249d99d-0c40-4931-8610-f4e4fb0b6936-1a
            unified | 32/49d99d0c4049318610f4e4fb0b69361a/breakpad | pe | 3249d99d-0c40-4931-8610-f4e4fb0b6936-1a
            unified | 24/6fb328fc4e406a87fffc35f6149d8f/proguard | jvm | 246fb328-fc4e-406a-87ff-fc35f6149d8f
            debuginfod | dfb85de42daffd09640c8fe377d572de3e168920/executable | elf | dfb85de42daffd09640c8fe377d572de3e168920
            native | df/b85de42daffd09640c8fe377d572de3e168920.debug | elf | dfb85de42daffd09640c8fe377d572de3e168920
            native | 67E9/247C/814E/392B/A027/DBDE6748FCBF | macho | 67e9247c-814e-392b-a027-dbde6748fcbf
            native | 67E9/247C/814E/392B/A027/DBDE6748FCBF.app | macho | 67e9247c-814e-392b-a027-dbde6748fcbf
            native | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.sym | unknown | 3249d99d-0c40-4931-8610-f4e4fb0b6936-1a
            native | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pd_ | pe | 3249d99d-0c40-4931-8610-f4e4fb0b6936-1a
            symstore | Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/crash.pdb | pe | 3249d99d-0c40-4931-8610-f4e4fb0b6936-1a
            symstore | _.dwarf/mach-uuid-sym-67e9247c814e392ba027dbde6748fcbf/_.dwarf | macho | 67e9247c814e392ba027dbde6748fcbf
            symstore_index2 | Cr/Crash.pdb/3249D99D0C4049318610F4E4FB0B69361a/Crash.pdb | pe | 3249d99d-0c40-4931-8610-f4e4fb0b6936-1a
            ssqp | _.debug/elf-buildid-sym-dfb85de42daffd09640c8fe377d572de3e168920/_.debug | elf | dfb85de42daffd09640c8fe377d572de3e168920
            slashsymbols | libM.so/DFB85DE42DAFFD09640C8FE377D572DE3E168920/symbols | unknown | dfb85de42daffd09640c8fe377d572de3e168920
            """)
    void path_tellsTheModule(String kind, String path, String type, String id) {
        ObjectId told = Objects.requireNonNull(of(kind, path));
        assertThat(told.type().name()).isEqualToIgnoringCase(type);
        assertThat(String.valueOf(told.debugId() == null ? told.codeId() : told.debugId()))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unified | df/b85de42daffd09640c8fe377d572de3e168920/sourcebundle
            unified | df/b85de42daffd09640c8fe377d572de3e168920
            unified | notes/today/debuginfo
            unified | 9a/7c1f2/proguard
            debuginfod | dfb85de42daffd09640c8fe377d572de3e168920/source
            debuginfod | readme/debuginfo
            native | df/readme.txt
            native | a/b/c/d/e/f
            native | 67E/9247C/814E/392B/A027/DBDE6748FCBF
            native | df/b85de42daffd09640c8fe377d572de3e168920.src.zip
            symstore | Crash.exe/5AB380779000/Crash.exe
            symstore | 000Admin/server.txt
            symstore | App.pdb/B6919861510C48879994943F64F70C37ffffffff/App.pdb
            symstore_index2 | pingme.txt
            slashsymbols | libM.so/none/symbols
            """)
    void otherPaths_tellNothing(String kind, String path) {
        assertThat(of(kind, path)).isNull();
    }

    /** Whoever asks for what a path tells comes to that path. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatAPathTells_leadsBackToIt(Kind kind) {
        int told = 0;
        for (Casing casing : Casing.values()) {
            Layout layout = new Layout(kind, casing);
            for (FileType type : FileType.values()) {
                for (ObjectId sample : SAMPLES) {
                    for (String path : Layouts.paths(layout, type, sample)) {
                        ObjectId id = PathIds.of(kind, path);
                        if (id != null) {
                            told++;
                            ObjectType asked = id.type() == ObjectType.UNKNOWN ? sample.type() : id.type();
                            assertThat(Layouts.paths(layout, type, typed(id, asked)))
                                    .as(type + " of " + sample)
                                    .contains(path);
                        }
                    }
                }
            }
        }
        assertThat(told).isPositive();
    }

    private static ObjectId typed(ObjectId id, ObjectType type) {
        return new ObjectId(type, id.codeId(), id.codeFile(), id.debugId(), id.debugFile(), null);
    }

    @Property
    void anyPath_isTakenWithoutComplaint(
            @ForAll Kind kind, @ForAll @AlphaChars @NumericChars @Chars({'/', '.', '_', '-'}) String path) {
        ObjectId id = PathIds.of(kind, path);
        assertThat(id == null || id.codeId() != null || id.debugId() != null).isTrue();
    }
}
