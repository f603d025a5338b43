package framewright.nativebridge;

import framewright.nativebridge.Remapping.Answer;
import framewright.nativebridge.Remapping.Question;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.List;

/** A ProGuard or R8 mapping, converted once into a table that is mapped and searched. */
public final class ProguardTable implements AutoCloseable {
    /** As much text as one call takes; {@code rust/ffi/src/input.rs}. */
    private static final int MAX_PART_BYTES = 64 << 20;

    private final NativeHandle handle;
    private final Facts facts;

    /**
     * @param classes how many it names
     * @param methods how many lines it has on methods
     * @param hasLines whether some method has line numbers
     * @param hasSourceFiles whether some class has a source file
     * @param mapId what R8 calls it ({@code pg_map_id}); empty where it has no name
     */
    public record Facts(long classes, long methods, boolean hasLines, boolean hasSourceFiles, String mapId) {}

    private ProguardTable(NativeHandle handle, Facts facts) {
        this.handle = handle;
        this.facts = facts;
    }

    /** Converts a mapping; run it on {@link NativePool}. The value is the size of the table in bytes. */
    public static NativeResult<Long> build(Path mapping, Path to, long maxBytes) {
        byte[] in = Signatures.utf8(mapping.toString());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_proguard_build(in, in.length, dest, dest.length, maxBytes, out);
        return Reply.json(out, node -> node.path("bytes").asLong());
    }

    /** Maps a finished table. */
    public static NativeResult<ProguardTable> open(Path table) {
        byte[] path = Signatures.utf8(table.toString());
        long[] out = new long[3];
        Signatures.fw_proguard_open(path, path.length, out);
        return Reply.json(
                out,
                node -> new ProguardTable(
                        new NativeHandle(node.path("handle").asLong()),
                        new Facts(
                                node.path("classes").asLong(),
                                node.path("methods").asLong(),
                                node.path("has_lines").asBoolean(),
                                node.path("has_source_files").asBoolean(),
                                node.path("map_id").asText(""))));
    }

    public Facts facts() {
        return facts;
    }

    /**
     * Asks several mappings, of which the first that knows a thing counts. Real stacks take microseconds, hostile
     * mappings make it seconds: run it on {@link NativePool}.
     */
    public static NativeResult<Answer> remap(List<ProguardTable> tables, Question question) {
        long[] handles = new long[tables.size()];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = tables.get(i).handle.with(id -> id);
        }
        try (NativeRoom room = new NativeRoom()) {
            return RemappingParts.ask(question, (part, spent) -> {
                int bytes = RemappingWire.write(part, spent, room, MAX_PART_BYTES);
                if (bytes < 0) {
                    return new NativeResult.Failed<>(new NativeFailure(
                            NativeStatus.LIMIT, "input_limit", "a stack trace is too long", null, -1, null));
                }
                long[] out = new long[4];
                Signatures.fw_proguard_remap(handles, handles.length, room.address(), bytes, out);
                return Reply.inPlace(out, RemappingWire::read);
            });
        } finally {
            Reference.reachabilityFence(tables);
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
