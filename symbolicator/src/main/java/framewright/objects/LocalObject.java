package framewright.objects;

import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unsupported;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ObjectFiles;
import framewright.nativebridge.ObjectFiles.FileInfo;
import framewright.nativebridge.ObjectFiles.ObjectInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A debug file or program that somebody names, as a module of a request would describe it.
 *
 * @param type what a store keeps it as
 */
public record LocalObject(FileType type, ObjectId id) {
    /** For a file that says nothing of itself. */
    private static final CodeId NONE = new CodeId("00000000");

    /**
     * Tells what the file is. One without any id gets one, so that it can be kept and found.
     *
     * @throws IOException the file is there and cannot be read
     */
    public static Outcome<LocalObject> look(Path file, NativePool pool) throws IOException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            return Outcome.failed(new Missing());
        }
        return switch (pool.call(() -> ObjectFiles.inspect(file, null, null))) {
            case NativeResult.Failed<FileInfo>(NativeFailure failure) -> Outcome.failed(NativeFailures.of(failure));
            case NativeResult.Ok<FileInfo>(FileInfo info) -> of(file, info);
        };
    }

    private static Outcome<LocalObject> of(Path file, FileInfo info) {
        if (info.objects().isEmpty()) {
            return Outcome.failed(new Malformed("it is no object file but " + info.kind()));
        }
        if (info.objects().size() > 1) {
            String archs = info.objects().stream().map(ObjectInfo::arch).collect(Collectors.joining(", "));
            return Outcome.failed(new Unsupported("it holds several architectures (" + archs + "); extract one"));
        }
        ObjectInfo object = info.objects().getFirst();
        FileType type = type(object.fileFormat());
        return type == null
                ? Outcome.failed(new Unsupported("a " + object.fileFormat() + " file resolves no addresses"))
                : Outcome.found(new LocalObject(type, id(file, type, object)));
    }

    private static @Nullable FileType type(String format) {
        return switch (format) {
            case "elf" -> FileType.ELF_DEBUG;
            case "macho" -> FileType.MACH_DEBUG;
            case "wasm" -> FileType.WASM_DEBUG;
            case "pe" -> FileType.PE;
            case "pdb" -> FileType.PDB;
            case "breakpad" -> FileType.BREAKPAD;
            default -> null;
        };
    }

    private static ObjectId id(Path file, FileType type, ObjectInfo object) {
        DebugId debugId = object.debugId() == null ? null : DebugId.parse(object.debugId());
        CodeId codeId = object.codeId() == null ? null : CodeId.parse(object.codeId());
        CodeId own = debugId == null ? NONE : new CodeId(debugId.simple());
        return new ObjectId(
                switch (type) {
                    case MACH_DEBUG -> ObjectType.MACHO;
                    case PE, PDB -> ObjectType.PE;
                    case WASM_DEBUG -> ObjectType.WASM;
                    default -> ObjectType.ELF;
                },
                codeId == null ? own : codeId,
                file.toString(),
                debugId,
                file.toString(),
                null);
    }
}
