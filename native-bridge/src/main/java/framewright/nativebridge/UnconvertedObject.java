package framewright.nativebridge;

import java.nio.file.Path;

/**
 * A debug file that is asked before it is converted: only the compilation units that the addresses fall in are read.
 * Milliseconds to a second a call, so run {@link #open} and {@link #lookup} on {@link NativePool}.
 */
public final class UnconvertedObject implements AddressTable {
    /** Both cores of a small machine; more gains little, since few units are read. */
    private static final int THREADS = 2;

    private final NativeHandle handle;
    private final String arch;

    private UnconvertedObject(NativeHandle handle, String arch) {
        this.handle = handle;
        this.arch = arch;
    }

    /** Fails as {@link NativeStatus#UNSUPPORTED} for formats that have no such way; convert those. */
    public static NativeResult<UnconvertedObject> open(Path object, LookupTable.Options options) {
        byte[] path = Signatures.utf8(object.toString());
        byte[] opts = options.json();
        long[] out = new long[3];
        Signatures.fw_lazy_open(path, path.length, opts, opts.length, out);
        return Reply.json(
                out,
                node -> new UnconvertedObject(
                        new NativeHandle(node.path("handle").asLong()),
                        node.path("arch").asText("unknown")));
    }

    @Override
    public String arch() {
        return arch;
    }

    @Override
    public NativeResult<FrameTable> lookup(long[] addresses) {
        long[] out = new long[3];
        return handle.with(id -> {
            Signatures.fw_lazy_lookup(id, addresses, addresses.length, THREADS, out);
            return Reply.bytes(out).map(FrameTable::new);
        });
    }

    @Override
    public void close() {
        handle.close();
    }
}
