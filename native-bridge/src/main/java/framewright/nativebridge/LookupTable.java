package framewright.nativebridge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A lookup table of ours: a whole debug file converted once, then mapped and searched. */
public final class LookupTable implements AddressTable {
    private final NativeHandle handle;
    private final String arch;
    private final long bytes;

    private LookupTable(NativeHandle handle, String arch, long bytes) {
        this.handle = handle;
        this.arch = arch;
        this.bytes = bytes;
    }

    /**
     * What changes the table besides the object itself.
     *
     * @param bcSymbolMap file that restores names hidden by Apple's bitcode builds
     * @param il2cppMap file that maps generated C++ lines to C# lines
     * @param variables whether names and types of variables are kept
     */
    public record Options(
            @Nullable Path bcSymbolMap, @Nullable Path il2cppMap, boolean variables) {
        public static final Options NONE = new Options(null, null, false);

        byte[] json() {
            ObjectNode node = Reply.JSON.createObjectNode();
            if (bcSymbolMap != null) {
                node.put("bcsymbolmap", bcSymbolMap.toString());
            }
            if (il2cppMap != null) {
                node.put("il2cpp", il2cppMap.toString());
            }
            if (variables) {
                node.put("variables", true);
            }
            return Signatures.utf8(node.toString());
        }
    }

    /**
     * @param bytes size of the table
     * @param functions how many functions it names
     * @param ranges how many address ranges it tells apart
     */
    public record Built(long bytes, long functions, long ranges) {}

    /** Converts a debug file; takes as long as it takes, so run it on {@link NativePool}. */
    public static NativeResult<Built> build(Path object, Options options, Path to, long maxBytes) {
        byte[] in = Signatures.utf8(object.toString());
        byte[] opts = options.json();
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_table_build(in, in.length, opts, opts.length, dest, dest.length, maxBytes, out);
        return Reply.json(
                out,
                node -> new Built(
                        node.path("bytes").asLong(),
                        node.path("functions").asLong(),
                        node.path("ranges").asLong()));
    }

    /** Maps a finished table. */
    public static NativeResult<LookupTable> open(Path table) {
        byte[] path = Signatures.utf8(table.toString());
        long[] out = new long[3];
        Signatures.fw_table_open(path, path.length, out);
        return Reply.json(
                out,
                node -> new LookupTable(
                        new NativeHandle(node.path("handle").asLong()),
                        node.path("arch").asText("unknown"),
                        node.path("bytes").asLong()));
    }

    @Override
    public String arch() {
        return arch;
    }

    /** Size of the mapped file. */
    public long bytes() {
        return bytes;
    }

    @Override
    public NativeResult<FrameTable> lookup(long[] addresses) {
        long[] out = new long[3];
        return handle.with(id -> {
            Signatures.fw_table_lookup(id, addresses, addresses.length, out);
            return Reply.bytes(out).map(FrameTable::new);
        });
    }

    @Override
    public void close() {
        handle.close();
    }
}
