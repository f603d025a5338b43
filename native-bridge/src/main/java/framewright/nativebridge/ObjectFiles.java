package framewright.nativebridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a file is and what it offers, told from its bytes. */
public final class ObjectFiles {
    private ObjectFiles() {}

    /**
     * One object within a file; a fat archive has several.
     *
     * @param offset where it starts in the file, in bytes
     * @param size its length in bytes
     * @param debugId dashed lower-case form, null where the file has none
     * @param codeId lower-case hex, null where the file has none
     * @param arch as the peer names it
     * @param objectKind {@code exe}, {@code lib}, {@code dbg}, {@code rel}, {@code dump}, {@code src}, {@code other} or
     *     {@code none}
     * @param fileFormat {@code elf}, {@code macho}, {@code pe}, {@code pdb}, {@code portablepdb}, ...
     * @param stripped neither debug information nor symbols are left
     * @param split the debug information only refers to {@code .dwo} files
     * @param srcsrvVcs {@code perforce}, {@code git} or {@code other} where a PDB has a source server stream
     */
    public record ObjectInfo(
            int index,
            long offset,
            long size,
            @Nullable String debugId,
            @Nullable String codeId,
            String arch,
            String objectKind,
            String fileFormat,
            boolean hasDebugInfo,
            boolean hasSymbols,
            boolean hasUnwindInfo,
            boolean hasSources,
            boolean stripped,
            boolean split,
            @Nullable String srcsrvVcs) {}

    /**
     * @param kind kind of the whole file; {@code bcsymbolmap}, {@code uuidmap} and {@code il2cpp} hold no objects
     * @param multi whether it is an archive of several objects
     * @param match the object that was wanted, -1 where the archive has no such object
     * @param uuidMapTarget for {@code uuidmap}: the id under which the symbol map is stored
     */
    public record FileInfo(
            String kind,
            boolean multi,
            List<ObjectInfo> objects,
            int match,
            @Nullable String uuidMapTarget) {}

    /** Reads headers only; run it on {@link NativePool} all the same, since a damaged file may make it look further. */
    public static NativeResult<FileInfo> inspect(
            Path file, @Nullable String wantedDebugId, @Nullable String wantedCodeId) {
        ObjectNode wanted = Reply.JSON.createObjectNode();
        wanted.put("debug_id", wantedDebugId);
        wanted.put("code_id", wantedCodeId);
        byte[] path = Signatures.utf8(file.toString());
        byte[] wantedJson = Signatures.utf8(wanted.toString());
        long[] out = new long[3];
        Signatures.fw_inspect(path, path.length, wantedJson, wantedJson.length, out);
        return Reply.json(out, ObjectFiles::read);
    }

    /** Bytes of a file. */
    public record Section(long offset, long bytes) {}

    /**
     * Where a section of an ELF file lies in it, as it is there, be it compressed or not; empty where the file has no
     * bytes of it.
     */
    public static NativeResult<Optional<Section>> section(Path elf, String name) {
        byte[] path = Signatures.utf8(elf.toString());
        byte[] text = Signatures.utf8(name);
        long[] out = new long[3];
        Signatures.fw_elf_section(path, path.length, text, text.length, out);
        return Reply.json(
                out,
                node -> node.path("offset").isNumber()
                        ? Optional.of(new Section(
                                node.path("offset").asLong(), node.path("bytes").asLong()))
                        : Optional.empty());
    }

    /**
     * Writes the portable PDB inside a PE file to {@code to}; the value is its size in bytes. Fails as
     * {@link NativeStatus#NOT_FOUND} where it has none.
     *
     * @param maxBytes fails as {@link NativeStatus#LIMIT} where it is larger
     */
    public static NativeResult<Long> extractPortablePdb(Path pe, Path to, long maxBytes) {
        byte[] path = Signatures.utf8(pe.toString());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_embedded_ppdb(path, path.length, dest, dest.length, maxBytes, out);
        return Reply.json(out, node -> node.path("bytes").asLong());
    }

    private static FileInfo read(JsonNode node) {
        List<ObjectInfo> objects = new ArrayList<>();
        node.path("objects").forEach(object -> objects.add(readObject(object)));
        return new FileInfo(
                node.path("kind").asText("unknown"),
                node.path("multi").asBoolean(),
                List.copyOf(objects),
                node.path("match").asInt(-1),
                node.path("uuidmap_target").asText(null));
    }

    private static ObjectInfo readObject(JsonNode object) {
        return new ObjectInfo(
                object.path("index").asInt(),
                object.path("offset").asLong(),
                object.path("size").asLong(),
                object.path("debug_id").asText(null),
                object.path("code_id").asText(null),
                object.path("arch").asText("unknown"),
                object.path("object_kind").asText("none"),
                object.path("file_format").asText("unknown"),
                object.path("has_debug_info").asBoolean(),
                object.path("has_symbols").asBoolean(),
                object.path("has_unwind_info").asBoolean(),
                object.path("has_sources").asBoolean(),
                object.path("stripped").asBoolean(),
                object.path("split").asBoolean(),
                object.path("srcsrv_vcs").asText(null));
    }
}
