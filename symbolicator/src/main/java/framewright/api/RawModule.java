package framewright.api;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A loaded image as a request describes it. Ids that cannot be read are null.
 *
 * @param lookupDebugFile what sources are asked for in place of {@code debugFile}; null: for that
 * @param imageAddr where it is loaded, unsigned; 0: it has no address of its own (WebAssembly, .NET)
 * @param imageSize in bytes, unsigned; null or 0: up to the next image
 */
public record RawModule(
        ObjectType type,
        @Nullable CodeId codeId,
        @Nullable String codeFile,
        @Nullable DebugId debugId,
        @Nullable String debugFile,
        @Nullable String lookupDebugFile,
        @Nullable String debugChecksum,
        long imageAddr,
        @Nullable Long imageSize) {

    /** One that is asked for by its own names. */
    public RawModule(
            ObjectType type,
            @Nullable CodeId codeId,
            @Nullable String codeFile,
            @Nullable DebugId debugId,
            @Nullable String debugFile,
            @Nullable String debugChecksum,
            long imageAddr,
            @Nullable Long imageSize) {
        this(type, codeId, codeFile, debugId, debugFile, null, debugChecksum, imageAddr, imageSize);
    }

    /** Reads a module as requests have it. */
    public static RawModule read(JsonIn in) throws IOException {
        return ModuleReader.read(in);
    }

    /** The same, asked for by another name of its debug file; null: by its own. */
    public RawModule withLookupDebugFile(@Nullable String name) {
        return new RawModule(type, codeId, codeFile, debugId, debugFile, name, debugChecksum, imageAddr, imageSize);
    }

    /** What sources are asked for. */
    public ObjectId objectId() {
        String asked = lookupDebugFile == null ? debugFile : lookupDebugFile;
        return new ObjectId(type, codeId, codeFile, debugId, asked, debugChecksum);
    }
}
