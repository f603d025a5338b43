package framewright.debugfiles;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Modules of each platform, with all ids and names. */
final class Samples {
    static final ObjectId PE = id(
            ObjectType.PE,
            "5ab380779000",
            "C:\\projects\\Release\\Crash.exe",
            "3249d99d-0c40-4931-8610-f4e4fb0b6936-1a",
            "C:\\projects\\Release\\Crash.pdb");
    static final ObjectId DOTNET = id(
            ObjectType.PE_DOTNET,
            null,
            null,
            "b6919861-510c-4887-9994-943f64f70c37-870b9ef9",
            "/src/Portable.Embedded.pdb");
    static final ObjectId MACHO = id(
            ObjectType.MACHO,
            "67e9247c814e392ba027dbde6748fcbf",
            "/Users/travis/build/./Crash",
            "67e9247c-814e-392b-a027-dbde6748fcbf",
            "/Users/travis/Crash");
    static final ObjectId ELF = id(
            ObjectType.ELF,
            "dfb85de42daffd09640c8fe377d572de3e168920",
            "/lib/x86_64-linux-gnu/libM-2.23.so",
            "e45db8df-af2d-09fd-640c-8fe377d572de",
            "/lib/x86_64-linux-gnu/libM-2.23.so");
    static final ObjectId WASM = id(
            ObjectType.WASM,
            "bda18fd85d4a4eb893022d6bfad846b1",
            null,
            "bda18fd8-5d4a-4eb8-9302-2d6bfad846b1",
            "file://foo.invalid/demo.wasm");

    static final ObjectId JVM = id(ObjectType.JVM, null, null, "246fb328-fc4e-406a-87ff-fc35f6149d8f", null);
    /** Known by what R8 calls its mapping alone. */
    static final ObjectId JVM_BY_MAP_ID = id(ObjectType.JVM, "9a7c1f2", null, null, null);

    private Samples() {}

    static ObjectId id(
            ObjectType type,
            @Nullable String code,
            @Nullable String codeFile,
            @Nullable String debug,
            @Nullable String debugFile) {
        return new ObjectId(
                type,
                code == null ? null : Objects.requireNonNull(CodeId.parse(code)),
                codeFile,
                debug == null ? null : Objects.requireNonNull(DebugId.parse(debug)),
                debugFile,
                null);
    }

    static ObjectId named(@Nullable String codeFile, @Nullable String debugFile) {
        return new ObjectId(ObjectType.PE, CodeId.parse("5ab380779000"), codeFile, PE.debugId(), debugFile, null);
    }
}
