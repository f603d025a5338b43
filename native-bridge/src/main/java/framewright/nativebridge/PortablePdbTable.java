package framewright.nativebridge;

import java.nio.file.Path;

/** A portable PDB converted for lookups of .NET frames by method token and IL offset. */
public final class PortablePdbTable implements AutoCloseable {
    private final NativeHandle handle;

    private PortablePdbTable(NativeHandle handle) {
        this.handle = handle;
    }

    /** Converts a portable PDB; run it on {@link NativePool}. The value is the size of the table in bytes. */
    public static NativeResult<Long> build(Path pdb, Path to, long maxBytes) {
        byte[] in = Signatures.utf8(pdb.toString());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_ppdb_build(in, in.length, dest, dest.length, maxBytes, out);
        return Reply.json(out, node -> node.path("bytes").asLong());
    }

    /** Maps a finished table. */
    public static NativeResult<PortablePdbTable> open(Path table) {
        byte[] path = Signatures.utf8(table.toString());
        long[] out = new long[3];
        Signatures.fw_ppdb_open(path, path.length, out);
        return Reply.json(
                out,
                node -> new PortablePdbTable(
                        new NativeHandle(node.path("handle").asLong())));
    }

    /** @param pairs method token row and IL offset, one after the other */
    public NativeResult<FrameTable> lookup(long[] pairs) {
        long[] out = new long[3];
        return handle.with(id -> {
            Signatures.fw_ppdb_lookup(id, pairs, pairs.length / 2, out);
            return Reply.bytes(out).map(FrameTable::new);
        });
    }

    @Override
    public void close() {
        handle.close();
    }
}
