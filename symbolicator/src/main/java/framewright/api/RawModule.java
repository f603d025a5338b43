package framewright.api;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import org.jspecify.annotations.Nullable;

/**
 * A loaded image as a request describes it. Ids that cannot be read are null.
 *
 * @param imageAddr where it is loaded, unsigned; 0: it has no address of its own (WebAssembly, .NET)
 * @param imageSize in bytes, unsigned; null or 0: up to the next image
 */
public record RawModule(
        ObjectType type,
        @Nullable CodeId codeId,
        @Nullable String codeFile,
        @Nullable DebugId debugId,
        @Nullable String debugFile,
        @Nullable String debugChecksum,
        long imageAddr,
        @Nullable Long imageSize) {

    /** What sources are asked for. */
    public ObjectId objectId() {
        return new ObjectId(type, codeId, codeFile, debugId, debugFile, debugChecksum);
    }
}
